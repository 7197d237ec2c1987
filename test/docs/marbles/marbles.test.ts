import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { left, right, type Either } from 'fp-ts/Either'
import {
  defer,
  lastValueFrom,
  map,
  materialize,
  switchMap,
  timer,
  toArray,
  type Observable,
} from 'rxjs'
import { TestScheduler, type RunHelpers } from 'rxjs/testing'
import {
  createUploadStatusClient,
  failures,
  failureToError,
  fetchStatus$,
  orThrow,
  outcome,
  rejected,
  repeatOnSchedule,
  retryTransient,
  spaced,
  statuses,
  throttled,
  unavailable,
  untilTerminal,
  uploadStatus$,
  uploadStatuses$,
  type Failure,
  type UploadRef,
  type UploadStatus,
  type WatchOptions,
} from 'rx-upload-status'
import { inVirtualTime } from 'rx-upload-status/testing'
import { completed, failed, pending, processing, pushing, ref } from '../../answers'
import { filesBelow, read } from '../samples'
import { forbiddenInPictures, unbalancedTags } from '../svg'
import { diagrams, drawDiagram } from './diagram'
import { draw } from './draw'
import type { Picture } from './picture'
import { pictures } from './table'

type Answer = Either<Failure, UploadStatus>

const denied = rejected(403)
const b = { account: 'acct_1', upload: 'ofapi_media_b' }
const values: Readonly<Record<string, Answer>> = {
  p: right(pending),
  w: right(processing),
  c: right(completed),
  f: right(failed),
  u: left(unavailable(503)),
  t: left(throttled(3_000)),
  x: left(denied),
  P: right({ ...pending, prefixed_id: b.upload }),
  C: right({ ...completed, prefixed_id: b.upload }),
}
const rights = { p: pending, w: processing, c: completed, f: failed }
const failuresOnly = { x: denied }
const switches = { y: true, n: false }

interface World extends RunHelpers {
  readonly scheduler: TestScheduler
  /** The inputs of the picture, by their labels, in their order. */
  readonly inputs: ReadonlyMap<string, Observable<Answer>>
  /** The `polls` of the picture, one for each subscription. */
  readonly polls$: Observable<Answer>
  readonly options: WatchOptions
}

/** Runs a picture in virtual time, and asserts its inputs and outputs. */
const assertPicture = (
  { inputs, outputs }: Picture,
  outputsOf: (world: World) => readonly Observable<unknown>[],
  valuesOf: readonly Readonly<Record<string, unknown>>[] = [values, values],
  error?: unknown,
): void => {
  const scheduler = new TestScheduler((actual, expected) => {
    expect(actual).toEqual(expected)
  })
  scheduler.run(helpers => {
    const made = inputs.map(({ kind, label, marbles }) => {
      const isSwitch = label === 'activity$'
      const source$ = helpers[kind](marbles, isSwitch ? (switches as never) : values)
      return [label, source$] as const
    })
    const polls = inputs.flatMap(({ kind }, nth) => (kind === 'cold' ? [made[nth]?.[1]] : []))
    const polls$ = defer(() => {
      const poll$ = polls.shift()
      if (poll$ === undefined) throw new Error('one poll too many')
      return poll$
    })
    const options: WatchOptions = {
      ...inVirtualTime(scheduler),
      schedule: spaced(2_000),
      request: () => polls$,
    }
    const world = { ...helpers, scheduler, inputs: new Map(made), polls$, options }
    outputsOf(world).forEach((output$, nth) => {
      const { marbles = '', subscription } = outputs[nth] ?? {}
      helpers.expectObservable(output$, subscription).toBe(marbles, valuesOf[nth], error)
    })
    inputs.forEach(({ subscription }, nth) => {
      const source$ = made[nth]?.[1]
      if (subscription !== undefined && source$ !== undefined)
        helpers.expectSubscriptions(source$.subscriptions).toBe(subscription)
    })
  })
}

const source$ = ({ inputs }: World, label: string): Observable<Answer> => {
  const input$ = inputs.get(label)
  if (input$ === undefined) throw new Error(`no input: ${label}`)
  return input$
}

const withoutStamps = map<Answer, Answer>(value =>
  value._tag === 'Left' ? left({ ...value.left, attempts: 0, elapsed: 0 }) : value,
)

const asDenied = map<Answer, Answer>(value =>
  value._tag === 'Left' && value.left._tag === 'Rejected' ? left(denied) : value,
)

const watch$ = (options: (world: World) => WatchOptions) => (world: World) => [
  uploadStatus$(ref, { ...world.options, ...options(world) }),
]

