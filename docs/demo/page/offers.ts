/** Trouble that can be had: the name of a file that the sandbox knows, and what there is to see. */
export const offers = [
  ['slow-answers.mp4', 'Slow answers', 'Each one takes 2.5 s. None is cancelled by the next poll.'],
  ['bad-gateway.mp4', 'Bad gateway', 'Three polls meet an HTML page with status 502.'],
  ['too-many-requests.mp3', 'Too many requests', 'A 429 asks all uploads to wait for 4 s.'],
  ['cut-short.gif', 'Answers cut short', 'Two answers break off in the middle.'],
  [
    'backwards.jpg',
    'A status that goes back',
    'Processing, then pending. The board does not follow.',
  ],
  ['given-up.mov', 'A failed upload', 'The API gives up on it, and says why.'],
  ['not-permitted.jpg', 'Not permitted', 'A 403 on the way: the end stays unknown.'],
  ['wrong-key.gif', 'A wrong key', 'A 401: every watch ends. The page tries again after 30 s.'],
  ['new-status.png', 'A status nobody knows', 'Polled three more times, then reported.'],
] as const

export type Trouble = (typeof offers)[number][0]
