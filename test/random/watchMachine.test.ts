import { describe } from '@jest/globals'
import fc from 'fast-check'
import { right, type Either } from 'fp-ts/Either'
import { BehaviorSubject, Observable, startWith, Subject, type Subscriber } from 'rxjs'
import type { Failure } from '../../src/failure/failure'
import type { UploadStatus } from '../../src/api/status'
import { settingsOf } from '../../src/options'
import type { Answer } from '../../src/api/answer'
import { requestBudget } from '../../src/budget/requestBudget'
import { spaced } from '../../src/watch/schedule'
import {
  answer,
  completed,
  failed,
  ok,
  pending,
  processing,
  pushing,
  ref,
  troubles,
} from '../answers'
import { engines, type Engine } from '../engines'
import { budgetModel } from './budgetModel'
import { holds } from './holds'
import { inSteppedTime, type SteppedTime } from './steppedTime'
import { meanings, watchModel, type AnswerName, type Rules, type WatchModel } from './watchModel'

type Asked = Either<Failure, Answer>

const answers: Readonly<Record<string, Asked>> = {
  ...troubles,
  pending: ok(pending),
  processing: ok(processing),
  completed: ok(completed),
  failed: ok(failed),
  unavailableFor: answer(503, null, { 'retry-after': '3' }),
  throttledLong: answer(429, null, { 'retry-after': '3600' }),
}

/** An action of the consumer within a callback, and the number of that call. */
interface Meddling {
  readonly nth: number
  readonly how: keyof Pick<Lane, 'unsubscribe' | 'abort' | 'pause' | 'resume' | 'push'>
}

/** The settings of a whole run. */
interface World extends Omit<Rules, 'isBudgeted'> {
  readonly budget: { readonly perMinute: number; readonly inFlight: number } | null
  readonly draws: ReadonlyArray<number>
  readonly meddlings: ReadonlyArray<Meddling>
}

const world: fc.Arbitrary<World> = fc.record({
  deadline: fc.constantFrom(1_000, 10_000, 60_000, 600_000),
  wait: fc.constantFrom(0, 1, 1_000, 7_000),
  retries: fc.integer({ min: 0, max: 6 }),
  base: fc.constantFrom(1, 500),
  cap: fc.constantFrom(0, 2_000),
  notFoundGrace: fc.constantFrom(0, 5_000),
  emit: fc.constantFrom('changes', 'every'),
  budget: fc.option(
    fc.record({
      perMinute: fc.integer({ min: 1, max: 10 }),
      inFlight: fc.integer({ min: 1, max: 2 }),
    }),
    { freq: 2 },
  ),
  draws: fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), {
    minLength: 1,
    maxLength: 5,
  }),
  meddlings: fc.array(
    fc.record({
      nth: fc.integer({ min: 1, max: 20 }),
      how: fc.constantFrom('unsubscribe', 'abort', 'pause', 'resume', 'push'),
    }),
    { maxLength: 3 },
  ),
})

/** Runs one watch after another, and compares each with its model. */
interface Lane {
  readonly model: () => WatchModel | null
  /** `early` happens before the subscription: an aborted signal, or a pushed status. */
  readonly subscribe: (early?: 'signal' | 'push') => void
  readonly unsubscribe: () => void
  readonly abort: () => void
  readonly pause: () => void
  readonly resume: () => void
  readonly activityFails: () => void
  readonly push: (status?: UploadStatus) => void
  readonly pushFails: () => void
  readonly answer: (name: AnswerName) => void
  readonly leap: (ms: number) => void
  /** Time has passed, so the watch has started. */
  readonly begin: () => void
  readonly check: () => void
}

interface Machine {
  readonly lanes: readonly [Lane, Lane]
  readonly pass: (ms: number) => void
  readonly leap: (ms: number) => void
  readonly check: () => void
}

