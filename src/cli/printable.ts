import { stripVTControlCharacters } from 'node:util'
import { cut } from './display/text'

/**
 * Text from elsewhere, fit for a terminal: on one line, without escape sequences, control
 * characters and invisible ones (those that reverse the direction of writing among them), and at
 * most so many characters long.
 */
export const printable = (text: string, most = 300): string =>
  cut(
    stripVTControlCharacters(text.slice(0, 4 * most))
      .replace(/[\s\p{Cc}]+/gu, ' ')
      .replace(/\p{Cf}/gu, '')
      .trim(),
    most,
  )
