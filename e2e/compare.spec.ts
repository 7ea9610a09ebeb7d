import { expect, test } from './instrument.ts';

test('a star fitted twice keeps both fits, which are laid over each other and outlive a reload', async ({ instrument, page }) => {
  await instrument.open();
  const models = page.getByLabel('Model', { exact: true });
  await models.selectOption(await models.locator('option', { hasText: 'small' }).first().getAttribute('value'));
  await expect(page.getByRole('banner').getByText(/model .*small on/)).toBeVisible({ timeout: 60_000 });
  await instrument.fit();
  await page.getByText('Options', { exact: true }).click();
  await page.getByRole('checkbox', { name: /interstellar/ }).check();
  await page.getByRole('button', { name: 'Fit', exact: true }).click();
  const fits = page.getByRole('list', { name: 'Fits of this star' }).getByRole('button');
  await expect(fits).toHaveCount(2, { timeout: 120_000 });
  await expect(fits.first()).toHaveAttribute('aria-pressed', 'true');
  const compare = page.getByLabel('Compare with');
  await compare.selectOption('fit 0');
  const table = page.getByRole('table', { name: 'Comparison of labels' });
  await expect(table.getByRole('row')).toHaveCount(34);
  await expect(page.getByText(/larger σ of the two/)).toBeVisible();
  await expect(page.getByRole('region', { name: 'Flux and residuals' }).getByText(/^model of LM/)).toBeVisible();
  await instrument.picture('compare', 'dark');
  await instrument.picture('compare', 'light');
  // What is shown changes places with the other, and the differences their sign.
  const difference = table.getByRole('row').nth(1).getByRole('cell').nth(2);
  const before = (await difference.textContent()) ?? '';
  await fits.nth(1).click();
  const turned =
    Number(before.replace('−', '-')) === 0 ? before : before.startsWith('−') ? before.replace('−', '+') : before.replace('+', '−');
  await expect(difference).toHaveText(turned);

  await page.reload();
  await expect(fits).toHaveCount(2, { timeout: 60_000 });
});
