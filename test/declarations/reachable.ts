import ts from 'typescript'
import type { Declarations } from './declarations'

const namesIn = (node: ts.Node): readonly ts.Identifier[] => {
  const names: ts.Identifier[] = []
  const visit = (child: ts.Node): void => {
    if (ts.isIdentifier(child)) names.push(child)
    ts.forEachChild(child, visit)
  }
  visit(node)
  return names
}

/** Whether a module declares it at its top level: not a member, parameter or type parameter. */
const isTopLevel = (declaration: ts.Declaration): boolean => {
  const statement = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration
  return ts.isSourceFile(statement.parent)
}

/** The declarations of this package that a declaration refers to. */
const namedBy = (
  { checker, isOurs }: Declarations,
  declaration: ts.Declaration,
): readonly ts.Symbol[] =>
  namesIn(declaration).flatMap(name => {
    const found = checker.getSymbolAtLocation(name)
    if (found === undefined) return []
    const symbol = found.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(found) : found
    return symbol.declarations?.some(each => isOurs(each) && isTopLevel(each)) === true
      ? [symbol]
      : []
  })

/** Everything reachable from the exports of the entries, including the exports. */
export const reachableFrom = (declarations: Declarations): ReadonlySet<ts.Symbol> => {
  const reached = new Set<ts.Symbol>()
  const reach = (symbol: ts.Symbol): void => {
    if (reached.has(symbol)) return
    reached.add(symbol)
    for (const declaration of symbol.declarations ?? [])
      namedBy(declarations, declaration).forEach(reach)
  }
  for (const exported of declarations.entries.values()) exported.forEach(reach)
  return reached
}
