import {
  apiError,
  completed,
  cut,
  delayed,
  failed,
  html,
  json,
  pending,
  processing,
  silent,
  times,
  type Scenario,
} from './sandboxParts'

/** A scenario to start from. */
export interface NamedScenario {
  readonly title: string
  readonly scenario: Scenario
}

/** The scenarios that the playground offers, each as a title and the answers to the polls. */
export const scenarios: readonly [NamedScenario, ...NamedScenario[]] = [
  {
    title: 'All goes well',
    scenario: [times(2, pending()), times(3, processing()), completed()],
  },
  {
    title: 'The upload fails',
    scenario: [pending(), times(2, processing()), failed('The file is not a video.')],
  },
  {
    title: 'Slow answers',
    scenario: [delayed(2_500, pending()), times(2, delayed(2_500, processing())), completed()],
  },
  {
    title: 'A bad gateway, three times',
    scenario: [pending(), processing(), times(3, html(502)), processing(), completed()],
  },
  {
    title: 'Too many requests',
    scenario: [
      pending(),
      processing(),
      apiError(429, 'Too many requests.', { headers: { 'retry-after': '4' } }),
      processing(),
      completed(),
    ],
  },
  {
    title: 'No answer, then a body that is cut',
    scenario: [pending(), silent(), cut(processing()), processing(), completed()],
  },
  {
    title: 'A status that goes back',
    scenario: [pending(), processing(), pending(), processing(), completed()],
  },
  {
    title: 'An unknown status',
    scenario: [pending(), json(200, { status: 'archived', prefixed_id: 'ofapi_media_1' })],
  },
  {
    title: 'No permission',
    scenario: [pending(), apiError(403, 'The key has no access to this account.')],
  },
  {
    title: 'It never ends',
    scenario: [pending(), processing()],
  },
]

/** A scenario as JSON, one answer a line. */
export const toJson = (scenario: Scenario): string =>
  `[\n${scenario.map(answer => `  ${JSON.stringify(answer)}`).join(',\n')}\n]`
