import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { multipartReader, type Part } from '../../src/sandbox/multipart'

const readIn = (
  body: Buffer,
  boundary: string,
  cuts: readonly number[],
): ReadonlyMap<string, Part> | null => {
  const reader = multipartReader(boundary)
  const edges = [...cuts.map(cut => cut % (body.length + 1)), body.length].sort((a, b) => a - b)
  let from = 0
  for (const to of edges) {
    reader.write(body.subarray(from, to))
    from = to
  }
  return reader.end()
}

const read = (body: string, boundary = 'b'): ReadonlyMap<string, Part> | null =>
  readIn(Buffer.from(body), boundary, [])

const field = (head: string, content: string): string => `--b\r\n${head}\r\n\r\n${content}\r\n`
const text = 'Content-Disposition: form-data; name="a"'

describe('a form', () => {
  test('reads the same however it is cut into pieces, as the platform writes it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', maxLength: 50 }),
        fc.uint8Array({ maxLength: 500 }),
        fc.array(fc.nat(2_000), { maxLength: 20 }),
        async (value, bytes, cuts) => {
          const form = new FormData()
          form.set('file_url', value)
          form.set('file', new File([bytes], 'a "b" \\ é.jpg'))
          const response = new Response(form)
          const [, boundary = ''] = (response.headers.get('content-type') ?? '').split('boundary=')
          const parts = readIn(Buffer.from(await response.arrayBuffer()), boundary, cuts)
          const sent = value.replace(/\r\n|\r|\n/g, '\r\n')
          expect(parts?.get('file_url')).toMatchObject({ fileName: null, text: sent })
          expect(parts?.get('file')).toMatchObject({ bytes: bytes.length, text: '' })
          expect(parts?.get('file')?.fileName).toMatch(/^a "b" \\+ é\.jpg$/)
        },
      ),
    )
  })

  test('counts a file, whatever looks like a delimiter in it, and drops it', () => {
    const content = '\r\n--\r\n-b\r\n--'.repeat(1_000)
    const parts = read(`${field(`${text}; filename="x"`, content)}--b--\r\n`)
    expect(parts?.get('a')).toEqual({
      name: 'a',
      fileName: 'x',
      bytes: content.length,
      text: '',
    })
  })

  test.each([
    ['an empty one', '--b--', []],
    ['a preamble and an epilogue', `hello\r\n${field(text, '1')}--b--\r\nbye`, ['a']],
    ['an empty field', `${field(text, '')}--b--`, ['a']],
    ['padding after the delimiter', `--b  \r\n${text}\r\n\r\n1\r\n--b--`, ['a']],
    ['unquoted parameters', `${field('content-disposition:form-data;name=c', '1')}--b--`, ['c']],
  ])('may be %s', (_, body, names) => {
    expect([...(read(body)?.keys() ?? ['malformed'])]).toEqual(names)
  })

  test('holds the last of two fields of a name', () => {
    expect(read(`${field(text, '1')}${field(text, '2')}--b--`)?.get('a')?.text).toBe('2')
  })

  test.each([
    ['nothing', ''],
    ['no end', field(text, '1')],
    ['a part without a name', `${field('Content-Type: text/plain', '1')}--b--`],
    ['a head without an end', `--b\r\n${'x'.repeat(20_000)}`],
    ['a text field of more than 8 KiB', `${field(text, 'x'.repeat(8_193))}--b--`],
    [
      'more than 32 parts',
      `${Array.from({ length: 33 }, (_, at) =>
        field(`Content-Disposition: form-data; name="${String(at)}"`, ''),
      ).join('')}--b--`,
    ],
  ])('is not well-formed with %s', (_, body) => {
    expect(read(body)).toBeNull()
  })
})
