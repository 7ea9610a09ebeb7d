import { imageHdu } from '../src/testing/fitsBuilder.ts';
import { expect, test } from './instrument.ts';
import type { GivenFile } from './instrument.ts';

const text = (name: string, content: string): GivenFile => ({ name, bytes: new TextEncoder().encode(content) });

/** A made-up spectrum as CSV: a few broad lines on a flat continuum with a little noise, every pixel through `change`. */
function madeUp(name: string, from: number, to: number, change: (index: number, flux: number) => string): GivenFile {
  const lines = ['wavelength,flux,error'];
  for (let index = 0; from + 1.5 * index < to; index++) {
    const wavelength = from + 1.5 * index;
    // no two neighbours alike: a stretch of constant flux would be taken for filled in
    const noise = 1 + 0.004 * Math.sin(2.4 * index) + 0.003 * Math.sin(1.1 * index ** 1.3);
    const flux = [4341.7, 4862.7, 5174.1, 5894.6, 6564.6].reduce(
      (rest, line) => rest * (1 - 0.3 * Math.exp(-(((wavelength - line) / 9) ** 2))),
      noise,
    );
    lines.push(`${String(wavelength)},${change(index, flux)}`);
  }
  return text(name, lines.join('\n'));
}

const plain = (_: number, flux: number): string => `${String(flux)},0.02`;
const line = imageHdu([3000], new Float64Array(3000).fill(1), [
  ['CRVAL1', 4000],
  ['CDELT1', 1.5],
]);

const REFUSED: readonly (readonly [what: string, file: GivenFile, found: RegExp, todo: RegExp])[] = [
  ['an empty file', text('empty.fits', ''), /empty \(0 bytes\)/, /Download or copy it again/],
  ['a truncated FITS file', { name: 'cut.fits', bytes: line.subarray(0, 5000) }, /truncated.*26880.*5000/, /incomplete/],
  [
    'a FITS picture',
    {
      name: 'picture.fits',
      bytes: imageHdu(
        [64, 64],
        Float64Array.from({ length: 4096 }, (_, i) => i % 64),
      ),
    },
    /picture of 64 × 64 pixels/,
    /spectrum/,
  ],
  ['a text without numbers', text('words.txt', 'dear astronomer,\nno numbers here\n'), /numbers.*dear/, /wavelength/],
  ['a spectrum out of range', madeUp('infrared.csv', 15_000, 17_000, plain), /15000/, /covers/],
  ['a spectrum without one good pixel', madeUp('dead.csv', 3900, 9000, () => 'NaN,0'), /no finite flux/, /another/],
];

test('each bad file is told what it is and what to do, and the rest goes on', async ({ instrument, page }) => {
  await instrument.open();
  const problems = page.getByRole('log', { name: 'Problems' }).getByRole('alert');
  for (const [what, file, found, todo] of REFUSED) {
    await test.step(what, async () => {
      await instrument.choose(file);
      const problem = problems.filter({ hasText: file.name });
      await expect(problem).toContainText(found);
      await expect(problem).toContainText(todo);
      await expect(instrument.row(file.name)).toBeHidden();
    });
  }
  await instrument.picture('bad-input', 'light');
  for (const [, { name }] of REFUSED) await page.getByRole('button', { name: `Dismiss the problem with ${name}` }).click();
  await expect(problems).toHaveCount(0);

  await test.step('the page still works', async () => {
    const before = await instrument.modelCurve();
    await page.getByRole('slider', { name: 'T_eff (K)' }).press('PageUp');
    await expect(page.getByText('model (sliders)')).toBeVisible();
    await expect.poll(() => instrument.modelCurve()).not.toBe(before);
    await expect(page.getByRole('button', { name: 'Fit', exact: true })).toBeEnabled();
  });
});

/** What the demo star's file holds, as far as this test needs it. */
interface DemoFile {
  readonly start: number;
  readonly step: number;
  readonly flux: readonly number[];
  readonly sigma: readonly number[];
}

test('NaN and zero-variance pixels are left out, said, and the rest is fitted', async ({ instrument, page }) => {
  await instrument.open();
  const demo = (await (await page.request.get('./demo/star.json')).json()) as DemoFile;
  const rows = demo.flux.map((flux, i) => {
    const error = i % 50 === 9 ? 0 : (demo.sigma[i] ?? 0);
    return [10 ** (demo.start + i * demo.step), i % 50 === 7 ? 'NaN' : flux, error].join(',');
  });
  const holes = text('holes.csv', ['wavelength,flux,error', ...rows].join('\n'));
  await instrument.choose(holes, text('empty.csv', ''));
  await expect(instrument.row('holes.csv')).toBeVisible();
  await expect(page.getByRole('log', { name: 'Problems' })).toContainText('empty.csv');
  const broken = Math.ceil((demo.flux.length - 7) / 50);
  await expect(page.getByRole('list', { name: 'Warnings' })).toContainText(
    `${String(broken)} of ${String(demo.flux.length)} pixels have no finite flux`,
  );
  await instrument.fit();
  await instrument.expectFourViews();
});
