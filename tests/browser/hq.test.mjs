// HQ's journeys: sign in, the queue, a ticket, assigning, and the same pages at both sizes and in both languages.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { axe, browse, everyLook, noFaults, noHorizontalScroll, open, screenshot } from './browser.mjs'
import { STROKES, assign, newTicket, openCompany, signIn } from './company.mjs'

/** These go into the documentation; of the rest only target/screens keeps pictures. */
const SHOWN = ['hq-queue.desk.zh-CN', 'hq-queue.desk.en', 'hq-ticket.desk.zh-CN', 'hq-ticket.desk.en', 'hq-queue.phone.zh-CN']

let browser, company, ticket, worked, cancelled, lost, chen

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
  const page = await open(browser, 'desk', 'zh-CN')
  await signIn(page, company)
  const faults = [
    ['明澄律师事务所', 'MLP32-24A0187', '三楼打印机卡纸，清理后仍反复出现'],
    ['晨曦幼儿园', null, '空调不制冷，室外机有异响'],
    ['明澄律师事务所', 'IT880-23C1042', '网络时断时续'],
  ]
  for (const [customer, serial, fault] of faults) ticket = await newTicket(page, company, { customer, serial, fault })
  worked = await newTicket(page, company, {
    customer: '明澄律师事务所', serial: 'MLP32-24A0187', fault: '复印时右侧有竖条纹，换粉后仍有',
  })
  await assign(page, '陈立群')
  const phone = chen = await company.phone('陈立群')
  await phone('sync')
  for (const [step, ...rest] of [['accept'], ['depart', '--eta', '20'], ['arrive'], ['start'], ['use-part', 'P001'],
    ['note', '硒鼓刮伤，已换新；客户要求顺便检查二号机']]) await phone(step, worked.number, ...rest)
  await phone('sync')
  cancelled = await completedAfterCancellation(page)
  lost = await heldOnRevokedPhone(page)
  await page.context().close()
})

/** A ticket in which everything that people name is long and has no place to break. */
async function longNamed(page) {
  const words = { customer: 'Donaudampfschifffahrts'.repeat(5), contact: 'Rindfleisch'.repeat(9), phone: '021 0000 9999',
    district: 'Llanfairpwllgwyngyll'.repeat(4), address: 'Taumatawhakatangi'.repeat(6), fault_text: 'Kaputtgegangen'.repeat(9) }
  await page.goto(`${company.origin}/hq/tickets/new`)
  for (const field of ['customer', 'fault_text']) await page.fill(`#${field}`, words[field])
  await page.click('main button.primary')
  for (const field of ['contact', 'phone', 'district', 'address']) await page.fill(`#${field}`, words[field])
  await Promise.all([page.waitForURL(/\/hq\/tickets\/[0-9A-Z]{26}$/), page.click('main button.primary')])
  return { id: page.url().split('/').at(-1) }
}

const visit = ['accept', 'depart', 'arrive', 'start']

