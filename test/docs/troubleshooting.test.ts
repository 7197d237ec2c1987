import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { read } from './samples'

const page = read(join(__dirname, '../../docs/troubleshooting.md'))
const [index = '', ...entries] = page.split(/^## /m)
const symptoms = entries.map(entry => {
  const [symptom = '', ...lines] = entry.split('\n')
  return { symptom, text: lines.join('\n') }
})

test('the page has at least 20 symptoms, each once', () => {
  expect(symptoms.length).toBeGreaterThanOrEqual(20)
  expect(new Set(symptoms.map(({ symptom }) => symptom)).size).toBe(symptoms.length)
})

test.each(symptoms)('an entry has a cause, how to see it, and a cure: $symptom', ({ text }) => {
  expect(Array.from(text.matchAll(/^\*\*(.*?)\.\*\*/gm), ([, part]) => part)).toEqual([
    'Cause',
    'See it',
    'Cure',
  ])
})

test('the index leads to each symptom', () => {
  expect(Array.from(index.matchAll(/\]\(#/g))).toHaveLength(symptoms.length)
})
