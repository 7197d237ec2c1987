import { exhaustMap, filter, firstValueFrom, timeout, timer } from 'rxjs'

/** Waits until a condition holds, which is checked repeatedly. Rejects after `most` ms. */
export const until = (holds: () => boolean | Promise<boolean>, most = 60_000): Promise<unknown> =>
  firstValueFrom(
    timer(0, 5).pipe(
      exhaustMap(async () => holds()),
      filter(Boolean),
      timeout({ first: most }),
    ),
  )
