import { contentOf, expect, test } from './instrument.ts';

test('the correlations of a fit are a matrix, a list of pairs and a figure', async ({ instrument, page }) => {
  await instrument.open();
  await instrument.fit();
  await page.getByRole('button', { name: 'Correlations', exact: true }).click();
  await expect(instrument.figure('Correlation matrix of the labels').locator('.heatmaplayer image')).toBeVisible();
  const strongest = page.getByRole('list', { name: 'Strongest correlations' }).getByRole('button').first();
  const text = (await strongest.textContent()) ?? '';
  await strongest.click();
  await expect(page.getByRole('region', { name: 'Correlations' }).getByRole('status')).toHaveText(text.replace(/ ([+−])/, ': $1'));
  await instrument.picture('correlations', 'dark');
  await instrument.picture('correlations', 'light');
  const svg = (await contentOf(await instrument.export('Correlations as SVG'))).toString();
  expect(svg).toContain('elements as [X/H]');
  await page.getByRole('button', { name: 'Abundances', exact: true }).click();
  await expect(instrument.figure(/^Abundances by element/)).toBeVisible();
});
