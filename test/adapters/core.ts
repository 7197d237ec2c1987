import { BehaviorSubject, map, switchMap } from 'rxjs'
import { uploadView$ } from 'rx-upload-status'
import type { Adapter, Shown } from './adapter'
import { accountOf } from './scriptedSource'

/** The core stream itself, without any framework. */
export const core: Adapter = {
  name: 'uploadView$',
  mount: (source, first) => {
    const upload$ = new BehaviorSubject(first)
    const shown: Shown[] = []
    const following = upload$
      .pipe(
        switchMap(upload =>
          uploadView$(source, accountOf(upload), upload).pipe(map((view): Shown => [upload, view])),
        ),
      )
      .subscribe(each => shown.push(each))
    return Promise.resolve({
      shown,
      change: upload => {
        upload$.next(upload)
        return Promise.resolve()
      },
      unmount: () => {
        following.unsubscribe()
        return Promise.resolve()
      },
    })
  },
  act: work => {
    work()
    return Promise.resolve()
  },
}
