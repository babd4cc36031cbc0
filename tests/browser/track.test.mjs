// The customer's page through a whole visit: live with script, by reloading without, small, and closed to guesses.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { axe, browse, bytesOf, everyLook, noFaults, noHorizontalScroll, open, screenshot } from './browser.mjs'
import { STROKES, assign, newTicket, openCompany, signIn } from './company.mjs'

const BYTES_MAX = 50_000
const SHOWN = ['track-way.phone.zh-CN', 'track-way.phone.en', 'track-done.phone.zh-CN', 'track-done.phone.en']

let browser, company, desk

async function picture(page, name) {
  const screens = process.env.SCREENS
  if (!SHOWN.includes(`${name}.${page.look}`)) delete process.env.SCREENS
  try {
    return await screenshot(page, name)
  } finally {
    if (screens) process.env.SCREENS = screens
  }
}

before(async () => {
  company = await openCompany()
  browser = await browse()
  desk = await open(browser, 'desk', 'en')
  await signIn(desk, company)
})

after(async () => {
  await browser?.close()
  await company?.close()
})

const report = { customer: 'Mingcheng Law Firm', serial: 'MLP32-24A0187', fault: '三楼打印机卡纸，清理后仍反复出现' }
const headline = (page) => page.textContent('.headline h1')
const current = (page) => page.textContent('[aria-current="step"] .word')

test('a customer follows a whole visit without touching the page', { timeout: 120_000 }, async () => {
  const { number, track } = await newTicket(desk, company, report)
  const page = await open(browser, 'phone', 'en')
  await page.goto(track)
  assert.match(await current(page), /Received/)
  await assign(desk, 'Chen Liqun')
  await page.waitForSelector('[aria-current="step"]:has-text("Assigning")')
  assert.equal(await page.$('.engineer'), null, 'no name before he sets out')
  const phone = await company.phone('陈立群')
  const steps = [
    [['accept', number], 'Assigning'],
    [['depart', number, '--eta', '25'], 'On the way'],
    [['arrive', number], 'Arrived'],
    [['start', number], 'In progress'],
  ]
  await phone('sync')
  for (const [step, label] of steps) {
    await phone(...step)
    await phone('sync')
    await page.waitForSelector(`[aria-current="step"]:has-text("${label}")`)
    if (label === 'On the way') {
      assert.match(await headline(page), /Arriving \d\d:\d\d-\d\d:\d\d/)
      assert.match(await page.textContent('.engineer'), /Chen Liqun/)
    }
  }
  await phone('sign', number, '周婉如', '--path', STROKES)
  await phone('finish', number, '--result', 'fixed', '--text', '更换搓纸轮')
  await phone('sync')
  await page.waitForSelector('[aria-current="step"]:has-text("Done")')
  assert.match(await headline(page), /Fixed/)
  assert.equal(await page.$('.engineer'), null, 'no name after he is done')
  await page.reload()
  await page.check('input[name=rating][value="5"]', { force: true })
  await page.click('form[action$="/rating"] button')
  await page.waitForSelector('h2:has-text("5 of 5")')
  noFaults(page)
  await page.context().close()
})

test('the page is small, fits and reads at every step, size and language', { timeout: 300_000 }, async () => {
  const { number, track } = await newTicket(desk, company, report)
  const look = (name) => everyLook(browser, async (page) => {
    await page.goto(track)
    await noHorizontalScroll(page)
    await axe(page)
    noFaults(page)
    assert.ok(await bytesOf(page) < BYTES_MAX, `${await bytesOf(page)} bytes`)
    await picture(page, name)
  })
  await look('track-received')
  await assign(desk, 'Chen Liqun')
  const phone = await company.phone('陈立群')
  await phone('sync')
  for (const step of [['accept', number], ['depart', number, '--eta', '25'], ['sync']]) await phone(...step)
  await look('track-way')
  for (const step of [['arrive', number], ['start', number], ['sign', number, '周婉如', '--path', STROKES],
    ['finish', number, '--result', 'fixed', '--text', '更换搓纸轮'], ['sync']]) await phone(...step)
  await look('track-done')
  await everyLook(browser, async (page) => {
    for (const form of ['message', 'time']) {
      await page.goto(`${track}/${form}`)
      await noHorizontalScroll(page)
      await axe(page)
      await picture(page, `track-${form}`)
    }
  })
})

