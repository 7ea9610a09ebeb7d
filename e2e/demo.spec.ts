import { contentOf, expect, test } from './instrument.ts';

test('the demo star, from opening the page to files on disk', async ({ instrument, page }) => {
  await instrument.open();
  await expect(instrument.row(/simulated/).getByText('simulated', { exact: true })).toBeVisible();
  await expect(page.getByRole('banner').getByText(/model .* on (wasm|webgpu)/)).toBeVisible();

  await instrument.fit();
  await instrument.expectFourViews();
  await expect(page.getByRole('table', { name: 'Stellar parameters' }).getByRole('columnheader', { name: 'truth' })).toBeVisible();
  await instrument.picture('demo', 'light');
  await instrument.picture('demo', 'dark');

  await test.step('a slider draws the model again, live', async () => {
    const before = await instrument.modelCurve();
    await page.getByRole('slider', { name: 'T_eff (K)' }).focus();
    for (let step = 0; step < 8; step++) await page.keyboard.press('PageUp');
    await expect(page.getByText('model (sliders)')).toBeVisible();
    await expect.poll(() => instrument.modelCurve()).not.toBe(before);
    const moved = await instrument.modelCurve();
    await page.getByRole('button', { name: 'Reset to fit' }).click();
    await expect.poll(() => instrument.modelCurve()).not.toBe(moved);
    await expect(page.getByText('model (fit)')).toBeVisible();
  });

  await test.step('an element of the table is the label of the derivative', async () => {
    await page.getByRole('button', { name: 'Derivative of Ca', exact: true }).click();
    await expect(instrument.figure('Derivative of the flux with respect to [Ca/Fe]')).toBeVisible();
    await page.getByLabel('Label of the derivative').selectOption('logg');
    await expect(instrument.figure('Derivative of the flux with respect to log g').getByText('∂F/∂log g (dex⁻¹)')).toBeVisible();
  });

  await test.step('results as CSV and JSON', async () => {
    const csv = (await contentOf(await instrument.export('Results as CSV'))).toString();
    const [head = '', row = ''] = csv.split('\n').filter((line) => !line.startsWith('#'));
    expect(head.split(',')).toEqual(expect.arrayContaining(['teff_K', 'Mg_H_dex', 'Mg_Fe_dex']));
    expect(Number(row.split(',')[head.split(',').indexOf('teff_K')])).toBeGreaterThan(3000);
    const reports = JSON.parse((await contentOf(await instrument.export('Results as JSON'))).toString()) as unknown;
    // A calibration of models against nature has nothing to say of a simulated star.
    expect(reports).toMatchObject([
      { ok: true, simulated: true, calibration: 'none', labels: { teff: { calibrated: null }, Mg: {} }, abundances: { Mg: {} } },
    ]);
  });

  for (const figure of ['Flux and residuals', 'Derivative', 'Abundances']) {
    await test.step(`${figure} as PNG and SVG`, async () => {
      const png = await contentOf(await instrument.export(`${figure} as PNG`));
      expect(png.subarray(1, 4).toString()).toBe('PNG');
      expect(png.readUInt32BE(16)).toBeGreaterThanOrEqual(2000);
      const svg = (await contentOf(await instrument.export(`${figure} as SVG`))).toString();
      expect(svg).toMatch(/^<svg[^>]*>[\s\S]*<path[\s\S]*<\/svg>\s*$/);
      expect(svg).toMatch(figure === 'Abundances' ? /\(dex\)/ : /\(Å, vacuum\)/);
    });
  }
});

test('a fit with CMA-ES draws as it searches, and can be cancelled', async ({ instrument, page }) => {
  await instrument.open();
  await page.getByRole('button', { name: 'CMA-ES' }).click();
  await page.keyboard.press('f');
  await expect(page.getByRole('progressbar')).toBeVisible();
  await expect(page.getByText('model (best so far)')).toBeVisible({ timeout: 120_000 });
  await expect(page.getByText(/\d+ evaluations/)).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(instrument.row(/simulated/).getByText('cancelled')).toBeVisible();
  await expect(page.getByRole('alert')).toBeHidden();
  await expect(page.getByRole('button', { name: 'Fit', exact: true })).toBeEnabled();
});

test('settings outlive a reload; a removed spectrum comes back with undo', async ({ instrument, page }) => {
  await instrument.open();
  await page.getByRole('button', { name: 'CMA-ES' }).click();
  await page.keyboard.press('t');
  await page.getByRole('button', { name: '[X/Fe]' }).first().click();
  await page.reload();
  await instrument.open();
  await expect(page.getByRole('button', { name: 'CMA-ES' })).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByRole('button', { name: '[X/Fe]' }).first()).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByRole('button', { name: 'Theme: light' })).toBeVisible();

  await page.getByRole('button', { name: /^Remove/ }).click();
  await expect(instrument.row(/simulated/)).toBeHidden();
  await page.keyboard.press('Control+z');
  await expect(instrument.row(/simulated/)).toBeVisible();
});
