// Runs every *.test.mjs of this folder, one file after the other, and closes with one line that scripts/test.sh reads.
//
//     node run.mjs [file...]

import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'

// The runner's limit is for a whole file; single waits are limited in browser.mjs and server.mjs.
const FILE_MS_MAX = 600_000

const here = fileURLToPath(new URL('.', import.meta.url))
const named = process.argv.slice(2)
const files = (named.length ? named : readdirSync(here).filter((name) => name.endsWith('.test.mjs')).sort())
  .map((name) => here + name.split('/').pop())

const count = { passed: 0, failed: 0, skipped: 0 }
// Only leaves count: a describe() block, or the entry the runner makes for a whole file, is not a test of its own,
// unless it failed by itself (a file that does not load).
const isLeaf = ({ details, name }) => details?.type !== 'suite' && !files.includes(name)

const tests = run({ files, concurrency: 1, timeout: FILE_MS_MAX })
tests.on('test:pass', (event) => {
  if (event.skip !== undefined || event.todo !== undefined) count.skipped += 1
  else if (isLeaf(event)) count.passed += 1
})
tests.on('test:fail', (event) => {
  if (event.todo !== undefined) count.skipped += 1
  else if (isLeaf(event) || event.details?.error?.failureType !== 'subtestsFailed') count.failed += 1
})
tests.on('end', () => {
  // Leave through the pipe's end, so that the report above is written out first.
  process.on('exit', () => {
    const word = count.failed ? 'FAILED' : 'ok'
    console.log(`browser result: ${word}. ${count.passed} passed; ${count.failed} failed; ${count.skipped} skipped`)
    if (count.failed || count.passed + count.skipped === 0) process.exitCode = 1
  })
})
tests.compose(new spec()).pipe(process.stdout)
