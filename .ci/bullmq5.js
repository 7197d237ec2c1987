import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { installOutOfTree } from './outOfTree.js'

/** Checks the types of the queue against BullMQ 5, and runs its tests with it. Development uses 6. */
const folder = installOutOfTree('bullmq5', { bullmq: '5.81.5', ioredis: '5.11.1' })
const bullmq = `${folder}/node_modules/bullmq`

const config = `${folder}/tsconfig.json`
const paths = { '#platform': ['../../../src/platform/node.ts'], bullmq: [bullmq] }
writeFileSync(
  config,
  JSON.stringify({
    extends: '../../../tsconfig.json',
    compilerOptions: { paths, allowJs: false, checkJs: false, types: ['node'] },
    include: ['../../../src/bullmq/**/*.ts'],
  }),
)

/** @type {(program: string, ...words: string[]) => void} */
const run = (program, ...words) => {
  const { status } = spawnSync(process.execPath, [program, ...words], {
    stdio: 'inherit',
    env: { ...process.env, BULLMQ: bullmq },
  })
  if (status !== 0) process.exit(1)
}

run('node_modules/typescript7/bin/tsc', '-p', config)
run('node_modules/jest/bin/jest.js', 'test/bullmq', ...process.argv.slice(2))
