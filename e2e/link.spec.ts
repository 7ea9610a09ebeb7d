import { expect, Instrument, test } from './instrument.ts';
import { sharedSpectrum } from './sharedSpectra.ts';

test('a link shows the same window, element and sliders in a browser that has never seen the star', async ({
  instrument,
  page,
  browser,
}) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto('./#star=sun&element=Ca&window=8480-8700&labels=teff:5500,logg:3.5&scale=xfe');
  const slider = (of: Instrument, name: string) => of.page.getByRole('slider', { name });
  await expect(slider(instrument, 'T_eff (K)')).toHaveValue('5500', { timeout: 120_000 });
  await slider(instrument, 'T_eff (K)').press('PageUp');
  const moved = await slider(instrument, 'T_eff (K)').inputValue();
  expect(moved).not.toBe('5500');
  await page.waitForTimeout(600);
  await page.getByRole('button', { name: /^Export/ }).click();
  await page.getByRole('menuitem', { name: 'Copy link' }).click();
  await expect(page.getByText('Link copied')).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toMatch(/#star=sun&model=.*element=Ca&window=8480-8700/);

  const elsewhere = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
  const other = new Instrument(await elsewhere.newPage());
  await other.page.goto(link);
  await expect(slider(other, 'T_eff (K)')).toHaveValue(moved, { timeout: 120_000 });
  await expect(slider(other, 'log g (dex)')).toHaveValue(await slider(instrument, 'log g (dex)').inputValue());
  await expect(other.page.getByText('Opened a link')).toBeVisible();
  // The link of what it shows is the same link.
  await other.page.evaluate(() => navigator.clipboard.writeText(''));
  await other.page.getByRole('button', { name: /^Export/ }).click();
  await other.page.getByRole('menuitem', { name: 'Copy link' }).click();
  await expect(other.page.getByText('Link copied')).toBeVisible();
  expect(await other.page.evaluate(() => navigator.clipboard.readText())).toBe(link);
  await elsewhere.close();
});

test('a link of a file asks for it, and the line of the terminal names it', async ({ instrument, page }) => {
  const file = sharedSpectrum('lamost-dr1/spec-55862-B6212_sp06-225.fits');
  test.skip(file === null, 'no shared spectra');
  if (file === null) return;
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(`./#file=${file.name}&window=6500-6600&star=nobody`);
  await expect(page.getByText(`This view is of ${file.name}: drop it here`)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('alert').filter({ hasText: 'nobody' })).toBeVisible();
  await instrument.drop(file);
  await expect(page.getByText('This view is of')).toBeHidden();
  await instrument.fit();
  await page.getByText('How it was fitted').click();
  await page.getByRole('button', { name: 'Copy as command' }).click();
  await expect(page.getByText('Command copied')).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`npm run --silent maury -- fit ${file.name}`);
});
