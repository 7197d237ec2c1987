// The parts of packages that samples of the documentation use. The packages are not installed because
// they are large.

declare module '@nestjs/common' {
  export interface OnModuleDestroy {
    onModuleDestroy(): unknown
  }
  export const Controller: (path: string) => ClassDecorator
  export const Injectable: () => ClassDecorator
  export const Module: (parts: {
    readonly providers?: readonly unknown[]
    readonly controllers?: readonly unknown[]
    readonly exports?: readonly unknown[]
  }) => ClassDecorator
  export const Param: (name: string) => ParameterDecorator
  export const Sse: (path: string) => MethodDecorator
}

declare module 'pinia' {
  export const defineStore: <Store extends object>(id: string, setup: () => Store) => () => Store
}

declare module 'pino' {
  type Log = (fields: object, message: string) => void
  export const pino: (options: { readonly level: string }) => {
    readonly debug: Log
    readonly info: Log
    readonly warn: Log
  }
}

declare module 'react-native' {
  import type { FC, ReactNode } from 'react'
  export const Text: FC<{ readonly children: ReactNode }>
  export const AppState: {
    readonly currentState: string
    readonly addEventListener: (
      type: 'change',
      listener: (state: string) => void,
    ) => { readonly remove: () => void }
  }
}

declare module 'solid-js' {
  export type Accessor<T> = () => T
  export const createEffect: (effect: () => void) => void
  export const createSignal: <T>(
    value: T,
  ) => readonly [Accessor<T>, (set: (previous: T) => T) => void]
  export const onCleanup: (cleanUp: () => void) => void
}
