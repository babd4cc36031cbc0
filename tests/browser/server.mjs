// Starts the real binary for a test and ends exactly that process.
//
// The binary says where it listens in one JSON line on standard output; everything else it prints is kept for the
// message of a failed start. FIELDLINE_BIN names another binary than the debug build.

import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { root } from './browser.mjs'

const TAIL_LINES_MAX = 40

/**
 * Resolves to `{ addresses, pid, stop }` once the first JSON object stands on standard output. `addresses` is that
 * object. `stop()` may be called twice; it asks first (SIGTERM), insists after five seconds, and resolves to
 * `{ code, signal }`.
 */
export async function startServer(options = {}) {
  const { args = [], bin = process.env.FIELDLINE_BIN || 'target/debug/fieldline', env = {}, start_ms_max = 30_000 } = options
  const child = spawn(resolve(root, bin), args, {
    cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'],
  })
  const tail = []
  const keep = (line) => tail.push(line) > TAIL_LINES_MAX && tail.shift()
  const ended = new Promise((done) => {
    child.once('exit', (code, signal) => done({ code, signal }))
    child.once('error', (error) => { keep(error.message); done({ code: -1, signal: null }) })
  })
  // A test process that dies must not leave its server behind.
  const reap = () => child.kill('SIGKILL')
  process.once('exit', reap)
  ended.then(() => process.off('exit', reap))

  const stop = async () => {
    child.kill('SIGTERM')
    const insist = setTimeout(() => child.kill('SIGKILL'), 5_000)
    const how = await ended
    clearTimeout(insist)
    return how
  }

  createInterface({ input: child.stderr }).on('line', keep)
  let alarm
  const addresses = await new Promise((done, fail) => {
    const giveUp = (why) => fail(new Error(`${bin} ${args.join(' ')}: ${why}\n${tail.join('\n')}`))
    alarm = setTimeout(() => giveUp(`no JSON line within ${start_ms_max} ms`), start_ms_max)
    // 'close' comes after the last line of both streams, so the tail is whole.
    child.once('close', (code) => giveUp(`ended with code ${code} before it said where it listens`))
    child.once('error', () => giveUp('cannot be started'))
    createInterface({ input: child.stdout }).on('line', (line) => {
      keep(line)
      const value = asObject(line)
      if (value) done(value)
    })
  }).catch(async (error) => { await stop(); throw error }).finally(() => clearTimeout(alarm))
  return { addresses, pid: child.pid, stop }
}

function asObject(line) {
  try {
    const value = JSON.parse(line)
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}