test('without script everything can be said and is there after the next page', async () => {
  const { track } = await newTicket(desk, company, report)
  const page = await open(browser, 'phone', 'zh-CN', { javaScriptEnabled: false })
  await page.goto(track)
  await noHorizontalScroll(page)
  await page.click('form[action$="/urge"] button')
  assert.match(await page.textContent('main'), /催单已收到/)
  await page.click('a[href$="/message"]')
  await page.fill('#text', '   ')
  await page.click('button.primary')
  assert.match(await page.textContent('main'), /请填写此项/)
  await page.fill('#text', '请从东门进 <script>alert(1)</script>')
  await page.click('button.primary')
  assert.match(await page.textContent('.messages'), /请从东门进 <script>alert/)
  await page.click('a[href$="/time"]')
  await page.fill('#from', '2020-01-01T09:00')
  await page.fill('#to', '2020-01-01T10:00')
  await page.click('button.primary')
  assert.equal(await page.inputValue('#from'), '2020-01-01T09:00')
  assert.match(await page.textContent('main'), /时间已过/)
  // Opened before too much was written, sent after it.
  const early = await page.context().newPage()
  await early.goto(`${track}/message`)
  for (const words of ['一', '二', '三', '四']) {
    await page.goto(`${track}/message`)
    await page.fill('#text', words)
    await page.click('button.primary')
  }
  await page.goto(`${track}/message`)
  assert.equal(await page.$('#text'), null, 'nothing is asked for that would not be sent')
  await early.fill('#text', '门禁码 4711')
  await early.click('button.primary')
  assert.match(await early.textContent('main'), /没有发送.*\d\d:\d\d 后可以再发/)
  assert.equal(await early.inputValue('#text'), '门禁码 4711', 'what was not sent is still there')
  await page.context().close()
})

test('a cancelled ticket on which somebody worked says both, and reads at every size', { timeout: 120_000 }, async () => {
  const { id, number, track } = await newTicket(desk, company, report)
  await assign(desk, 'Chen Liqun')
  const phone = await company.phone('陈立群')
  await phone('sync')
  await desk.goto(`${company.origin}/hq/tickets/${id}`)
  const cancel = 'form[action$="/cancel"]'
  await desk.$$eval('details', (all) => all.forEach((one) => { one.open = true }))
  await Promise.all([desk.waitForURL(/\/hq\/tickets\//), desk.click(`${cancel} button`)])
  await phone('offline')
  for (const step of [['accept', number], ['depart', number], ['arrive', number], ['start', number],
    ['finish', number, '--result', 'fixed', '--text', '更换搓纸轮']]) await phone(...step)
  const look = (headline, step) => everyLook(browser, async (page, size, language) => {
    await page.goto(track)
    await noHorizontalScroll(page)
    await axe(page)
    noFaults(page)
    if (language !== 'en') return
    assert.match(await page.textContent('.headline h1'), headline)
    assert.match(await current(page), step)
    assert.equal(await page.$('.c-done'), null, 'nothing is green')
  })
  await look(/This ticket is cancelled/, /Done.*Cancelled/)
  await phone('online')
  await look(/Cancelled, but an engineer still came/, /Done.*Completed after cancellation/)
})

test('a wrong, an ended and a forged link look exactly alike', async () => {
  const { track } = await newTicket(desk, company, report)
  const page = await open(browser, 'phone', 'en')
  await page.goto(track)
  await Promise.all([desk.waitForURL(/\/hq\/tickets\//), desk.click('form[action$="/link"] button')])
  const answer = async (url) => {
    const got = await page.request.get(url)
    return [got.status(), await got.text()].join()
  }
  const [path, token] = [track.slice(0, track.lastIndexOf('/') + 1), track.split('/').at(-1)]
  const ended = await answer(track)
  assert.match(ended, /^404/)
  for (const wrong of ['x', token.replace(/^./, (c) => (c === 'A' ? 'B' : 'A')), `${token}/live`, `${token}/message`, '%00']) {
    assert.equal(await answer(path + wrong), ended, wrong)
  }
  await page.context().close()
})
