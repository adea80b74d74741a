/** Draws every screen and state, light and dark, wide and narrow, and some with the list beside little room; keeps a picture of each and lets axe look at it. */
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

import { scenes, tight } from './scenes.mjs';
import { serve } from './static.mjs';

const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const SIZES = { wide: { width: 1080, height: 720 }, narrow: { width: 480, height: 800 }, tight: { width: 720, height: 720 } };
const EVERY = ['wide', 'narrow'];
const folder = process.env.USHER_PICTURES ?? join(import.meta.dirname, '..', 'dist-gallery', 'pictures');
const ONLY_COLOURS = { runOnly: { type: 'rule', values: ['color-contrast'] } };
const PAINTERS = 2;
const PER_BROWSER = 8;
const only = process.env.USHER_SCENES ? new RegExp(process.env.USHER_SCENES) : /./;
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Plays a scene once in a size, and looks at it in both looks: in the second, axe has only the colours left to judge. */
async function draw(browser, base, scene, size) {
  const page = await browser.newPage({ viewport: SIZES[size], colorScheme: 'light', reducedMotion: 'reduce' });
  const faults = [];
  page.on('console', (message) => { if (message.type() === 'error') faults.push(`console: ${message.text()}`); });
  page.on('pageerror', (error) => { faults.push(`page: ${error.message}`); });
  page.setDefaultTimeout(15000);
  try {
    await page.goto(`${base}/?world=${scene.world}`);
    await page.waitForSelector('main', { state: 'attached' });
    for (const step of scene.steps) await step(page);
    await page.evaluate(axe);
    faults.push(...await look(page, `${scene.name}-light-${size}`, {}));
    await page.emulateMedia({ colorScheme: 'dark' });
    faults.push(...await look(page, `${scene.name}-dark-${size}`, ONLY_COLOURS));
    const { width, height } = await page.evaluate(() => ({ width: document.documentElement.scrollWidth - window.innerWidth, height: document.documentElement.scrollHeight - window.innerHeight }));
    if (width > 0) faults.push('the window scrolls sideways');
    if (height > 0) faults.push('the window itself scrolls, not the page in it');
  } catch (error) {
    faults.push(String(error.message).split('\n').slice(0, 3).join(' '));
  }
  await page.close();
  return faults.map((fault) => `${scene.name} ${size}: ${fault}`);
}

/** Keeps a picture of a page, and gives what axe has against it. */
async function look(page, picture, rules) {
  await page.screenshot({ path: join(folder, `${picture}.png`) });
  const { violations } = await page.evaluate((chosen) => window.axe.run(chosen), rules);
  return violations.map((one) => `${picture}: axe ${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 140)).join(' | ')}`);
}

await mkdir(folder, { recursive: true });
const { base, close } = await serve(join(import.meta.dirname, '..', 'dist-gallery'));
const faults = [];
const chosen = scenes.filter((scene) => only.test(scene.name));
/** Draws scenes until none is left. A browser of its own for a few scenes each: one that has drawn hundreds grows slow. */
async function paint(left) {
  for (let few = left.splice(0, PER_BROWSER); few.length > 0; few = left.splice(0, PER_BROWSER)) {
    const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
    for (const scene of few) {
      const drawn = await Promise.all([...EVERY, ...(tight.test(scene.name) ? ['tight'] : [])].map((size) => draw(browser, base, scene, size)));
      faults.push(...drawn.flat());
      drawn.flat().forEach((fault) => { console.error(fault); });
    }
    await browser.close();
  }
}

const left = [...chosen];
await Promise.all(Array.from({ length: PAINTERS }, () => paint(left)));
close();
console.log(`${chosen.length} scenes drawn into ${folder}`);
if (faults.length > 0) process.exitCode = 1;
