import type { PathTemplate } from '../platform/imitatedPlatform'

/** Matches the paths of a template. The parameters in braces are groups. */
export const pathPattern = (template: PathTemplate): RegExp =>
  new RegExp(`^${template.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`)
