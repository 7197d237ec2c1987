/**
 * Words and phrases that nobody expects in technical English, each with what to write instead. A
 * pattern is matched as whole words, in any case.
 *
 * @type {ReadonlyArray<readonly [pattern: string, instead: string]>}
 */
export const words = [
  ['anew', 'again'],
  ['by and by', 'gradually, or later'],
  ['befalls?|befell|befallen', 'happens to'],
  ['whoever|whosoever', 'a user, a caller, any reader'],
  ['whichever', 'each, or either'],
  ['whence|thence|hence', 'from where, so'],
  ['thus|thereby|therein|thereof|wherein|whereby', 'so, in it, by which'],
  ['likewise', 'also, or the same way'],
  ['besides', 'also'],
  ['in vain', 'without a result'],
  ['for ever', 'without end'],
  ['in spite of', 'despite'],
  ['is told|are told|tells? (of|nobody|everybody)', 'is notified, receives, reports'],
  ['(is|are|was|were) asked( of| for)?', 'name the actor: the budget admits, the client polls'],
  ['asked of', 'required by'],
  ['learns? of|learnt|is learned', 'receives, or is notified'],
  ['what (becomes|became) of', 'how it ended'],
  ['to be had|be had', 'available'],
  ['goes by|go by', 'uses, or follows'],
  ['is worth (a|some) (word|thing)', 'say it, or leave it out'],
  ['once more', 'again'],
  ['ought to|shall', 'must, or should'],
  ['gravest|grave', 'worst, severe'],
  ['utilis\\w*|utiliz\\w*', 'use'],
  ['in order to', 'to'],
  ['simply|easily|obviously|of course', 'leave it out'],
  ['blazing\\w*|seamless\\w*|robust\\w*|powerful|leverag\\w*|cutting-edge', 'say what it does'],
  ['please note( that)?|note that', 'say it'],
  ['data is|data are', 'name the data'],
]
