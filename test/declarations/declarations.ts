import { join } from 'node:path'
import ts from 'typescript'
import { exports as subpaths } from '../../package.json'
import tsconfig from '../../tsconfig.json'

/** The declarations that the package ships, one file for each source file. */
export interface Declarations {
  readonly checker: ts.TypeChecker
  /** The exported symbols of each entry, by its subpath. Aliases are resolved. */
  readonly entries: ReadonlyMap<string, readonly ts.Symbol[]>
  /** The files of ours. */
  readonly sources: readonly ts.SourceFile[]
  /** Whether a node is in a declaration of ours. */
  readonly isOurs: (node: ts.Node) => boolean
}

const root = join(__dirname, '../..')

/** The entries of the package, without those that are no module of ours. */
const entryFiles: ReadonlyMap<string, string> = new Map(
  Object.keys(subpaths)
    .filter(subpath => !subpath.endsWith('.json'))
    .map(subpath => [subpath, join(root, 'src', subpath, 'index.ts')]),
)

const parsed = ts.parseJsonConfigFileContent(tsconfig, ts.sys, root).options

/** The text of each declaration file, by the name of the source file beside which it stands. */
const emitDeclarations = (): ReadonlyMap<string, string> => {
  const files = new Map<string, string>()
  ts.createProgram([...entryFiles.values()], {
    ...parsed,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
  }).emit(undefined, (name, text) => files.set(name, text))
  return files
}

const resolved = (checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol =>
  symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol

/** Reads declarations from texts, by the names of their files; the entries are by subpath. */
const readDeclarations = (
  files: ReadonlyMap<string, string>,
  entries: ReadonlyMap<string, string>,
): Declarations => {
  const host = ts.createCompilerHost(parsed)
  // Only declarations are read: the sources beside them would be found first.
  const isThere = (file: string): boolean =>
    files.has(file) || (host.fileExists(file) && !file.startsWith(join(root, 'src')))
  const program = ts.createProgram([...entries.values()], parsed, {
    ...host,
    fileExists: isThere,
    readFile: file => files.get(file) ?? host.readFile(file),
    getSourceFile: (file, ...rest) => {
      const text = files.get(file)
      return text === undefined
        ? host.getSourceFile(file, ...rest)
        : ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
    },
  })
  const checker = program.getTypeChecker()
  const exportsOf = (file: string): readonly ts.Symbol[] => {
    const source = program.getSourceFile(file)
    const module = source === undefined ? undefined : checker.getSymbolAtLocation(source)
    return module === undefined
      ? []
      : checker.getExportsOfModule(module).map(symbol => resolved(checker, symbol))
  }
  return {
    checker,
    entries: new Map([...entries].map(([subpath, file]) => [subpath, exportsOf(file)])),
    sources: program.getSourceFiles().filter(({ fileName }) => files.has(fileName)),
    isOurs: node => files.has(node.getSourceFile().fileName),
  }
}

export const ownDeclarations = (): Declarations =>
  readDeclarations(
    emitDeclarations(),
    new Map([...entryFiles].map(([subpath, file]) => [subpath, file.replace(/\.ts$/, '.d.ts')])),
  )
