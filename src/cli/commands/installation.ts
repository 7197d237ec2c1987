import { name } from '../../../package.json'

/** What shows how the program is installed. */
export interface Script {
  /** The path that Node was started with. */
  readonly path: string
  /** The same without links. */
  readonly realPath: string
  readonly exists: (path: string) => boolean
}

/** How the program is installed. */
export interface Installation {
  /** The command that starts it again; null if it is a file of a repository. */
  readonly start: string | null
  /** The command that installs packages where the program finds them, without their names. */
  readonly add: string
  /** The value of `--prefix` for `add`; null if there is none. */
  readonly prefix: string | null
}

type Manager = 'npm' | 'pnpm' | 'yarn' | 'bun'

/** Commands that add packages to a project, add them for all projects, and run one from a cache. */
const commands: {
  readonly [M in Manager]: { readonly [C in 'add' | 'addGlobally' | 'run']: string }
} = {
  npm: { add: 'npm install', addGlobally: 'npm install --global', run: 'npx' },
  pnpm: { add: 'pnpm add', addGlobally: 'pnpm add --global', run: 'pnpm dlx' },
  yarn: { add: 'yarn add', addGlobally: 'yarn global add', run: 'yarn dlx' },
  bun: { add: 'bun add', addGlobally: 'bun add --global', run: 'bunx' },
}

type Folders = readonly (readonly [folder: RegExp, manager: Manager])[]

const caches: Folders = [
  [/\/_npx\//, 'npm'],
  [/\/pnpm(-cache)?\/dlx[/-]/, 'pnpm'],
  [/\/\.?bunx-/, 'bun'],
  [/\/dlx-\d+\//, 'yarn'],
]

/** Folders for all projects. npm has no name for its own. */
const globalFolders: Folders = [
  [/\/pnpm\/global\//, 'pnpm'],
  [/\/yarn\/(data\/)?global\/node_modules\//i, 'yarn'],
  [/\/install\/global\/node_modules\//, 'bun'],
]

/** Files that a package manager writes beside `node_modules`. */
const lockFiles: readonly (readonly [file: string, manager: Manager])[] = [
  ['package-lock.json', 'npm'],
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
]

/**
 * Returns how the program is installed.
 *
 * ```
 * /usr/bin/rx-upload-status                          → rx-upload-status
 * C:\Users\me\AppData\Roaming\npm\node_modules\…     → rx-upload-status
 * /home/me/.local/share/pnpm/global/5/node_modules/… → rx-upload-status
 * /home/me/.cache/pnpm/dlx/1f/node_modules/…         → pnpm dlx rx-upload-status
 * /app/node_modules/.bin/rx-upload-status            → npx rx-upload-status
 * /home/me/clone/dist/cli/main.js                    → null
 * ```
 */
export const installationOf = ({ path, realPath, exists }: Script): Installation => {
  const managerIn = (folders: Folders): Manager | undefined =>
    folders.find(([folder]) =>
      [path, realPath].some(text => folder.test(text.replaceAll('\\', '/'))),
    )?.[1]

  const runner = managerIn(caches)
  if (runner !== undefined) {
    const { add, run } = commands[runner]
    // Nothing can be added to a cache: the program is installed, too.
    return { start: `${run} ${name}`, add: `${add} ${name}`, prefix: null }
  }

  const owner = managerIn(globalFolders)
  if (owner !== undefined) return { start: name, add: commands[owner].addGlobally, prefix: null }

  const isLink = !path.includes('node_modules') && path.endsWith(`/${name}`)
  const prefix = npmPrefix(realPath, exists, isLink)
  if (prefix !== null) return { start: name, add: commands.npm.addGlobally, prefix }
  if (isLink) return { start: name, add: commands.npm.add, prefix: null }

  const project = folderOf(path)
  if (project === null) return { start: null, add: commands.npm.add, prefix: null }
  // A project of Yarn may have no node_modules, in which npx looks.
  return /\.zip[\\/]|[\\/]\.yarn[\\/]/.test(path)
    ? { start: `yarn ${name}`, add: commands.yarn.add, prefix: null }
    : { start: `npx ${name}`, add: commands[managerOf(project, exists)].add, prefix: null }
}

/** The folder that holds `node_modules`; null if the path has none. */
const folderOf = (path: string): string | null =>
  /^(.*?)[\\/]node_modules[\\/]/.exec(path)?.[1] ?? null

/**
 * The prefix of a global installation by npm, or by Volta, which uses npm: the command is beside
 * `node_modules` on Windows, and in `bin` beside `lib/node_modules` elsewhere.
 */
const npmPrefix = (realPath: string, exists: Script['exists'], isLink: boolean): string | null => {
  const folder = folderOf(realPath)
  if (folder === null) return null
  if (exists(`${folder}\\${name}.cmd`)) return folder
  const [, prefix] = /^(.*)\/lib$/.exec(folder) ?? []
  if (prefix === undefined) return null
  return isLink || exists(`${prefix}/bin/${name}`) ? prefix || '/' : null
}

/** The package manager of a project: its lock file is there, or in a folder above. */
const managerOf = (folder: string, exists: Script['exists']): Manager => {
  const [, manager] = lockFiles.find(([file]) => exists(`${folder}/${file}`)) ?? []
  const parent = folder.replace(/[\\/][^\\/]*$/, '')
  return manager ?? (parent === folder ? 'npm' : managerOf(parent, exists))
}