/** A ticket that HQ cancels while the engineer, out of reach, completes it. */
async function completedAfterCancellation(page) {
  const made = await newTicket(page, company, {
    customer: '明澄律师事务所', serial: 'IT880-23C1042', fault: '交换机端口全部不亮，整层无法上网',
  })
  await assign(page, '顾海燕')
  const phone = await company.phone('顾海燕')
  await phone('sync')
  await phone('offline')
  await page.click('summary:has-text("取消工单")')
  await page.selectOption('#cancel-reason', 'self')
  await Promise.all([page.waitForURL(/\/hq\/tickets\//), page.click('form[action$="/cancel"] button')])
  for (const step of visit) await phone(step, made.number)
  await phone('use-part', made.number, 'P001', '2')
  await phone('sign', made.number, '周婉如', '--path', STROKES)
  await phone('finish', made.number, '--result', 'partly', '--text', '换了电源模块，两个端口仍不亮，需再来一次')
  await phone('online')
  return made
}

/** A ticket whose engineer's phone is revoked before it comes back with work. */
async function heldOnRevokedPhone(page) {
  const made = await newTicket(page, company, {
    customer: '晨曦幼儿园', serial: null, fault: '二楼活动室空调滴水，地面湿滑',
  })
  await assign(page, '孙晓峰')
  const phone = await company.phone('孙晓峰')
  await phone('sync')
  await phone('offline')
  await page.goto(`${company.origin}/hq/engineers`)
  await page.click('tr:has-text("孙晓峰") a[href$="/revoke"]')
  await Promise.all([page.waitForURL(/\/hq\/engineers$/), page.click('button.danger')])
  for (const step of visit) await phone(step, made.number)
  await phone('note', made.number, '排水管被树叶堵死，已疏通；' + '室外机支架锈蚀，建议一个月内更换。'.repeat(6))
  await phone('finish', made.number, '--result', 'fixed', '--text', '疏通排水管并清洗滤网')
  // The phone says that it is revoked, and HQ has the work all the same.
  await phone('online').catch((error) => error)
  return made
}

after(async () => {
  await browser?.close()
  await company?.close()
})

test('signing in leads to the page that was asked for, and a wrong password says nothing more than that', async () => {
  const page = await open(browser, 'desk', 'en')
  await page.goto(`${company.origin}/hq/engineers`)
  await page.fill('#name', 'chen')
  await page.fill('#password', 'wrong')
  await page.click('button.primary')
  assert.match(await page.textContent('.flash'), /not right/)
  assert.equal(await page.inputValue('#name'), 'chen')
  await page.fill('#password', company.person.password)
  await Promise.all([page.waitForURL(/\/hq\/engineers$/), page.click('button.primary')])
  await page.click('.top form button')
  await page.waitForURL(/\/sign-in$/)
  await page.goto(`${company.origin}/hq`)
  assert.match(page.url(), /\/sign-in\?next=/)
  await page.context().close()
})

test('a dispatcher finds a ticket, assigns it and reads it in the timeline', async () => {
  const page = await open(browser, 'desk', 'en')
  await signIn(page, company)
  await page.fill('#q', ticket.number)
  await page.press('#q', 'Enter')
  await page.click(`tr a:has-text("${ticket.number}")`)
  await assign(page, 'Chen Liqun')
  assert.match(await page.textContent('.flash'), /Assigned to Chen Liqun/)
  assert.match(await page.textContent('.timeline'), /Offered to Chen Liqun/)
  await page.reload()
  assert.equal(await page.$('.flash'), null, 'what was done is told once')
  noFaults(page)
  await page.context().close()
})

test('two desks see the same: a row and a line appear by themselves', async () => {
  const [one, other] = [await open(browser, 'desk', 'en'), await open(browser, 'desk', 'zh-CN')]
  await signIn(one, company)
  await signIn(other, company, '/hq')
  await other.waitForSelector('body.is-live')
  await one.goto(`${company.origin}/hq/tickets/${ticket.id}`)
  await one.click('summary:has-text("Add a note")')
  await one.fill('#note', '客户下午三点后在 <b>办公室</b>')
  const row = other.locator(`#t-${ticket.id}`)
  await Promise.all([
    row.and(other.locator('.glow')).waitFor(),
    one.click('form[action$="/note"] button'),
  ])
  const third = await open(browser, 'desk', 'en')
  await signIn(third, company, `/hq/tickets/${ticket.id}`)
  await third.waitForSelector('body.is-live')
  await one.click('summary:has-text("Add a note")')
  await one.fill('#note', 'Bring the long ladder')
  await Promise.all([
    third.waitForSelector('.timeline li:has-text("Bring the long ladder")'),
    one.click('form[action$="/note"] button'),
  ])
  assert.equal(await third.locator('#part-notes b').count(), 0, 'typed markup stays text')
  for (const page of [one, other, third]) {
    noFaults(page)
    await page.context().close()
  }
})

test('a new customer is asked about once and made with the ticket', async () => {
  const page = await open(browser, 'desk', 'en')
  await signIn(page, company)
  await page.goto(`${company.origin}/hq/tickets/new`)
  await page.fill('#customer', 'Blue Heron Bakery')
  await page.fill('#fault_text', 'The oven does not heat')
  await page.click('main button.primary')
  assert.equal(await page.inputValue('#fault_text'), 'The oven does not heat')
  await page.fill('#contact', 'Ada Moss')
  await page.fill('#phone', '021 0000 4455')
  await page.fill('#address', '12 Mill Lane')
  await axe(page)
  await picture(page, 'hq-new-customer')
  await Promise.all([page.waitForURL(/\/hq\/tickets\/[0-9A-Z]{26}$/), page.click('main button.primary')])
  assert.match(await page.textContent('main'), /Blue Heron Bakery[^]*02100004455[^]*12 Mill Lane/)
  await page.context().close()
})

test('the report of a cancelled ticket is read in the engineer\'s words, before and after the review', async () => {
  const page = await open(browser, 'desk', 'en')
  await signIn(page, company)
  assert.match(await page.textContent(`#t-${cancelled.id}`), /Cancelled[^]*Needs review/)
  await page.goto(`${company.origin}/hq/tickets/${cancelled.id}`)
  for (const place of ['#part-reviews', '#part-report']) {
    assert.match(await page.textContent(place), /Partly fixed[^]*换了电源模块，两个端口仍不亮[^]*P001[^]*× 2/)
  }
  assert.match(await page.textContent('#part-report'), /HQ cancelled the ticket/)
  assert.doesNotMatch(await page.textContent('main'), /appears here after completion/)
  assert.match(await page.textContent('.timeline'), /Cancelled: The customer solved it/)
  await page.context().close()
})

test('work of a revoked phone is found, read and taken over', async () => {
  const page = await open(browser, 'desk', 'en')
  await signIn(page, company)
  await page.goto(`${company.origin}/hq/tickets/${lost.id}`)
  assert.match(await page.textContent('#part-held'), /phone was revoked[^]*疏通排水管并清洗滤网/)
  await page.click('.rail a[href="/hq/held"]')
  const before = Number(await page.textContent('.rail .badge [aria-hidden]'))
  assert.equal(before, 6)
  assert.match(await page.textContent('main'), /Sun Xiaofeng[^]*排水管被树叶堵死/)
  await Promise.all([page.waitForURL(/\/hq\/held$/), page.click('.acts form button >> nth=0')])
  assert.match(await page.textContent('.flash'), /Taken over/)
  assert.equal(Number(await page.textContent('.rail .badge [aria-hidden]')), before - 1)
  noFaults(page)
  await page.context().close()
})

test('the enrolment code stays when the language is switched', async () => {
  const page = await open(browser, 'desk', 'zh-CN')
  await signIn(page, company, '/hq/engineers')
  await Promise.all([page.waitForURL(/\/enrol$/), page.click('.acts form button >> nth=0')])
  const code = await page.textContent('.code')
  await Promise.all([page.waitForURL(/lang=en/), page.click('.top form.lang button')])
  assert.match(await page.textContent('h1'), /Enrol a phone/)
  assert.equal(await page.textContent('.code'), code)
  noFaults(page)
  await page.context().close()
})

const pages = {
  'hq-queue': () => '/hq',
  'hq-queue-empty': () => '/hq?q=nothing-like-this',
  'hq-new': () => '/hq/tickets/new',
  'hq-ticket': () => `/hq/tickets/${worked.id}`,
  'hq-ticket-planned': () => `/hq/tickets/${ticket.id}`,
  'hq-ticket-cancelled': () => `/hq/tickets/${cancelled.id}`,
  'hq-ticket-held': () => `/hq/tickets/${lost.id}`,
  'hq-queue-review': () => '/hq?state=review',
  'hq-queue-unknown': () => '/hq?state=zzz',
  'hq-held': () => '/hq/held?all=1',
  'hq-engineers': () => '/hq/engineers',
  'hq-parts': () => '/hq/parts',
  'hq-parts-last': () => '/hq/parts?page=99',
  'hq-parts-empty': () => '/hq/parts?q=nothing-like-this',
  'hq-knowledge': () => '/hq/articles',
}

test('every page fits, reads and works at both sizes and in both languages', { timeout: 300_000 }, async () => {
  await everyLook(browser, async (page) => {
    await page.goto(`${company.origin}/sign-in`)
    await noHorizontalScroll(page)
    await axe(page)
    await picture(page, 'hq-sign-in')
    await signIn(page, company)
    for (const [name, path] of Object.entries(pages)) {
      await page.goto(company.origin + path())
      await noHorizontalScroll(page)
      await axe(page)
      await picture(page, name)
    }
    await page.goto(`${company.origin}/hq/engineers`)
    await Promise.all([page.waitForURL(/\/enrol$/), page.click('.acts form button >> nth=0')])
    await noHorizontalScroll(page)
    await axe(page)
    await picture(page, 'hq-enrol')
    noFaults(page)
  })
})

test('long names without a place to break push nothing off the page', async () => {
  const maker = await open(browser, 'desk', 'en')
  await signIn(maker, company)
  const long = await longNamed(maker)
  await maker.context().close()
  for (const size of ['phone', 'desk']) {
    const page = await open(browser, size, 'en')
    await signIn(page, company)
    for (const [name, path] of [['hq-queue-long', '/hq'], ['hq-ticket-long', `/hq/tickets/${long.id}`]]) {
      await page.goto(company.origin + path)
      await noHorizontalScroll(page)
      await picture(page, name)
    }
    await page.context().close()
  }
})

test('who waits for a part appears by himself, and nothing moves under a hand', async () => {
  const page = await open(browser, 'desk', 'en')
  await signIn(page, company)
  await page.goto(`${company.origin}/hq/parts?q=nothing-like-this`)
  await page.mouse.move(0, 0)
  await page.waitForSelector('body.is-live')
  const ask = async (quantity) => {
    await chen('request-part', worked.number, 'P001', '主仓库', String(quantity))
    await chen('sync')
  }
  const row = (quantity) => page.locator(`#waiting tr:has-text("${quantity}")`)
  await ask(400)
  await row(400).and(page.locator('.glow')).waitFor()
  // Whoever types is told of the next one, and shown it when he asks.
  await row(400).locator('summary').click()
  await row(400).locator('textarea').fill('No longer made')
  await ask(500)
  const news = page.locator('.news button')
  await news.waitFor()
  assert.match(await news.textContent(), /Show changed requests: 1/)
  assert.equal(await row(500).count(), 0)
  await news.click()
  await row(500).waitFor()
  assert.equal(await row(400).locator('textarea').inputValue(), 'No longer made')
  assert.deepEqual(await page.locator('#waiting tbody tr strong').allTextContents(), ['400', '500'])

  // Another desk declines both: the form that is open stays, and the other row goes.
  await page.mouse.move(0, 0)
  const other = await open(browser, 'desk', 'en')
  await signIn(other, company)
  for (const quantity of [400, 500]) {
    await other.goto(`${company.origin}/hq/parts`)
    const asked = other.locator(`#waiting tr:has-text("${quantity}")`)
    await asked.locator('summary').click()
    await asked.locator('textarea').fill('Not any more')
    await asked.locator('button').click()
    await other.waitForSelector('.flash:has-text("declined")')
  }
  await row(500).waitFor({ state: 'detached' })
  assert.equal(await row(400).locator('textarea').inputValue(), 'No longer made')
  await row(400).locator('button').click()
  assert.match(await page.textContent('.flash'), /had been granted or declined before/)
  for (const each of [page, other]) {
    noFaults(each)
    await each.context().close()
  }
})

test('a line that was there when a ticket was opened does not glow', async () => {
  const page = await open(browser, 'desk', 'en')
  await page.addInitScript(() => {
    document.addEventListener('animationstart', ({ target }) => { document.body.dataset.glowed += target.textContent })
  })
  await signIn(page, company, `/hq/tickets/${worked.id}`)
  await page.waitForSelector('body.is-live')
  await chen('note', worked.number, '二号机也看过')
  await chen('sync')
  await page.waitForSelector('body[data-glowed*="二号机也看过"]')
  assert.doesNotMatch(await page.getAttribute('body', 'data-glowed'), /Tracking link/)
  assert.equal(await page.locator('.timeline li:has-text("Tracking link made")').count(), 1)
  noFaults(page)
  await page.context().close()
})

test('requests fit, read and work at both sizes and in both languages', { timeout: 120_000 }, async () => {
  for (const [part, quantity] of [['P001', 40], ['P002', 400]]) {
    await chen('request-part', worked.number, part, '主仓库', String(quantity))
  }
  await chen('sync')
  await everyLook(browser, async (page) => {
    await signIn(page, company, '/hq/parts')
    await noHorizontalScroll(page)
    await axe(page)
    await picture(page, 'hq-parts-requests')
    noFaults(page)
  })
})
