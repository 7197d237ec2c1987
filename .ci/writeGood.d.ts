declare module 'write-good' {
  interface Found {
    readonly index: number
    readonly reason: string
  }
  const writeGood: (text: string, checks: Readonly<Record<string, boolean>>) => readonly Found[]
  export default writeGood
}
