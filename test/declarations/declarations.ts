import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import ts from 'typescript'
import { exports as subpaths } from '../../package.json'
import tsconfig from '../../tsconfig.json'
import { runTypeScript7 } from '../typescript7'

/** The declarations that the package ships, one file for each source file. */
export interface Declarations {
  readonly checker: ts.TypeChecker
  /** The exported symbols of each entry, by its subpath. Aliases are resolved. */
  readonly entries: ReadonlyMap<string, readonly ts.Symbol[]>
  /** The source files of this package. */
  readonly sources: readonly ts.SourceFile[]
  /** Whether a node is in a declaration of this package. */
  readonly isOurs: (node: ts.Node) => boolean
}

const root = join(__dirname, '../..')

const folder = join(root, 'node_modules/.cache/declarations')

/** The entries of the package that are modules. */
const entryFiles: ReadonlyMap<string, string> = new Map(
  Object.keys(subpaths)
    .filter(subpath => !subpath.endsWith('.json'))
    .map(subpath => [subpath, join('src', subpath, 'index')]),
)

const resolved = (checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol =>
  symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol

/** Emits the declarations of the package and reads them. */
export const ownDeclarations = async (): Promise<Declarations> => {
  await rm(folder, { recursive: true, force: true })
  const errors = await runTypeScript7(folder, {
    files: [...entryFiles.values()].map(file => join(root, `${file}.ts`)),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      rootDir: root,
      outDir: folder,
    },
  })
  if (errors.length > 0) throw new Error(errors.join('\n'))
  const entries = [...entryFiles].map(
    ([subpath, file]) => [subpath, join(folder, `${file}.d.ts`)] as const,
  )
  const { options } = ts.parseJsonConfigFileContent(tsconfig, ts.sys, root)
  const program = ts.createProgram(
    entries.map(([, file]) => file),
    options,
  )
  const checker = program.getTypeChecker()
  const exportsOf = (file: string): readonly ts.Symbol[] => {
    const source = program.getSourceFile(file)
    const module = source && checker.getSymbolAtLocation(source)
    return module === undefined
      ? []
      : checker.getExportsOfModule(module).map(symbol => resolved(checker, symbol))
  }
  const isOurs = ({ fileName }: ts.SourceFile): boolean => fileName.startsWith(folder)
  return {
    checker,
    entries: new Map(entries.map(([subpath, file]) => [subpath, exportsOf(file)])),
    sources: program.getSourceFiles().filter(isOurs),
    isOurs: node => isOurs(node.getSourceFile()),
  }
}
