// A company on the real binary: people, customers, machines and parts of an invented one, a server on a free port, and
// phones in a terminal. Everything lies in a directory of its own that `close()` removes.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { root } from './browser.mjs'
import { startServer } from './server.mjs'

const PASSWORD = 'a horse in a staple battery'
const bin = resolve(root, process.env.FIELDLINE_BIN || 'target/debug/fieldline')
const table = (name) => resolve(root, `demo/csv/${name}.csv`)

/** Runs the program once; resolves to the object it answers. */
export function run(args, input = '') {
  return new Promise((done, fail) => {
    const child = execFile(bin, [...args, '--json'], { timeout: 60_000 }, (error, out, err) => {
      if (error) return fail(new Error(`fieldline ${args.join(' ')}: ${out}${err}${error.code}`))
      const line = out.trim().split('\n').at(-1)
      done(line ? JSON.parse(line) : {})
    })
    // A program that ends without reading leaves a broken pipe; its exit code says what was wrong.
    child.stdin.on('error', (error) => error.code === 'EPIPE' || fail(error))
    child.stdin.end(input)
  })
}

/** Strokes as a finger leaves them on the glass. */
export const STROKES = 'M40 120L70 60L95 130L120 70L150 120L190 110M220 60L225 130L260 95L300 125L340 80L390 120L470 100'

/** Opens the company: `{ origin, data, person, engineer, link, phone, close }`. */
export async function openCompany(name = '安恒设备服务') {
  const home = await mkdtemp(join(tmpdir(), 'fieldline-browser-'))
  const data = join(home, 'data')
  await run(['admin', 'init', '--data', data, '--name', name, '--admin', 'chen', '--password-stdin',
    '--customers', table('customers'), '--assets', table('assets'), '--parts', table('parts'),
    '--engineers', table('engineers')], `${PASSWORD}\n`)
  const server = await startServer({ args: ['serve', '--data', data, '--listen', '127.0.0.1:0', '--json'], bin })
  const origin = Object.values(server.addresses).find((value) => /^http:\/\//.test(value))
  assert.ok(origin, `no address in ${JSON.stringify(server.addresses)}`)
  return {
    origin: origin.replace(/\/$/, ''),
    data,
    person: { name: 'chen', password: PASSWORD },
    /** An engineer's phone, enrolled: `phone('accept', 'T-000001')`, then `phone('sync')`. */
    async phone(engineer) {
      const { code } = await run(['admin', 'enrol-code', '--data', data, engineer])
      const store = join(home, `phone-${code}`)
      const phone = (...args) => run(['phone', '--store', store, ...args])
      await phone('enrol', this.origin, code)
      return phone
    },
    async close() {
      await server.stop()
      await rm(home, { recursive: true, force: true })
    },
  }
}

/** Signs in through the form. */
export async function signIn(page, company, next = '/hq') {
  await page.goto(company.origin + next)
  await page.fill('#name', company.person.name)
  await page.fill('#password', company.person.password)
  await Promise.all([page.waitForURL((url) => url.pathname.startsWith(next)), page.click('button.primary')])
}

/** Takes a report through the form and ends on the ticket's page; resolves to `{ id, number, track }`. */
export async function newTicket(page, company, { customer, serial, fault }) {
  await page.goto(`${company.origin}/hq/tickets/new`)
  const value = (list, text) => page.$$eval(`#${list}-list option`, (options, text) => {
    return options.find((option) => `${option.value} ${option.textContent}`.includes(text))?.value
  }, text)
  await page.fill('#customer', await value('customer', customer))
  if (serial) await page.fill('#asset', await value('asset', serial))
  await page.fill('#fault_text', fault)
  await Promise.all([page.waitForURL(/\/hq\/tickets\/[0-9A-Z]{26}$/), page.click('main button.primary')])
  const number = (await page.textContent('#ticket-head h1')).match(/T-\d+/)[0]
  return { id: page.url().split('/').at(-1), number, track: await page.inputValue('#link-text') }
}

/** Assigns the ticket on whose page we are; resolves to the name chosen. */
export async function assign(page, engineer) {
  const option = await page.$$eval('#assign-engineer option', (options, name) => {
    return options.find((option) => option.textContent.includes(name))?.value
  }, engineer)
  await page.selectOption('#assign-engineer', option)
  await Promise.all([page.waitForURL(/\/hq\/tickets\//), page.click('form[action$="/assign"] button.primary')])
}
