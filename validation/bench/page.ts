/** The page as somebody meets it: what a first visit costs, how long a file takes to its labels, how fast a slider redraws, what fits leave in memory. */
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { gzipSync } from 'node:zlib';
import { chromium, type Page } from 'playwright';
import { build } from 'vite';
import { median } from '../../src/math/statistics.ts';
import { EXIT } from '../../cli/commands/args.ts';
import { launchOptions } from '../../scripts/chromium.mjs';

const ROOT = join(import.meta.dirname, '../..');
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.bin': 'application/octet-stream',
};
const DRAG_MS = 3000;
const DRAGS = 3;

/** The built site as a host would serve it, text compressed; counts what it sends. */
async function serve(folder: string): Promise<{ readonly url: string; bytes: number; close(): void }> {
  const site = { url: '', bytes: 0, close: (): void => undefined };
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent((request.url ?? '/').split(/[?#]/)[0] ?? '/'));
    const file = join(folder, path === '/' ? 'index.html' : path);
    if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) {
      response.writeHead(404).end();
      return;
    }
    const headers = { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' };
    if (extname(file) === '.bin') {
      site.bytes += statSync(file).size;
      response.writeHead(200, headers);
      createReadStream(file).pipe(response);
      return;
    }
    const body = gzipSync(readFileSync(file));
    site.bytes += body.length;
    response.writeHead(200, { ...headers, 'content-encoding': 'gzip' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  site.url = `http://localhost:${String(typeof address === 'object' && address !== null ? address.port : 0)}/`;
  site.close = () => {
    server.close();
    server.closeAllConnections();
  };
  return site;
}

/** The demo star as a CSV file to drop. */
function starFile(): { readonly name: string; readonly mimeType: string; readonly buffer: Buffer } {
  const star = JSON.parse(readFileSync(join(ROOT, 'public/demo/star.json'), 'utf8')) as {
    readonly start: number;
    readonly step: number;
    readonly flux: readonly number[];
    readonly sigma: readonly number[];
  };
  const rows = star.flux.map(
    (flux, p) => `${(10 ** (star.start + p * star.step)).toFixed(4)},${String(flux)},${String(star.sigma[p] ?? 0)}`,
  );
  const text = ['# medium: vacuum', '# resolving_power: 1800', 'wavelength,flux,error', ...rows].join('\n');
  return { name: 'star.csv', mimeType: 'text/csv', buffer: Buffer.from(text) };
}

/** Redraws per second while the first slider is dragged to and fro. */
async function sliderRate(page: Page): Promise<number> {
  const thumb = page.getByRole('slider').first();
  const box = await thumb.locator('xpath=ancestor::*[contains(@class, "control")][1]').boundingBox();
  if (box === null) throw new Error('there is no slider');
  const y = box.y + box.height / 2;
  const drawings = () =>
    page
      .locator('canvas')
      .first()
      .evaluate((canvas) => Number(canvas.dataset['drawings'] ?? 0));
  await page.mouse.move(box.x + box.width / 2, y);
  await page.mouse.down();
  const [before, start] = [await drawings(), performance.now()];
  for (let i = 0; performance.now() - start < DRAG_MS; i++) {
    await page.mouse.move(box.x + box.width * (0.5 + 0.25 * Math.sin(i / 12)), y);
    await page.waitForTimeout(10);
  }
  const rate = (1000 * ((await drawings()) - before)) / (performance.now() - start);
  await page.mouse.up();
  return rate;
}

/** Drives Chromium over the production build, with `fits` fits for the memory, and prints what it measures. */
export async function benchPage(fits: number): Promise<number> {
  await build({ root: ROOT, logLevel: 'error' });
  const site = await serve(join(ROOT, 'dist'));
  const browser = await chromium.launch(launchOptions());
  const say = (what: string, value: string): void => {
    process.stdout.write(`${what.padEnd(34)}${value}\n`);
  };
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, serviceWorkers: 'block' });
    const page = await context.newPage();
    const start = performance.now();
    const since = (from: number): string => `${((performance.now() - from) / 1000).toFixed(2)} s`;
    await page.goto(site.url);
    await page.locator('[role=slider]:not([disabled]), input[type=range]:not([disabled])').first().waitFor({ state: 'attached' });
    const ready = since(start);
    const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN);
    say('first paint', `${(paint / 1000).toFixed(2)} s`);
    say('ready (sliders answer)', ready);
    await page.waitForTimeout(3000);
    say('bytes of the first visit', `${(site.bytes / 1e6).toFixed(2)} MB`);
    const rates: number[] = [];
    for (let drag = 0; drag < DRAGS; drag++) {
      rates.push(await sliderRate(page));
      await page.waitForTimeout(1500);
    }
    say(`slider, median of ${String(DRAGS)} drags`, `${median(rates).toFixed(1)} redraws/s`);
    const dropped = performance.now();
    await page.getByLabel('Spectrum files').setInputFiles(starFile());
    await page.getByText(/^model \((best|fit)/).waitFor();
    say('file to model', since(dropped));
    await page.getByLabel('Verdict').waitFor();
    say('file to labels', since(dropped));
    const session = await context.newCDPSession(page);
    const heap = async (): Promise<number> => {
      await session.send('HeapProfiler.collectGarbage');
      return (await session.send('Runtime.getHeapUsage')).usedSize / 1e6;
    };
    const before = await heap();
    for (let fit = 0; fit < fits; fit++) {
      await page.getByRole('button', { name: 'Fit', exact: true }).click();
      await page.getByLabel('Verdict').waitFor({ state: 'hidden' });
      await page.getByLabel('Verdict').waitFor();
    }
    say(`heap of the page over ${String(fits)} fits`, `${before.toFixed(1)} → ${(await heap()).toFixed(1)} MB`);
  } finally {
    await browser.close();
    site.close();
  }
  return EXIT.done;
}
