import { Readable } from 'node:stream'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { readUploadForm, type UploadForm } from '../../../src/sandbox/http/uploadForm'

const chunksOf = (body: Buffer, cuts: readonly number[]): readonly Buffer[] => {
  const edges = [...cuts.map(cut => cut % (body.length + 1)), body.length].sort((a, b) => a - b)
  return edges.map((to, at) => body.subarray(edges[at - 1] ?? 0, to))
}

const read = (body: string | Buffer, cuts: readonly number[] = []): Promise<UploadForm> =>
  readUploadForm(
    Readable.from(chunksOf(Buffer.from(body), cuts)),
    'multipart/form-data; boundary=b',
  )

const field = (head: string, content: string): string => `--b\r\n${head}\r\n\r\n${content}\r\n`
const url = 'Content-Disposition: form-data; name="file_url"'
const file = 'Content-Disposition: form-data; name="file"; filename="x"'
const cuts = fc.array(fc.nat(2_000), { maxLength: 20 })
const malformed = { kind: 'unreadable', error: 'The body is not a well-formed form.' }

describe('a form', () => {
  test('is parsed as FormData encodes it, for every split into chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', maxLength: 50 }),
        fc.uint8Array({ maxLength: 500 }),
        cuts,
        async (value, bytes, at) => {
          const form = new FormData()
          form.set('file_url', value)
          form.set('file', new File([bytes], 'a "b" \\ é.jpg'))
          const response = new Response(form)
          const body = chunksOf(Buffer.from(await response.arrayBuffer()), at)
          const type = response.headers.get('content-type') ?? ''
          expect(await readUploadForm(Readable.from(body), type)).toEqual({
            kind: 'fields',
            file: { name: expect.stringMatching(/^a "b" \\+ é\.jpg$/), bytes: bytes.length },
            fields: new Map([['file_url', value.replace(/\r\n|\r|\n/g, '\r\n')]]),
          })
        },
      ),
    )
  })

  test('is read to its end, for any bytes and every split into chunks', async () => {
    const piece = fc.constantFrom(
      '--b',
      '--',
      '\r\n',
      '\r',
      '-',
      'x',
      '"',
      `${file}\r\n\r\n`,
      url,
      ';',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 30 }), cuts, async (pieces, at) => {
        const { kind } = await read(pieces.join(''), at)
        expect(['fields', 'unreadable']).toContain(kind)
      }),
      { numRuns: 1_000 },
    )
  })

  test('measures a file whose content resembles a delimiter', async () => {
    const content = '\r\n--\r\n-b\r\n--'.repeat(1_000)
    expect(await read(`${field(file, content)}--b--\r\n`)).toMatchObject({
      file: { name: 'x', bytes: content.length },
    })
  })

  test.each([
    ['no field', '--b--', undefined],
    ['a preamble and an epilogue', `hello\r\n${field(url, '1')}--b--\r\nbye`, '1'],
    ['an empty field', `${field(url, '')}--b--`, ''],
    [
      'unquoted parameters',
      `${field('content-disposition:form-data;name=file_url', '1')}--b--`,
      '1',
    ],
    [
      'two fields of one name: the last one counts',
      `${field(url, '1')}${field(url, '2')}--b--`,
      '2',
    ],
    ['a text field of 8 KiB', `${field(url, 'x'.repeat(8_192))}--b--`, 'x'.repeat(8_192)],
  ])('may have %s', async (_, body, fileUrl) => {
    const fields = new Map(fileUrl === undefined ? [] : [['file_url', fileUrl]])
    expect(await read(body)).toEqual({ kind: 'fields', file: null, fields })
  })

  test('has a file or a text, depending on the last field of a name', async () => {
    const text = 'Content-Disposition: form-data; name="file"'
    const [one, two] = [field(file, '12345'), field(text, '123')]
    expect(await read(`${one}${two}--b--`)).toMatchObject({ file: { name: null } })
    expect(await read(`${two}${one}--b--`)).toMatchObject({ file: { name: 'x', bytes: 5 } })
  })

  test.each([
    ['an empty body', ''],
    ['no final boundary', field(url, '1')],
    ['a file that does not end', `--b\r\n${file}\r\n\r\nhello`],
    ['a field without a name', `${field('Content-Disposition: form-data', '1')}--b--`],
    ['a part head that is too long', `--b\r\n${'x'.repeat(20_000)}`],
    ['a text field of more than 8 KiB', `${field(url, 'x'.repeat(8_193))}--b--`],
    [
      'more than 32 parts',
      `${Array.from({ length: 33 }, (_, at) =>
        field(`Content-Disposition: form-data; name="${String(at)}"`, ''),
      ).join('')}--b--`,
    ],
  ])('is malformed with %s', async (_, body) => {
    expect(await read(body)).toEqual(malformed)
  })

  test('ignores a part that is not a field', async () => {
    const part = field('Content-Type: text/plain', '1')
    expect(await read(`${part}${field(url, '2')}--b--`)).toMatchObject({
      fields: new Map([['file_url', '2']]),
    })
  })

  test('is aborted if the client disconnects before its end', async () => {
    const body = Readable.from([Buffer.from('--b\r\n')])
    const form = readUploadForm(body, 'multipart/form-data; boundary=b')
    body.destroy()
    expect(await form).toEqual({ kind: 'aborted' })
  })
})
