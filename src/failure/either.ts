import type { Either, Left, Right } from 'fp-ts/Either'

// Copies of fp-ts's functions. fp-ts has no exports map, so Node cannot load `fp-ts/Either`, and Metro
// rejects an entry of an `imports` map that leads to another package.

export const left = <E>(left: E): Either<E, never> => ({ _tag: 'Left', left })

export const right = <A>(right: A): Either<never, A> => ({ _tag: 'Right', right })

export const isLeft = <E>(value: Either<E, unknown>): value is Left<E> => value._tag === 'Left'

export const isRight = <A>(value: Either<unknown, A>): value is Right<A> => value._tag === 'Right'
