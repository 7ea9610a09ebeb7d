import { contentOf, expect, test } from './instrument.ts';
import { sharedSpectrum } from './sharedSpectra.ts';

test('a stretch that is dragged over the spectrum is listed, left out by the fit, and taken in by undo; log g that is fixed stays', async ({
  instrument,
  page,
}) => {
  await instrument.open();
  await page.getByRole('button', { name: 'Mask', exact: true }).click();
  const plot = await instrument.figure(/Flux with model/).boundingBox();
  if (plot === null) throw new Error('no plot');
  const y = plot.y + 0.3 * plot.height;
  await page.mouse.move(plot.x + 0.4 * plot.width, y);
  await page.mouse.down();
  await page.mouse.move(plot.x + 0.5 * plot.width, y, { steps: 5 });
  await page.mouse.up();
  await expect(page.getByText('Masks (1)')).toBeVisible();

  await page.getByText('Known labels', { exact: true }).click();
  await page.getByLabel('Label to give').selectOption('log g');
  await page.getByRole('button', { name: 'Add', exact: true }).first().click();
  const known = page.getByLabel('Known log g (dex)', { exact: true });
  await known.fill('4.31');
  await known.press('Enter');

  await instrument.fit();
  const logg = page.getByRole('table', { name: 'Stellar parameters' }).getByRole('row', { name: /log g/ });
  await expect(logg).toContainText('fixed at 4.31');
  const results = async () =>
    JSON.parse((await contentOf(await instrument.export('Results as JSON'))).toString()) as {
      pixelsUsed: number;
      labels: { logg: { value: number; given?: string; flag: string } };
      provenance: { options: { maskedRegions: { from: number; to: number }[] } };
    }[];
  const [masked] = await results();
  expect(masked?.labels.logg).toMatchObject({ value: 4.31, given: 'fixed at 4.31', flag: 'fixed' });
  expect(masked?.provenance.options.maskedRegions).toHaveLength(1);

  await page.getByRole('button', { name: 'Set log g free' }).click();
  await page.getByRole('button', { name: 'Remove mask 1' }).click();
  await page.keyboard.press('Control+z');
  await expect(page.getByText('Masks (1)')).toBeVisible();
  await page.getByRole('button', { name: 'Remove mask 1' }).click();
  await expect(page.getByText(/^The fit on show was made with masks/)).toBeVisible();
  await instrument.fit();
  await expect(page.getByText(/^The fit on show was made with masks/)).toBeHidden({ timeout: 400_000 });
  const [free] = await results();
  expect(free?.pixelsUsed).toBeGreaterThan((masked?.pixelsUsed ?? Infinity) + 20);
  expect(free?.labels.logg.given).toBeUndefined();
  expect(free?.labels.logg.value).not.toBe(4.31);
});

test('emission in the core of a line is told with its place, and one press leaves it out', async ({ instrument, page }) => {
  const file = sharedSpectrum('odd/emission_giant-EW3.fits');
  test.skip(file === null, 'no shared spectra');
  if (file === null) return;
  await instrument.open();
  await instrument.choose(file);
  await expect(instrument.row(file.name)).toBeVisible();
  await instrument.fit();
  const doubts = page.getByRole('list', { name: 'Doubts about this fit' });
  await expect(doubts).toContainText('Hα');
  await instrument.picture('emission', 'light');
  await doubts.getByRole('button', { name: 'Mask and fit again' }).first().click();
  await expect(page.getByText(/^Masks \(\d\)/)).toBeVisible();
  await expect(doubts.getByText(/in the cores of Hα/)).toBeHidden({ timeout: 400_000 });
  await expect(page.getByRole('table', { name: /^Abundances/ })).toBeVisible();
  await instrument.picture('emission-masked', 'light');
});
