import { describe, expect, test } from '@jest/globals'
import { installationOf } from '../../../src/cli/commands/installation'

const main = 'rx-upload-status/dist/cli/main.js'
const windowsMain = 'rx-upload-status\\dist\\cli\\main.js'
const roaming = 'C:\\Users\\me\\AppData\\Roaming\\npm'
const volta = '/home/me/.volta/tools/image/packages/rx-upload-status'
const windowsVolta =
  'C:\\Users\\me\\AppData\\Local\\Volta\\tools\\image\\packages\\rx-upload-status'

interface Case {
  readonly path: string
  readonly realPath?: string
  /** The file that decides. */
  readonly file?: string
  readonly start: string | null
  readonly add: string
  readonly prefix?: string
}

const once: readonly Case[] = [
  {
    path: '/root/.npm/_npx/1f/node_modules/.bin/rx-upload-status',
    start: 'npx rx-upload-status',
    add: 'npm install rx-upload-status',
  },
  {
    path: `C:\\Users\\me\\AppData\\Local\\npm-cache\\_npx\\1f\\node_modules\\${windowsMain}`,
    start: 'npx rx-upload-status',
    add: 'npm install rx-upload-status',
  },
  {
    path: `/home/me/.cache/pnpm/dlx/1f/2a/node_modules/${main}`,
    start: 'pnpm dlx rx-upload-status',
    add: 'pnpm add rx-upload-status',
  },
  {
    path: `C:\\Users\\me\\AppData\\Local\\pnpm-cache\\dlx\\1f\\2a\\node_modules\\${windowsMain}`,
    start: 'pnpm dlx rx-upload-status',
    add: 'pnpm add rx-upload-status',
  },
  {
    path: '/tmp/bunx-1000-rx-upload-status@latest/node_modules/.bin/rx-upload-status',
    start: 'bunx rx-upload-status',
    add: 'bun add rx-upload-status',
  },
  {
    path: `/tmp/xfs-1f/dlx-4711/node_modules/${main}`,
    start: 'yarn dlx rx-upload-status',
    add: 'yarn add rx-upload-status',
  },
]

const globally: readonly Case[] = [
  {
    path: '/usr/local/bin/rx-upload-status',
    realPath: `/usr/local/lib/node_modules/${main}`,
    start: 'rx-upload-status',
    add: 'npm install --global',
    prefix: '/usr/local',
  },
  {
    path: `/usr/lib/node_modules/${main}`,
    file: '/usr/bin/rx-upload-status',
    start: 'rx-upload-status',
    add: 'npm install --global',
    prefix: '/usr',
  },
  {
    path: '/bin/rx-upload-status',
    realPath: `/lib/node_modules/${main}`,
    start: 'rx-upload-status',
    add: 'npm install --global',
    prefix: '/',
  },
  {
    path: `${roaming}\\node_modules\\${windowsMain}`,
    file: `${roaming}\\rx-upload-status.cmd`,
    start: 'rx-upload-status',
    add: 'npm install --global',
    prefix: roaming,
  },
  {
    path: `C:\\Program Files\\nodejs\\node_modules\\${windowsMain}`,
    file: 'C:\\Program Files\\nodejs\\rx-upload-status.cmd',
    start: 'rx-upload-status',
    add: 'npm install --global',
    prefix: 'C:\\Program Files\\nodejs',
  },
  {
    path: `${volta}/bin/rx-upload-status`,
    realPath: `${volta}/lib/node_modules/${main}`,
    start: 'rx-upload-status',
    add: 'npm install --global',
    prefix: volta,
  },
  {
    path: `${windowsVolta}\\node_modules\\${windowsMain}`,
    file: `${windowsVolta}\\rx-upload-status.cmd`,
    start: 'rx-upload-status',
    add: 'npm install --global',
    prefix: windowsVolta,
  },
  {
    path: `/home/me/.local/share/pnpm/global/5/node_modules/${main}`,
    start: 'rx-upload-status',
    add: 'pnpm add --global',
  },
  {
    path: `C:\\Users\\me\\AppData\\Local\\pnpm\\global\\5\\node_modules\\${windowsMain}`,
    start: 'rx-upload-status',
    add: 'pnpm add --global',
  },
  {
    path: '/home/me/.yarn/bin/rx-upload-status',
    realPath: `/home/me/.config/yarn/global/node_modules/${main}`,
    start: 'rx-upload-status',
    add: 'yarn global add',
  },
  {
    path: `C:\\Users\\me\\AppData\\Local\\Yarn\\Data\\global\\node_modules\\${windowsMain}`,
    start: 'rx-upload-status',
    add: 'yarn global add',
  },
  {
    path: '/home/me/.bun/bin/rx-upload-status',
    realPath: `/home/me/.bun/install/global/node_modules/${main}`,
    start: 'rx-upload-status',
    add: 'bun add --global',
  },
  {
    path: `C:\\Users\\me\\.bun\\install\\global\\node_modules\\${windowsMain}`,
    start: 'rx-upload-status',
    add: 'bun add --global',
  },
]

