import { expect, test } from './instrument.ts';
import { sharedSpectrum } from './sharedSpectra.ts';

// A newcomer has no settings.
test.use({ storageState: { cookies: [], origins: [] } });

test('a dropped spectrum is fitted without a click, and the results open with a verdict; a setting turns that off', async ({
  instrument,
  page,
}) => {
  const file = sharedSpectrum('lamost-dr10/spec-59555-TD084806N172341H01_sp14-110.fits.gz');
  test.skip(file === null, 'no shared spectra');
  if (file === null) return;
  await instrument.open();
  await instrument.choose(file);
  const verdict = page.getByLabel('Verdict');
  await expect(verdict).toBeVisible({ timeout: 120_000 });
  await expect(verdict).toContainText(/(dwarf|subgiant|giant), S\/N \d+; \d+ of \d+ abundances measured/);
  await instrument.picture('first-visit', 'light');
  await page.getByRole('checkbox', { name: /Fit new spectra/ }).uncheck();
  await page
    .getByRole('button', { name: /^Remove/ })
    .last()
    .click();
  await instrument.choose(file);
  await expect(instrument.row(file.name)).toBeVisible();
  await expect(page.getByText('Not fitted yet')).toBeVisible();
});
