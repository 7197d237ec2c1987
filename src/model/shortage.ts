/** This machine has no file descriptor, port or buffer left for one more connection. */
const shortages: readonly string[] = ['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS']

/**
 * Whether the code of an `Unreachable` says that this machine is short of what a connection takes.
 * The server was not asked, so nothing is learned about it.
 */
export const isShortage = (code: string): boolean => shortages.includes(code)
