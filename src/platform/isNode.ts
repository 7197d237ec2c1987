/**
 * Whether this is Node. Bun and Deno run the same file, but replace the modules that cross-fetch needs,
 * and have other error messages.
 */
export const isNode = (): boolean => !('bun' in process.versions || 'deno' in process.versions)
