// axe.mjs PAGE AXE FOLDER SUMMARY: axe-core over the page in light and dark when AXE is yes, and pictures of it and of the step summary into FOLDER
// unless that is empty.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { marked } from 'marked';
import { chromium } from 'playwright-core';

const [page, axe, shots, summary] = process.argv.slice(2);
const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });
let failures = 0;
for (const colorScheme of ['light', 'dark']) {
  // axe runs beside the page, not as part of it: its policy would refuse that.
  const context = await browser.newContext({ colorScheme, bypassCSP: true, viewport: { width: 1200, height: 900 } });
  const tab = await context.newPage();
  tab.on('request', request => { if (!request.url().startsWith('file:')) { console.log(`The page asks for ${request.url()}`); failures++; } });
  tab.on('console', message => { console.log(`Console: ${message.text()}`); failures++; });
  tab.on('pageerror', error => { console.log(`Error: ${error}`); failures++; });
  await tab.goto(`file://${page}`);
  if (axe === 'yes') {
    const { violations } = await tab.evaluate(`${source}; axe.run(document)`);
    for (const { id, impact, help, nodes } of violations) {
      console.log(`axe (${colorScheme}): ${impact} ${id}: ${help}: ${nodes[0].html.slice(0, 200)}`);
      failures += impact === 'serious' || impact === 'critical' ? 1 : 0;
    }
  }
  if (shots) await tab.screenshot({ path: `${shots}/report-${colorScheme}.png`, clip: { x: 0, y: 0, width: 1200, height: 900 } });
  await context.close();
}
if (shots) {
  const tab = await browser.newPage({ viewport: { width: 948, height: 640 } });
  const style = readFileSync(new URL('summary.css', import.meta.url), 'utf8');
  await tab.setContent(`<!doctype html><style>${style}</style>${marked.parse(readFileSync(summary, 'utf8'))}`);
  await tab.screenshot({ path: `${shots}/summary.png` });
}
await browser.close();
console.log(failures === 0 ? 'axe, requests and console: nothing serious' : `${failures} failures`);
process.exit(failures === 0 ? 0 : 1);
