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

test('sampling goes on from where it was after a reload, until it has converged', async ({ instrument, page }) => {
  await instrument.open();
  const models = page.getByLabel('Model', { exact: true });
  // The list comes a moment after the page: an attribute is waited for.
  await models.selectOption(await models.locator('option', { hasText: 'small' }).first().getAttribute('value'));
  await expect(page.getByRole('banner').getByText(/model .*small on/)).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: 'MCMC' }).click();
  await page.getByRole('button', { name: 'Fit', exact: true }).click();
  const message = page.getByText(/^MCMC, (warming up, )?step \d+/);
  const step = async (): Promise<number> => Number(/step (\d+)/.exec((await message.textContent({ timeout: 120_000 })) ?? '')?.[1]);
  await expect.poll(step, { timeout: 300_000 }).toBeGreaterThan(60);
  await expect(instrument.figure('Traces of the chains')).toBeVisible({ timeout: 120_000 });
  // Where it stands is written down every five seconds.
  await page.waitForTimeout(6000);

  await page.reload();
  // Begun anew, it would be at its first steps: the page shows them twice a second.
  expect(await step()).toBeGreaterThan(50);
  await expect(page.getByText(/^Converged in/)).toBeVisible({ timeout: 500_000 });
  await expect(instrument.figure('Corner plot of the posterior')).toBeVisible();
  await instrument.picture('posterior', 'light');

  // After another reload the same is there: draws, traces and how the labels converged.
  await page.reload();
  await expect(instrument.figure('Corner plot of the posterior').locator('.contourlayer path').first()).toBeAttached({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Traces', exact: true }).click();
  await expect(instrument.figure('Traces of the chains').locator('.js-line')).toHaveCount(16);
  await instrument.picture('traces', 'light');
  await page.getByRole('button', { name: 'Convergence', exact: true }).click();
  const convergence = page.getByRole('table', { name: 'Convergence of the labels' });
  await expect(convergence.getByRole('row')).toHaveCount(34);
  await expect(convergence.getByRole('cell', { name: 'yes', exact: true })).toHaveCount(33);
  await instrument.picture('convergence', 'dark');
  await page.getByRole('button', { name: 'Correlations', exact: true }).click();
  // A cell of the matrix picks its pair for the corner plot: two distributions and one density.
  await instrument
    .figure('Correlation matrix of the labels')
    .locator('.nsewdrag')
    .click({ position: { x: 14, y: 60 } });
  await expect(instrument.figure('Corner plot of the posterior').locator('.contourlayer .contour')).toHaveCount(1);
  await instrument.picture('pair', 'light');
});
