// HQ's journeys: sign in, the queue, a ticket, assigning, and the same pages at both sizes and in both languages.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { axe, browse, everyLook, noFaults, noHorizontalScroll, open, screenshot } from './browser.mjs'
import { assign, newTicket, openCompany, signIn } from './company.mjs'

/** These go into the documentation; of the rest only target/screens keeps pictures. */
const SHOWN = ['hq-queue.desk.zh-CN', 'hq-queue.desk.en', 'hq-ticket.desk.zh-CN', 'hq-ticket.desk.en', 'hq-queue.phone.zh-CN']

let browser, company, ticket, worked

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
  const phone = await company.phone('陈立群')
  await phone('sync')
  for (const [step, ...rest] of [['accept'], ['depart', '--eta', '20'], ['arrive'], ['start'], ['use-part', 'P001'],
    ['note', '硒鼓刮伤，已换新；客户要求顺便检查二号机']]) await phone(step, worked.number, ...rest)
  await phone('sync')
  await page.context().close()
})

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

const pages = {
  'hq-queue': () => '/hq',
  'hq-queue-empty': () => '/hq?q=nothing-like-this',
  'hq-new': () => '/hq/tickets/new',
  'hq-ticket': () => `/hq/tickets/${worked.id}`,
  'hq-ticket-planned': () => `/hq/tickets/${ticket.id}`,
  'hq-engineers': () => '/hq/engineers',
  'hq-parts': () => '/hq/parts',
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