describe('the marble pictures match the library', () => {
  test('uploadStatus$', () => {
    assertPicture(
      pictures.uploadStatus,
      watch$(() => ({})),
    )
  })

  test('an upload that failed, and a failure', () => {
    assertPicture(pictures.failedOrFailure, world =>
      ['a', 'b'].map(name => {
        const polls = [`${name}, poll 1`, `${name}, poll 2`]
        const request: WatchOptions['request'] = () =>
          defer(() => source$(world, polls.shift() ?? ''))
        return uploadStatus$(ref, { ...world.options, request }).pipe(asDenied)
      }),
    )
  })

  test('attempts, retries and polls', () => {
    const retry = { base: 2_000 }
    assertPicture(
      pictures.attempts,
      watch$(() => ({ retry, random: () => 0.5 })),
    )
    // Each name begins and ends where an attempt or a value does.
    const { spans } = pictures.attempts
    expect(spans.flatMap(([, from, to]) => [from, to])).toEqual([
      0, 4_500, 4_500, 6_500, 6_500, 7_000,
    ])
  })

  test('polls at fixed times', () => {
    assertPicture(pictures.cancelling, ({ polls$ }) => [
      timer(0, 2_000).pipe(switchMap(() => polls$)),
    ])
  })

  test('the deadline', () => {
    const output$ = (world: World) => [
      uploadStatus$(ref, { ...world.options, deadline: 6_000 }).pipe(
        map(value => (value._tag === 'Left' ? value.left._tag : value)),
      ),
    ]
    assertPicture(pictures.deadline, output$, [{ ...values, e: 'Expired' }])
  })

  test('fetchStatus$ (values and their order; a request takes real time)', async () => {
    const fetch: WatchOptions['fetch'] = () => Promise.resolve(Response.json(pending))
    const status$ = fetchStatus$(ref.account, ref.upload, { apiKey: null, fetch })
    const seen = await lastValueFrom(status$.pipe(materialize(), toArray()))
    const [{ marbles }] = pictures.fetchStatus.outputs
    const shown = TestScheduler.parseMarbles(marbles, values, undefined, false, true)
    expect(seen).toMatchObject(
      shown.map(({ notification: { kind, ...rest } }) => ({ kind, ...rest })),
    )
  })

  test('retryTransient', () => {
    assertPicture(pictures.retryTransient, ({ polls$ }) => [
      polls$.pipe(retryTransient({ base: 2_000 }, { random: () => 0.5 }), withoutStamps),
    ])
  })

  test('repeatOnSchedule', () => {
    assertPicture(pictures.repeatOnSchedule, ({ polls$ }) => [
      polls$.pipe(repeatOnSchedule(spaced(2_000))),
    ])
  })

  test('untilTerminal', () => {
    assertPicture(pictures.untilTerminal, world => [source$(world, 'source').pipe(untilTerminal())])
  })

  test('outcome', () => {
    assertPicture(pictures.outcome, world => [source$(world, 'watch').pipe(outcome())])
  })

  test('orThrow', () => {
    const error = failureToError(denied)
    const output$ = (world: World) => [source$(world, 'watch').pipe(orThrow())]
    assertPicture(pictures.orThrow, output$, [rights], error)
  })

  test('statuses and failures', () => {
    const outputs$ = (world: World) => [
      source$(world, 'watch').pipe(statuses()),
      source$(world, 'watch').pipe(failures()),
    ]
    assertPicture(pictures.separate, outputs$, [rights, failuresOnly])
  })

  test('sharing', () => {
    assertPicture(pictures.sharing, ({ options }) => {
      const client = createUploadStatusClient(options)
      const status$ = client.uploadStatus$(ref.account, ref.upload)
      return [status$, status$]
    })
  })

  test('merging', () => {
    assertPicture(pictures.merging, world => {
      const polls = { a: ['a, poll 1', 'a, poll 2'], b: ['b, poll 1', 'b, poll 2'] }
      const pollOf = ({ upload }: UploadRef) => polls[upload === b.upload ? 'b' : 'a'].shift()
      const request: WatchOptions['request'] = ref => defer(() => source$(world, pollOf(ref) ?? ''))
      const options = { ...world.options, request }
      return [uploadStatuses$([ref, b], options).pipe(map(({ status }) => status))]
    })
  })

  test('pause', () => {
    assertPicture(
      pictures.pause,
      watch$(world => ({
        activity$: source$(world, 'activity$') as unknown as Observable<boolean>,
      })),
    )
  })

  test('push', () => {
    assertPicture(
      pictures.push,
      watch$(world => ({ push: pushing(source$(world, 'push').pipe(statuses())) })),
    )
  })

  test('a 429', () => {
    assertPicture(
      pictures.throttled,
      watch$(() => ({ retry: { retries: 0 } })),
    )
  })
})

describe('a marble picture', () => {
  const folder = join(__dirname, '../../../docs/marbles')
  const pages = filesBelow(join(folder, '..'), '.md').map(read)
  const all = [
    ...Object.values<Picture>(pictures).map(picture => ({ ...picture, drawn: draw(picture) })),
    ...diagrams.map(diagram => ({ ...diagram, drawn: drawDiagram(diagram) })),
  ]

  test.each(all)('is up to date with the script that draws it: $name', ({ name, drawn }) => {
    const svg = read(join(folder, `${name}.svg`))
    expect(svg).toBe(drawn)
    expect(unbalancedTags(svg)).toEqual([])
    expect(svg).not.toMatch(forbiddenInPictures)
    expect(svg).toContain('prefers-color-scheme:dark')
  })

  test.each(all)('is on a page, with its title: $name', ({ name, title }) => {
    expect(pages.some(page => page.includes(`![${title}](marbles/${name}.svg)`))).toBe(true)
    for (const page of pages)
      expect(page.replaceAll(`![${title}](marbles/${name}.svg)`, '')).not.toContain(`/${name}.svg`)
  })

  test('has a row in the table', () => {
    expect(readdirSync(folder).sort()).toEqual(all.map(({ name }) => `${name}.svg`).sort())
  })
})
