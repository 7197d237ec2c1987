import ts from 'typescript'
import type { Declarations } from './declarations'
import { reachableFrom } from './reachable'

/** A member of a public type. */
export interface Member {
  /** Its type and its name, for example `WatchOptions.deadline`. */
  readonly name: string
  readonly isOptional: boolean
  /** Whether it may be `undefined`, apart from being optional. */
  readonly takesUndefined: boolean
  readonly isNumber: boolean
  readonly documentation: string
}

const textOf = (comment: ts.JSDoc['comment']): string => ts.getTextOfJSDocComment(comment) ?? ''

const documentationOf = (node: ts.Node): string =>
  ts
    .getJSDocCommentsAndTags(node)
    .map(comment => textOf(comment.comment))
    .join('\n')

const memberOf = (
  checker: ts.TypeChecker,
  owner: string,
  node: ts.PropertySignature,
): readonly Member[] => {
  if (node.type === undefined || !ts.isIdentifier(node.name)) return []
  const type = checker.getTypeFromTypeNode(node.type)
  const parts = type.isUnion() ? type.types : [type]
  const is = (flag: ts.TypeFlags): boolean => parts.some(part => (part.flags & flag) !== 0)
  return [
    {
      name: `${owner}.${node.name.text}`,
      isOptional: node.questionToken !== undefined,
      takesUndefined: is(ts.TypeFlags.Undefined) || is(ts.TypeFlags.Unknown),
      isNumber: is(ts.TypeFlags.Number),
      documentation: documentationOf(node),
    },
  ]
}

/** The members of all types that can be reached from the exports of the entries. */
export const publicMembers = (declarations: Declarations): readonly Member[] =>
  [...reachableFrom(declarations)].flatMap(symbol => {
    const members: Member[] = []
    const visit = (node: ts.Node): void => {
      if (ts.isPropertySignature(node))
        members.push(...memberOf(declarations.checker, symbol.name, node))
      ts.forEachChild(node, visit)
    }
    symbol.declarations?.forEach(visit)
    return members
  })

/** Links in docstrings to names that are not in the scope of their file. */
export const deadLinks = ({ checker, sources }: Declarations): readonly string[] =>
  sources.flatMap(source => {
    const dead: string[] = []
    const visit = (node: ts.Node): void => {
      for (const doc of ts.getJSDocCommentsAndTags(node)) {
        const parts = typeof doc.comment === 'object' ? doc.comment : []
        for (const part of parts)
          if (
            ts.isJSDocLink(part) &&
            (part.name === undefined || checker.getSymbolAtLocation(part.name) === undefined)
          )
            dead.push(`${source.fileName}: ${part.getText(source)}`)
      }
      ts.forEachChild(node, visit)
    }
    visit(source)
    return [...new Set(dead)]
  })
