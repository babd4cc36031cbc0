// Proves that each helper can fail: a check that cannot is worse than none, because it is believed.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { axe, browse, bytesOf, everyLook, noFaults, noHorizontalScroll, open, screenshot } from './browser.mjs'
import { startServer } from './server.mjs'

const html = (body, head = '') => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title>
<meta name="viewport" content="width=device-width">${head}</head><body><main><h1>工单 Ticket</h1>${body}</main></body></html>`

const STYLE = 'h1 { font-size: 20px } /* ' + 'x'.repeat(5_000) + ' */'
const pages = {
  '/good': html('<p>预计 14:10-14:40 到达</p>', '<link rel="stylesheet" href="/style.css">'),
  '/wide': html('<div id="wide" style="width: 1500px">too wide</div>'),
  '/zoomed': html('<p>no width is asked of the phone</p>').replace(/<meta name="viewport"[^>]*>/, ''),
  '/unnamed': html('<button></button><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">'),
  '/broken': html('<script>missing()</script>'),
  '/style.css': STYLE,
}

// Pictures of these pages belong in no documentation.
delete process.env.SCREENS

let browser, server, origin

before(async () => {
  server = createServer((request, response) => {
    const page = pages[request.url]
    if (request.url === '/moved') return response.writeHead(302, { location: '/good' }).end('ignored body')
    if (page === undefined) return response.writeHead(404).end()
    response.writeHead(200, {
      'content-type': request.url.endsWith('.css') ? 'text/css' : 'text/html; charset=utf-8',
      'content-encoding': 'gzip',
      'content-security-policy': request.url === '/broken' ? '' : "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src data:",
    })
    response.end(gzipSync(page))
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  origin = `http://127.0.0.1:${server.address().port}`
  browser = await browse()
})

after(async () => {
  await browser?.close()
  server?.close()
})

async function at(path, size = 'phone', language = 'en', options = {}) {
  const page = await open(browser, size, language, options)
  await page.goto(origin + path)
  return page
}

test('a good page passes every check in both sizes and both languages', async () => {
  const seen = []
  await everyLook(browser, async (page, size, language) => {
    await page.goto(`${origin}/good`)
    await noHorizontalScroll(page)
    await axe(page)
    noFaults(page)
    seen.push([size, language, await page.evaluate(() => [innerWidth, innerHeight, navigator.language].join())].join(' '))
  })
  assert.deepEqual(seen, [
    'phone zh-CN 360,800,zh-CN', 'phone en 360,800,en', 'desk zh-CN 1440,900,zh-CN', 'desk en 1440,900,en',
  ])
})

test('sideways scrolling is seen and its cause named, on the phone and at the desk', async () => {
  await assert.rejects(noHorizontalScroll(await at('/wide')), /sideways.*div#wide/)
  await assert.rejects(noHorizontalScroll(await at('/wide', 'desk')), /sideways.*div#wide/)
})

test('a page that does not ask for the width of the phone is seen', async () => {
  await assert.rejects(noHorizontalScroll(await at('/zoomed')), /sideways/)
})

test('a button without a name is an accessibility violation, under a strict content security policy', async () => {
  await assert.rejects(axe(await at('/unnamed')), /button-name[^]*image-alt/)
})

test('a page without script can be measured, and axe says that it cannot judge it', async () => {
  const options = { javaScriptEnabled: false }
  noFaults(await at('/broken', 'phone', 'en', options))
  await assert.rejects(noHorizontalScroll(await at('/wide', 'phone', 'en', options)), /sideways/)
  await assert.rejects(axe(await at('/good', 'phone', 'en', options)), /axe needs a page opened with script/)
})

test('bytes are counted after decompression, with what the page loads and without the redirect', async () => {
  const whole = Buffer.byteLength(pages['/good']) + Buffer.byteLength(STYLE)
  assert.equal(await bytesOf(await at('/good')), whole)
  assert.equal(await bytesOf(await at('/moved')), whole)
  assert.equal(await bytesOf(await at('/wide')), Buffer.byteLength(pages['/wide']))
})

test('a script error is a fault', async () => {
  const page = await at('/broken')
  assert.throws(() => noFaults(page), /missing is not defined/)
})

test('a screenshot is a picture of the asked size with Chinese glyphs', async () => {
  const page = await at('/good', 'phone', 'zh-CN')
  const picture = await readFile(await screenshot(page, 'self-test'))
  assert.deepEqual([picture.readUInt32BE(16), picture.readUInt32BE(20)], [360, 800])
  // Without a CJK font every character is the same box, and two words of one length look alike.
  const drawn = (text) => page.evaluate((text) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 24 })
    const pen = canvas.getContext('2d')
    pen.font = '20px sans-serif'
    pen.fillText(text, 0, 20)
    return canvas.toDataURL()
  }, text)
  assert.notEqual(await drawn('工单'), await drawn('备件'))
})

const nodeSays = (script) => ({ bin: process.execPath, args: ['-e', script] })

test('a server is started, tells its addresses, and is the only process that ends', async () => {
  const script = 'console.log("loading"); console.log(JSON.stringify({ web: "http://127.0.0.1:1" })); setInterval(() => {}, 1000)'
  const [one, other] = [await startServer(nodeSays(script)), await startServer(nodeSays(script))]
  try {
    assert.deepEqual(one.addresses, { web: 'http://127.0.0.1:1' })
    assert.deepEqual(await one.stop(), { code: null, signal: 'SIGTERM' })
    assert.throws(() => process.kill(one.pid, 0), { code: 'ESRCH' })
    assert.ok(process.kill(other.pid, 0))
  } finally {
    await other.stop()
  }
})

test('a server that does not start fails with its last words', async () => {
  await assert.rejects(startServer(nodeSays('console.error("port taken"); process.exit(3)')), /code 3[^]*port taken/)
  await assert.rejects(startServer({ ...nodeSays('setInterval(() => {}, 1000)'), start_ms_max: 300 }), /no JSON line within 300 ms/)
  await assert.rejects(startServer({ bin: '/no/such/binary' }), /cannot be started|ended/)
})
