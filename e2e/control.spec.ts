import { expect, test } from './instrument.ts';

test('a fit is paused, goes on where it was, and survives a reload of the page', async ({ instrument, page }) => {
  await instrument.open();
  await page.getByRole('button', { name: 'CMA-ES' }).click();
  await page.getByRole('button', { name: 'Fit', exact: true }).click();
  await expect(page.getByText('model (best so far)')).toBeVisible({ timeout: 120_000 });

  await test.step('paused, it stands still', async () => {
    await page.getByRole('button', { name: 'Pause' }).click();
    await expect(page.getByText(/^Paused/)).toBeVisible();
    const progress = page.getByRole('progressbar');
    // What was under way when the pause came may still be told.
    await page.waitForTimeout(1500);
    const stood = await progress.getAttribute('value');
    await page.waitForTimeout(1500);
    expect(await progress.getAttribute('value')).toBe(stood);
  });

  await test.step('the key P lets it go on', async () => {
    const stood = Number(await page.getByRole('progressbar').getAttribute('value'));
    await page.keyboard.press('p');
    await expect.poll(async () => Number(await page.getByRole('progressbar').getAttribute('value'))).toBeGreaterThan(stood);
  });

  await test.step('reloaded, it begins again by itself; cancelled, it stays so', async () => {
    await page.reload();
    await expect(page.getByText('Loading the model')).toBeHidden({ timeout: 60_000 });
    await expect(page.getByRole('progressbar')).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText('model (best so far)')).toBeVisible({ timeout: 120_000 });
    await expect(instrument.row(/simulated/)).toHaveCount(1);
    await page.keyboard.press('Escape');
    await expect(instrument.row(/simulated/).getByText('cancelled')).toBeVisible();
    await page.reload();
    await expect(page.getByText('Loading the model')).toBeHidden({ timeout: 60_000 });
    await expect(instrument.row(/simulated/).getByText('not fitted')).toBeVisible();
  });

  await test.step('a result survives a reload too, with what it rests on', async () => {
    await instrument.fit();
    await page.reload();
    await instrument.expectFourViews();
    await expect(page.getByText(/pixels that carry 90 % of the information/)).toBeVisible({ timeout: 60_000 });
  });
});