const machineOf = (
  engine: Engine,
  { budget: limits, draws, meddlings, ...rules }: World,
  { now, pass }: SteppedTime,
  violates: (law: string) => void,
): Machine => {
  let leapt = 0
  const clock = (): number => now() + leapt
  let drawn = 0
  const random = (): number => draws[drawn++ % draws.length] ?? 0
  const budget = limits === null ? undefined : requestBudget({ ...limits, clock, random })
  const allowance = limits === null ? null : budgetModel(limits, clock, violates)

  const laneOf = (): Lane => {
    let model: WatchModel | null = null
    let hasBegun = false
    let asking: Subscriber<Asked> | null = null
    let activity$ = new BehaviorSubject(true)
    let isBroken = false
    let push$ = new Subject<UploadStatus>()
    let controller = new AbortController()
    let stop = (): void => undefined
    let times = 0

    const meddle = (): void => {
      // Early events are delivered before the signal is noticed.
      if (!hasBegun) return
      times += 1
      for (const { nth, how } of meddlings) if (nth === times) lane[how]()
    }
    const lane: Lane = {
      model: () => model,
      subscribe: early => {
        const current = watchModel(
          { ...rules, isBudgeted: budget !== undefined },
          { now, clock },
          violates,
        )
        model = current
        hasBegun = false
        times = 0
        activity$ = new BehaviorSubject(true)
        isBroken = false
        push$ = new Subject()
        controller = new AbortController()
        if (early === 'signal') lane.abort()
        if (early === 'push') current.push(processing)
        const request$ = new Observable<Asked>(subscriber => {
          current.requestStarted()
          allowance?.requestStarted()
          asking = subscriber
          return () => {
            current.requestEnded()
            allowance?.requestEnded()
            asking = null
          }
        })
        let isInTurn = true
        const watched$ = engine(
          () => right(request$),
          settingsOf({
            schedule: spaced(rules.wait),
            retry: { retries: rules.retries, base: rules.base, cap: rules.cap },
            deadline: rules.deadline,
            notFoundGrace: rules.notFoundGrace,
            emit: rules.emit,
            budget,
            activity$,
            push: pushing(early === 'push' ? push$.pipe(startWith(processing)) : push$),
            signal: controller.signal,
            on: event => {
              current.reported(event)
              meddle()
            },
            random,
            clock,
          }),
        )(ref)
        const subscription = watched$.subscribe({
          next: value => {
            if (isInTurn) violates('nothing is emitted in the turn of subscribe')
            current.emitted(value)
            meddle()
          },
          error: () => {
            violates('no defect reaches the error channel')
          },
          complete: current.completed,
        })
        stop = () => {
          subscription.unsubscribe()
        }
        isInTurn = false
      },
      unsubscribe: () => {
        model?.unsubscribe()
        stop()
      },
      abort: () => {
        model?.abort()
        controller.abort('bored')
      },
      pause: () => {
        if (!isBroken) model?.pause()
        activity$.next(false)
      },
      resume: () => {
        model?.resume()
        activity$.next(true)
      },
      activityFails: () => {
        model?.resume()
        isBroken = true
        activity$.error(new Error('broken'))
      },
      push: (status = processing) => {
        if (push$.observed) model?.push(status)
        push$.next(status)
      },
      pushFails: () => {
        push$.error(new Error('broken'))
      },
      answer: name => {
        const subscriber = asking
        const given = answers[name]
        if (subscriber === null || given === undefined) throw new Error('no request is in flight')
        if (name.startsWith('throttled')) {
          const meaning = meanings[name]
          allowance?.throttled('retryAfter' in meaning ? meaning.retryAfter : 1)
        }
        model?.answer(name)
        subscriber.next(given)
        subscriber.complete()
      },
      leap: ms => model?.leap(ms),
      begin: () => {
        hasBegun = true
      },
      check: () => {
        if (hasBegun) model?.check()
      },
    }
    return lane
  }

  const lanes = [laneOf(), laneOf()] as const
  return {
    lanes,
    pass: ms => {
      pass(ms)
      for (const lane of lanes) lane.begin()
    },
    leap: ms => {
      leapt += ms
      for (const lane of lanes) lane.leap(ms)
    },
    check: () => {
      for (const lane of lanes) lane.check()
    },
  }
}

/** An action on the machine, if it is possible. */
const command = (
  name: string,
  isPossible: (machine: Machine) => boolean,
  run: (machine: Machine) => void,
): fc.Command<Machine, Machine> => ({
  check: isPossible,
  run: machine => {
    run(machine)
    machine.check()
  },
  toString: () => name,
})

