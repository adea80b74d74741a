/** Draws every screen and state, light and dark, wide and narrow; keeps a picture of each and lets axe look at it. */
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

import { scenes } from './scenes.mjs';
import { serve } from './static.mjs';

const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const SIZES = { wide: { width: 1080, height: 720 }, narrow: { width: 480, height: 800 } };
const folder = process.env.USHER_PICTURES ?? join(import.meta.dirname, '..', 'dist-gallery', 'pictures');
const PAINTERS = 2;
const PER_BROWSER = 8;
const only = process.env.USHER_SCENES ? new RegExp(process.env.USHER_SCENES) : /./;
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function draw(browser, base, scene, look, size) {
  const page = await browser.newPage({ viewport: SIZES[size], colorScheme: look, reducedMotion: 'reduce' });
  const faults = [];
  page.on('console', (message) => { if (message.type() === 'error') faults.push(`console: ${message.text()}`); });
  page.on('pageerror', (error) => { faults.push(`page: ${error.message}`); });
  page.setDefaultTimeout(15000);
  try {
    await page.goto(`${base}/?world=${scene.world}`);
    await page.waitForSelector('main', { state: 'attached' });
    for (const step of scene.steps) await step(page);
    await page.screenshot({ path: join(folder, `${scene.name}-${look}-${size}.png`) });
    const { width, height } = await page.evaluate(() => ({ width: document.documentElement.scrollWidth - window.innerWidth, height: document.documentElement.scrollHeight - window.innerHeight }));
    if (width > 0) faults.push('the window scrolls sideways');
    if (height > 0) faults.push('the window itself scrolls, not the page in it');
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run());
    violations.forEach((one) => faults.push(`axe ${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 140)).join(' | ')}`));
  } catch (error) {
    faults.push(String(error.message).split('\n').slice(0, 3).join(' '));
  }
  await page.close();
  return faults.map((fault) => `${scene.name} ${look} ${size}: ${fault}`);
}

await mkdir(folder, { recursive: true });
const { base, close } = await serve(join(import.meta.dirname, '..', 'dist-gallery'));
const faults = [];
const chosen = scenes.filter((scene) => only.test(scene.name));
const VARIANTS = [['light', 'wide'], ['light', 'narrow'], ['dark', 'wide'], ['dark', 'narrow']];
/** Draws scenes until none is left. A browser of its own for a few scenes each: one that has drawn hundreds grows slow. */
async function paint(left) {
  for (let few = left.splice(0, PER_BROWSER); few.length > 0; few = left.splice(0, PER_BROWSER)) {
    const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
    for (const scene of few) {
      const drawn = await Promise.all(VARIANTS.map(([look, size]) => draw(browser, base, scene, look, size)));
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
