import type { Either, Left, Right } from 'fp-ts/Either'

// fp-ts's own, but for the import: fp-ts has no exports map, so that `fp-ts/Either` cannot be loaded
// by Node, and Metro takes no entry of an `imports` map that leads to another package.

export const left = <E>(left: E): Either<E, never> => ({ _tag: 'Left', left })

export const right = <A>(right: A): Either<never, A> => ({ _tag: 'Right', right })

export const isLeft = <E>(value: Either<E, unknown>): value is Left<E> => value._tag === 'Left'

export const isRight = <A>(value: Either<unknown, A>): value is Right<A> => value._tag === 'Right'
