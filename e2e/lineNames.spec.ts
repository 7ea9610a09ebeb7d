import { expect, test } from '@playwright/test';
import { Instrument } from './instrument.ts';

test('lines are named at peaks of the derivative, under the pointer, and over the spectrum when asked', async ({ page }) => {
  await page.goto('./#learn=magnesium');
  await expect(page.getByText('model (sliders)')).toBeVisible({ timeout: 60_000 });
  await expect(
    page
      .getByRole('figure', { name: /^Derivative of the flux/ })
      .locator('.annotation-text')
      .filter({ hasText: 'Mg I' }),
  ).not.toHaveCount(0);
  const spectrum = page.getByRole('figure', { name: /Flux with model/ });
  const names = spectrum.locator('.annotation-text').filter({ hasText: 'Mg I 5185' });
  await expect(names).toHaveCount(0);
  await page.getByRole('checkbox', { name: 'name all' }).check();
  await expect(names).toHaveCount(1);
  const box = await spectrum.boundingBox();
  if (box === null) throw new Error('the figure has no place');
  // 5100 … 5260 Å between margins of 64 and 14 pixels: 5185 Å
  await page.mouse.move(box.x + 64 + (85 / 160) * (box.width - 78), box.y + 60);
  await expect(spectrum.locator('.hoverlayer').getByText(/Mg I 5185\.1 \(\d+ %\)/)).toBeVisible();
  await page.getByRole('checkbox', { name: 'name all' }).uncheck();
  await expect(names).toHaveCount(0);
});

test('a list of own lines is marked by dropping it, and taken away and brought back', async ({ page }) => {
  const instrument = new Instrument(page);
  await instrument.open();
  const text = 'name,wavelength_vac\nmy line,5271.0\nanother,6000\n';
  await instrument.drop({ name: 'lines.csv', bytes: new TextEncoder().encode(text) });
  const marks = page
    .getByRole('figure', { name: /Flux with model/ })
    .locator('.annotation-text')
    .filter({ hasText: 'my line' });
  await expect(marks).toHaveCount(1);
  await page.reload();
  await expect(marks).toHaveCount(1);
  await page.screenshot({ path: 'test-results/screenshots/own-lines.png' });
  await page.getByRole('button', { name: 'Remove the lines of lines.csv' }).click();
  await expect(marks).toHaveCount(0);
  await page.keyboard.press('Control+z');
  await expect(marks).toHaveCount(1);
});
