import { expect, test } from '@playwright/test';

test.use({ serviceWorkers: 'allow' });

test('the page opens and draws without a network after the first visit', async ({ page, context }) => {
  await page.goto('./');
  await expect(page.getByRole('slider', { name: 'log g (dex)' })).toBeEnabled();
  // Everything of the model is kept once the last of its files is.
  const kept = () => page.evaluate(async () => (await (await caches.open('maury-files')).keys()).map(({ url }) => url).join(' '));
  const wait = { timeout: 120_000 };
  await expect.poll(kept, wait).toContain('/index.html?');
  await expect.poll(kept, wait).toContain('/weights.bin?');
  await context.setOffline(true);
  await page.reload();
  const slider = page.getByRole('slider', { name: 'log g (dex)' });
  await expect(slider).toBeEnabled({ timeout: 60_000 });
  await slider.press('ArrowLeft');
  await expect(page.getByText('model (sliders)')).toBeVisible();
  await context.setOffline(false);
});
