/** What a command uses of the process that it runs in. */
export type Host = Pick<NodeJS.Process, 'argv' | 'cwd' | 'env' | 'stdin' | 'stdout' | 'stderr'>
