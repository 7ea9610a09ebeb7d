import { expect, test } from '@playwright/test';

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
