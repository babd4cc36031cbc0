// A real Chromium for the page tests, and the questions we ask of every page.
//
// The browser comes from the system (CHROMIUM names another), never from a download. Each `browse()` starts one with a
// profile directory of its own, removed at the end. Every helper throws an AssertionError that names what is wrong.

import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import axeCore from 'axe-core'

export const root = fileURLToPath(new URL('../../', import.meta.url))

/** The two sizes of LOOK: a customer's or engineer's phone, and a desk at headquarters. */
export const sizes = {
  phone: { viewport: { width: 360, height: 800 }, isMobile: true, hasTouch: true },
  desk: { viewport: { width: 1440, height: 900 }, isMobile: false, hasTouch: false },
}
export const languages = ['zh-CN', 'en']

const args = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
]

/** Starts a browser. Playwright gives it a fresh user-data-dir and removes that on `close()`. */
export async function browse() {
  return chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', headless: true, args })
}

const bodies = new WeakMap()
const faults = new WeakMap()

/**
 * A page in its own context: no cookies, cache or storage of another one.
 * `options` are Playwright's context options, `{ javaScriptEnabled: false }` for example.
 */
export async function open(browser, size, language, options = {}) {
  const context = await browser.newContext({
    ...sizes[size], locale: language, timezoneId: 'Asia/Shanghai', ...options,
  })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  bodies.set(page, [])
  faults.set(page, [])
  page.on('requestfinished', (request) => {
    const length = bodyLength(request)
    // A page that moves on takes its bodies with it; only who asks for the sum is told.
    length.catch(() => {})
    bodies.get(page).push(length)
  })
  page.on('pageerror', (error) => faults.get(page).push(`script: ${error.message}`))
  page.on('console', (line) => line.type() === 'error' && faults.get(page).push(`console: ${line.text()}`))
  page.look = `${size}.${language}`
  page.scripted = options.javaScriptEnabled !== false
  return page
}

/** Runs `look(page, size, language)` for both sizes and both languages. */
export async function everyLook(browser, look, options = {}) {
  for (const size of Object.keys(sizes)) {
    for (const language of languages) {
      const page = await open(browser, size, language, options)
      try {
        await look(page, size, language)
      } finally {
        await page.context().close()
      }
    }
  }
}

/** Nothing reaches beyond the right edge: neither content nor a page laid out wider than the screen. */
export async function noHorizontalScroll(page) {
  const asked = page.viewportSize().width
  const { wide, guilty } = await page.evaluate((asked) => {
    const top = document.documentElement
    const limit = Math.min(asked, top.clientWidth)
    const guilty = [...document.body.querySelectorAll('*')]
      .filter((element) => element.getBoundingClientRect().right > limit + 0.5)
      .map((element) => element.tagName.toLowerCase() + (element.id ? `#${element.id}` : ''))
    return { wide: Math.max(top.scrollWidth, document.body.scrollWidth) - limit, guilty: guilty.slice(0, 5) }
  }, asked)
  assert.ok(wide <= 0, `scrolls sideways by ${wide} px at ${asked} px: ${guilty.join(', ')}`)
}

/**
 * No serious or critical accessibility violation. axe waits on timers, which stand still on a page without script:
 * open such a page once more with script to judge it.
 */
export async function axe(page) {
  assert.ok(page.scripted, 'axe needs a page opened with script')
  // A session evaluates beside the page's content security policy, which stays in force for the page itself.
  const session = await page.context().newCDPSession(page)
  const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
    expression: `${axeCore.source}; axe.run({ resultTypes: ['violations'] }).then((r) => JSON.stringify(r.violations))`,
    awaitPromise: true,
  })
  await session.detach()
  assert.ok(!exceptionDetails, `axe did not run: ${exceptionDetails?.exception?.description}`)
  const found = JSON.parse(result.value)
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${id}: ${help} (${nodes.map((node) => node.target.join(' ')).slice(0, 3).join(', ')})`)
  assert.deepEqual(found, [], `accessibility at ${page.look}:\n  ${found.join('\n  ')}`)
}

/**
 * Bytes of all response bodies so far, after decompression: what the device must hold and parse.
 * A stream that is still open (live updates) is not counted.
 */
export async function bytesOf(page) {
  await page.waitForLoadState('load')
  const lengths = await Promise.all(bodies.get(page))
  return lengths.reduce((sum, length) => sum + length, 0)
}

/** No script error and nothing on the console at error level. */
export function noFaults(page) {
  assert.deepEqual(faults.get(page), [])
}

/** A picture in target/screens, with SCREENS=1 also in docs/screens; returns the first one's path. */
export async function screenshot(page, name) {
  const folders = ['target/screens/']
  if (process.env.SCREENS === '1') folders.push('docs/screens/')
  for (const folder of folders) {
    await mkdir(root + folder, { recursive: true })
    await page.screenshot({ path: `${root}${folder}${name}.${page.look}.png`, animations: 'disabled' })
  }
  return `${root}${folders[0]}${name}.${page.look}.png`
}

async function bodyLength(request) {
  const response = await request.response()
  const hasBody = response && ![204, 304].includes(response.status()) && !(response.status() >= 300 && response.status() < 400)
  return hasBody ? (await response.body()).length : 0
}
