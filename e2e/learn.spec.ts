import { expect, test } from '@playwright/test';

test('a first sight says what the page does, a sample star is fitted, and an exercise runs by its link', async ({ page }) => {
  await page.goto('./');
  const results = page.getByRole('region', { name: 'Results' });
  await expect(results.getByText(/about thirty abundances of a star from one low-resolution spectrum/)).toBeVisible();
  await results.getByRole('button', { name: 'The Sun' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'sun' }).first()).toBeVisible();
  await page.goto('./#learn=magnesium');
  const card = page.getByRole('region', { name: 'Learn' });
  await expect(card.getByRole('heading', { name: 'Where magnesium is' })).toBeFocused();
  await expect(page.getByText('model (sliders)')).toBeVisible();
  await card.getByRole('button', { name: 'Show the answer' }).press('Enter');
  await expect(card.getByText(/Mg b triplet/)).toBeVisible();
  await card.getByRole('button', { name: 'Next' }).press('Enter');
  await expect(card.getByText('step 2 of 3')).toBeVisible();
  await card.getByRole('button', { name: 'Next' }).press('Enter');
  await expect(page.getByText(/^Grey: 5772 K/)).toBeVisible();
  await card.getByRole('button', { name: 'Close the exercises' }).click();
  await expect(card).toBeHidden();
});
