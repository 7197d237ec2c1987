import { exhaustMap, filter, firstValueFrom, timeout, timer } from 'rxjs'

/** Waits until something holds, which is checked again and again. Gives up after 60 s. */
export const until = (holds: () => boolean | Promise<boolean>): Promise<unknown> =>
  firstValueFrom(
    timer(0, 5).pipe(
      exhaustMap(async () => holds()),
      filter(Boolean),
      timeout({ first: 60_000 }),
    ),
  )
