import { beforeAll, describe, expect, test } from '@jest/globals'
import { whole } from '../../http/rawServer'
import { wire } from '../../http/wire'
import { completedOn, onBothPlatforms } from '../../platforms'
import { buildProgram, runProgram } from '../program'

beforeAll(buildProgram)

const env = { ONLYFANSAPI_API_KEY: 'key' }

describe.each(onBothPlatforms)('watch, on $platform', each => {
  const { account, upload, path, identity } = each

  test.each([
    ['as JSON', [account, upload]],
    ['as text, from a polling URL', ['--plain']],
  ])('prints the media id as it was sent, %s', async (_, args) => {
    const server = await wire(whole(200, JSON.stringify(completedOn(each))))
    const given = args.length === 2 ? args : [...args, new URL(path, server.url).href]
    const { code, stdout, stderr } = await runProgram(
      ['watch', '--base-url', server.url, ...given],
      {
        env,
      },
    )
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(args.length === 2 ? `"id":${identity}` : identity.replaceAll('"', ''))
    expect(server.requests.map(request => request.split(' ')[1])).toEqual([path])
  })
})
