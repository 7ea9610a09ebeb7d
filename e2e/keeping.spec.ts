import { contentOf, expect, test } from './instrument.ts';
import { sharedSpectrum } from './sharedSpectra.ts';

test('JSON and CSV say after a new visit what the page shows: the calibration of the model that made the result', async ({
  instrument,
  page,
}) => {
  const file = sharedSpectrum('lamost-dr10/spec-59636-HD092159N212954B02_sp05-231.fits.gz');
  test.skip(file === null, 'no shared spectra');
  if (file === null) return;
  await instrument.open();
  const models = page.getByLabel('Model', { exact: true });
  await models.selectOption(await models.locator('option', { hasText: 'small' }).first().getAttribute('value'));
  await expect(page.getByRole('banner').getByText(/model .*small on/)).toBeVisible({ timeout: 60_000 });
  await instrument.choose(file);
  await expect(instrument.row(file.name)).toBeVisible();
  await instrument.fit();
  await instrument.picture('kept', 'light');
  await instrument.picture('kept', 'dark');
  await page.reload();
  await expect(page.getByText('Loading the model')).toBeHidden({ timeout: 60_000 });
  // The model that was chosen is chosen still; then it is changed under the result.
  await expect(page.getByRole('banner').getByText(/model .*small on/)).toBeVisible({ timeout: 60_000 });
  await models.selectOption({ index: 0 });
  await expect(page.getByRole('banner').getByText(/model .*small on/)).toBeHidden({ timeout: 60_000 });
  await instrument.row(file.name).getByRole('button').first().click();
  const json = JSON.parse((await contentOf(await instrument.export('Results as JSON'))).toString()) as {
    file: string;
    calibration: string;
    labels: { teff: { calibrated: number } };
    provenance: { options: object; software: { version: string }; source: { sha256: string } };
  }[];
  expect(json.map((star) => star.file)).toEqual([file.name]);
  const [star] = json;
  expect(star?.calibration).toMatch(/small/);
  expect(star?.provenance.source.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(star?.provenance.options).toMatchObject({ method: 'lm', seed: 1 });
  const csv = (await contentOf(await instrument.export('Results as CSV'))).toString();
  expect(csv).toContain(String(star?.labels.teff.calibrated));
  expect(csv).toContain(String(star?.calibration));
  const shown = page.getByRole('table', { name: 'Stellar parameters' }).getByRole('row').nth(1);
  await expect(shown).toContainText(String(Math.round(star?.labels.teff.calibrated ?? NaN)));
  expect((await contentOf(await instrument.export('Results as FITS'))).subarray(0, 6).toString()).toBe('SIMPLE');
});

test('a demo star that was removed stays away until it is asked for', async ({ instrument, page }) => {
  await instrument.open();
  await page.getByRole('button', { name: /^Remove/ }).click();
  await expect(instrument.row(/simulated/)).toBeHidden();
  await page.reload();
  await expect(page.getByText('Loading the model')).toBeHidden({ timeout: 60_000 });
  await expect(page.getByRole('heading', { name: 'No file at hand?' })).toBeVisible();
  await expect(instrument.row(/simulated/)).toBeHidden();
  await page.getByRole('button', { name: 'Show the demo star' }).click();
  await expect(instrument.row(/simulated/)).toBeVisible();
});

test('a second tab shows the fit of the first, leaves it alone, and takes it over when the first closes', async ({ instrument, page }) => {
  await instrument.open();
  await page.getByRole('button', { name: 'CMA-ES' }).click();
  await page.getByRole('button', { name: 'Fit', exact: true }).click();
  await expect(page.getByRole('progressbar')).toBeVisible();

  const second = await page.context().newPage();
  await second.goto('./');
  const row = second.getByRole('region', { name: 'Spectra' }).getByRole('listitem').filter({ hasText: 'simulated' });
  await expect(row).toHaveCount(1, { timeout: 60_000 });
  await expect(row).toContainText('fitting in another tab');
  await expect(second.getByRole('button', { name: 'Fit', exact: true })).toBeDisabled();
  await expect(second.getByRole('progressbar')).toBeHidden();

  await page.close();
  await expect(row).toContainText(/waiting|fitting \d+ %/, { timeout: 60_000 });
  await expect(second.getByRole('progressbar')).toBeVisible({ timeout: 60_000 });
});
