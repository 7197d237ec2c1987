import type { Signal, Type } from '@angular/core'
import { BehaviorSubject, map, switchMap } from 'rxjs'
import { uploadView$, waitingView, type UploadStatusSource } from 'rx-upload-status'
import type { Adapter, Shown } from './adapter'
import { load, place } from './load'
import { accountOf } from './scriptedSource'

/** Angular with its JIT compiler and without zone.js. */
const angular = load(
  `import '@angular/compiler'
   export { ChangeDetectionStrategy, Component, enableProdMode, provideZonelessChangeDetection,
     signal, VERSION } from '@angular/core'
   export { toObservable, toSignal } from '@angular/core/rxjs-interop'
   export { AsyncPipe } from '@angular/common'
   export { bootstrapApplication } from '@angular/platform-browser'`,
) as typeof import('@angular/core') &
  typeof import('@angular/core/rxjs-interop') &
  typeof import('@angular/common') &
  typeof import('@angular/platform-browser')

const { AsyncPipe, bootstrapApplication, ChangeDetectionStrategy, Component } = angular
const { provideZonelessChangeDetection, signal, toSignal, VERSION } = angular

// In development mode Angular checks each view twice.
angular.enableProdMode()

interface Screen {
  readonly component: Type<object>
  readonly shown: readonly Shown[]
  readonly change: (upload: string) => void
}

const component = (template: string, made: Type<object>): Type<object> => {
  Component({
    selector: 'app-upload',
    imports: [AsyncPipe],
    changeDetection: ChangeDetectionStrategy.OnPush,
    template,
  })(made)
  return made
}

const angularRecipe = (
  name: string,
  screenOf: (source: UploadStatusSource, first: string) => Screen,
): Adapter => {
  let tick = (): void => undefined
  return {
    name: `Angular ${VERSION.full}, ${name}`,
    act: work => {
      work()
      tick()
      return Promise.resolve()
    },
    mount: async (source, first) => {
      const { component, shown, change } = screenOf(source, first)
      const host = document.createElement('app-upload')
      place().append(host)
      const app = await bootstrapApplication(component, {
        providers: [provideZonelessChangeDetection()],
      })
      tick = () => {
        app.tick()
      }
      tick()
      return {
        shown,
        change: upload => {
          change(upload)
          tick()
          return Promise.resolve()
        },
        unmount: () => {
          app.destroy()
          tick = () => undefined
          host.remove()
          return Promise.resolve()
        },
      }
    },
  }
}

export const signalRecipe = angularRecipe('toSignal', (source, first) => {
  const shown: Shown[] = []
  const upload = signal(first)
  return {
    shown,
    change: next => {
      upload.set(next)
    },
    component: component(
      '<p>{{ note(shown()) }}</p>',
      class {
        readonly shown: Signal<Shown> = toSignal(
          angular
            .toObservable(upload)
            .pipe(
              switchMap(each =>
                uploadView$(source, accountOf(each), each).pipe(map((view): Shown => [each, view])),
              ),
            ),
          { initialValue: [first, waitingView] },
        )
        note(each: Shown): string {
          shown.push(each)
          return each[1].phase
        }
      },
    ),
  }
})

export const pipeRecipe = angularRecipe('async pipe', (source, first) => {
  const shown: Shown[] = []
  const upload$ = new BehaviorSubject(first)
  return {
    shown,
    change: next => {
      upload$.next(next)
    },
    component: component(
      '@if (shown$ | async; as shown) {<p>{{ note(shown) }}</p>}',
      class {
        readonly shown$ = upload$.pipe(
          switchMap(each =>
            uploadView$(source, accountOf(each), each).pipe(map((view): Shown => [each, view])),
          ),
        )
        note(each: Shown): string {
          shown.push(each)
          return each[1].phase
        }
      },
    ),
  }
})
