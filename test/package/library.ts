import { join } from 'node:path'
import ts from 'typescript'

/** Whether all values of a type are plain objects, which can be spread. */
const isObject = (type: ts.Type): boolean =>
  type.isUnion()
    ? type.types.every(isObject)
    : type.isIntersection()
      ? type.types.every(isObject)
      : (type.flags & ts.TypeFlags.Object) !== 0 && type.getCallSignatures().length === 0

/** The type arguments of a generic type: the widest one for each parameter without a default. */
const typeArguments = (module: string, symbol: ts.Symbol): string => {
  const parameters = (symbol.declarations ?? [])
    .filter(each => ts.isInterfaceDeclaration(each) || ts.isTypeAliasDeclaration(each))
    .flatMap(each => each.typeParameters ?? [])
    .filter(parameter => parameter.default === undefined)
  // The constraint names types of the same entry.
  const named = (text: string): string => text.replace(/\b[A-Z]\w*/g, `${module}.$&`)
  const widest = parameters.map(({ constraint }) => named(constraint?.getText() ?? 'unknown'))
  return widest.length === 0 ? '' : `<${widest.join(', ')}>`
}

/** Every use of an export for which the compiler has to emit its types. */
const wrapped = (
  checker: ts.TypeChecker,
  module: string,
  exported: ts.Symbol,
): readonly string[] => {
  const symbol =
    exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
  const name = `${module}.${exported.name}`
  const own = `${module}_${exported.name}`
  const isType = (symbol.flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias)) !== 0
  const type = isType ? name + typeArguments(module, symbol) : name
  const isValue = (symbol.flags & ts.SymbolFlags.Value) !== 0
  const isFunction = isValue && checker.getTypeOfSymbol(symbol).getCallSignatures().length > 0
  return [
    ...(isValue ? [`export const same_${own} = ${name}`] : []),
    ...(isFunction
      ? [
          `export const call_${own} = (...given: Parameters<typeof ${name}>) => ${name}(...given)`,
          `export const async_${own} = async (...given: Parameters<typeof ${name}>) => ({ made: ${name}(...given) })`,
        ]
      : []),
    ...(isType ? [`export const take_${own} = (value: ${type}) => [value] as const`] : []),
    ...(isType && isObject(checker.getDeclaredTypeOfSymbol(symbol))
      ? [
          `export const spread_${own} = (value: ${type}) => ({ ...value })`,
          `export const member_${own} = <K extends keyof ${type}>(value: ${type}, key: K) => value[key]`,
        ]
      : []),
  ]
}

/**
 * The text of a library that re-exports and wraps every export of every entry, without a type annotation.
 * The entries are declaration files in a folder, by import name.
 */
export const libraryOf = (folder: string, entries: Readonly<Record<string, string>>): string => {
  const program = ts.createProgram(
    Object.values(entries).map(file => join(folder, file)),
    { module: ts.ModuleKind.NodeNext, lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'], types: [] },
  )
  const checker = program.getTypeChecker()
  return Object.entries(entries)
    .flatMap(([specifier, file], i) => {
      const module = `entry${String(i)}`
      const source = program.getSourceFile(join(folder, file))
      const symbol = source && checker.getSymbolAtLocation(source)
      const exported = symbol === undefined ? [] : checker.getExportsOfModule(symbol)
      return [
        `import * as ${module} from '${specifier}'`,
        `export * as all_${module} from '${specifier}'`,
        ...exported.flatMap(each => wrapped(checker, module, each)),
      ]
    })
    .join('\n')
}