/** An action on a lane that has a watch, if `isPossible` accepts its model. */
const laneCommand = (
  name: string,
  nth: 0 | 1,
  isPossible: (model: WatchModel) => boolean,
  run: (lane: Lane, machine: Machine) => void,
): fc.Command<Machine, Machine> =>
  command(
    `${name} of ${String(nth)}`,
    ({ lanes }) => {
      const model = lanes[nth].model()
      return model !== null && isPossible(model)
    },
    machine => {
      run(machine.lanes[nth], machine)
    },
  )

const always = (): boolean => true

const nth = fc.constantFrom<0 | 1>(0, 0, 1)
const name = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<AnswerName>('pending', 'processing') },
  { weight: 5, arbitrary: fc.constantFrom(...(Object.keys(meanings) as AnswerName[])) },
)
const status = fc.constantFrom(pending, processing, completed, failed)
const ms = fc.oneof(
  fc.constantFrom(0, 1, 1_000, 2_000, 3_000, 10_000, 60_000),
  fc.integer({ min: 0, max: 10_000 }),
)

/** Waits until the next request must have started, unless a budget delays it. */
const reach = (model: WatchModel, { pass, check }: Machine): void => {
  pass(Math.max(0, Math.min(model.untilDue(), 20_000)) + 1)
  check()
}

const poll = fc.tuple(nth, name, fc.constantFrom(1, 1, 1, 2, 4, 6)).map(([i, reply, times]) =>
  laneCommand(`poll answers ${reply}, ${String(times)} times`, i, always, (lane, machine) => {
    const model = lane.model()
    for (let left = times; model !== null && left > 0; left -= 1) {
      if (!model.isAsking()) reach(model, machine)
      if (model.isAsking()) lane.answer(reply)
      machine.check()
    }
  }),
)

const commands = fc.commands(
  [
    poll,
    poll,
    poll,
    poll,
    fc.tuple(nth, fc.constantFrom(undefined, undefined, 'signal', 'push')).map(([i, early]) =>
      command(
        `subscribe ${String(i)}, early ${String(early)}`,
        ({ lanes }) => lanes[i].model()?.isOver() ?? true,
        ({ lanes, pass }) => {
          lanes[i].subscribe(early)
          // Nothing may happen between the early action and the start.
          if (early !== undefined) pass(0)
        },
      ),
    ),
    ms.map(many =>
      command(`pass ${String(many)} ms`, always, ({ pass }) => {
        pass(many)
      }),
    ),
    ms.map(many =>
      command(`leap ${String(many)} ms`, always, ({ leap }) => {
        leap(many)
      }),
    ),
    fc.tuple(nth, name).map(([i, reply]) =>
      laneCommand(
        `answer ${reply}`,
        i,
        model => model.isAsking(),
        lane => {
          lane.answer(reply)
        },
      ),
    ),
    fc.tuple(nth, ms).map(([i, many]) =>
      laneCommand(`rest of ${String(many)} ms`, i, always, (lane, { pass }) => {
        lane.pause()
        pass(many)
        lane.resume()
      }),
    ),
    fc.tuple(nth, status).map(([i, pushed]) =>
      laneCommand(`push ${pushed.status}`, i, always, lane => {
        lane.push(pushed)
      }),
    ),
    fc
      .tuple(
        nth,
        fc.constantFrom(
          'unsubscribe',
          'abort',
          'pause',
          'pause',
          'resume',
          'resume',
          'activityFails',
          'pushFails',
        ),
      )
      .map(([i, how]) =>
        laneCommand(how, i, always, lane => {
          lane[how]()
        }),
      ),
  ],
  { maxCommands: 60, size: 'max' },
)

describe.each(engines)('a watch with %s', (_, engine) => {
  holds(
    'behaves as the protocol specifies, after any sequence of actions',
    500,
    fc.property(world, commands, (given, done) => {
      const broken: string[] = []
      inSteppedTime(time => {
        const machine = machineOf(engine, given, time, law => broken.push(law))
        machine.lanes[0].subscribe()
        fc.modelRun(() => ({ model: machine, real: machine }), done)
        for (const lane of machine.lanes) lane.unsubscribe()
        if (time.drain() > 0) broken.push('no timer is left')
      })
      if (broken.length > 0) throw new Error(broken.join('; '))
    }),
  )
})