const inProject: readonly Case[] = [
  {
    path: '/home/me/app/node_modules/.bin/rx-upload-status',
    realPath: `/home/me/app/node_modules/${main}`,
    start: 'npx rx-upload-status',
    add: 'npm install',
  },
  {
    path: `C:\\app\\node_modules\\${windowsMain}`,
    file: 'C:\\app\\node_modules\\.bin\\rx-upload-status.cmd',
    start: 'npx rx-upload-status',
    add: 'npm install',
  },
  {
    path: `/home/me/lib/node_modules/${main}`,
    start: 'npx rx-upload-status',
    add: 'npm install',
  },
  {
    path: '/home/me/app/node_modules/.bin/rx-upload-status',
    realPath: '/home/me/clone/dist/cli/main.js',
    start: 'npx rx-upload-status',
    add: 'npm install',
  },
  {
    path: `/repo/packages/app/node_modules/${main}`,
    realPath: `/repo/node_modules/.pnpm/rx-upload-status@0.1.0/node_modules/${main}`,
    file: '/repo/pnpm-lock.yaml',
    start: 'npx rx-upload-status',
    add: 'pnpm add',
  },
  {
    path: `C:\\app\\node_modules\\${windowsMain}`,
    file: 'C:\\app/yarn.lock',
    start: 'npx rx-upload-status',
    add: 'yarn add',
  },
  {
    path: '/app/node_modules/.bin/rx-upload-status',
    file: '/app/bun.lock',
    start: 'npx rx-upload-status',
    add: 'bun add',
  },
  {
    path: `/app/.yarn/cache/rx-upload-status-npm-0.1.0-1f.zip/node_modules/${main}`,
    start: 'yarn rx-upload-status',
    add: 'yarn add',
  },
  {
    path: `/app/.yarn/unplugged/rx-upload-status-virtual-1f/node_modules/${main}`,
    start: 'yarn rx-upload-status',
    add: 'yarn add',
  },
]

const fromAFile: readonly Case[] = [
  { path: '/home/me/clone/dist/cli/main.js', start: null, add: 'npm install' },
  { path: 'C:\\clone\\dist\\cli\\main.js', start: null, add: 'npm install' },
  {
    path: '/home/me/bin/rx-upload-status',
    realPath: '/home/me/clone/dist/cli/main.js',
    start: 'rx-upload-status',
    add: 'npm install',
  },
]

describe.each([
  ['run once, from a cache', once],
  ['installed for all projects', globally],
  ['installed in a project', inProject],
  ['in a repository', fromAFile],
])('the program %s', (_, cases) => {
  test.each(cases)('$path: $start, $add', ({ path, realPath = path, file, ...expected }) => {
    expect(installationOf({ path, realPath, exists: tried => tried === file })).toEqual({
      prefix: null,
      ...expected,
    })
  })
})
