import { contentOf, expect, test } from './instrument.ts';
import { sharedSpectrum } from './sharedSpectra.ts';

const LAYOUTS = [
  ['binary table', 'lamost-dr10/spec-59555-TD084806N172341H01_sp14-110.fits.gz'],
  ['image', 'lamost-dr1/spec-55862-B6212_sp06-225.fits'],
] as const;

for (const [layout, path] of LAYOUTS) {
  test(`a real LAMOST spectrum, ${layout} layout: drop, fit, look, move a slider, export`, async ({ instrument, page }) => {
    const file = sharedSpectrum(path);
    test.skip(file === null, 'no shared spectra');
    if (file === null) return;
    await instrument.open();
    await instrument.drop(file);
    const row = instrument.row(file.name);
    await expect(row).toContainText('LAMOST');
    await expect(row.getByText('simulated')).toBeHidden();
    await expect(instrument.figure(/Flux with model/).getByText(/observed frame$/)).toBeVisible();

    await instrument.fit();
    await instrument.expectFourViews();
    await expect(instrument.figure(/Flux with model/).getByText(/rest frame$/)).toBeVisible();
    await expect(page.getByRole('table', { name: 'Stellar parameters' }).getByRole('columnheader', { name: 'truth' })).toBeHidden();
    await instrument.picture(`lamost-${layout.replace(' ', '-')}`, 'light');
    await instrument.picture(`lamost-${layout.replace(' ', '-')}`, 'dark');

    const before = await instrument.modelCurve();
    await page.getByRole('slider', { name: 'T_eff (K)' }).focus();
    for (let step = 0; step < 8; step++) await page.keyboard.press('PageUp');
    await expect.poll(() => instrument.modelCurve()).not.toBe(before);
    const csv = (await contentOf(await instrument.export('Results as CSV'))).toString();
    expect(csv).toContain(file.name);
  });
}
