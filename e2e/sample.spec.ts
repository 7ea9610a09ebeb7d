import { expect, test } from './instrument.ts';

/** A made-up star: a few broad lines on a slope, enough to stand in a list. */
const star = (k: number) => {
  const lines = Array.from({ length: 2000 }, (_, i) => {
    const wavelength = 4000 + 2.4 * i;
    // Without noise it would be taken for a stretch that somebody filled.
    const noise = 2 * (((i * 7919) % 13) / 6 - 1);
    const flux = noise + 100 + 10 * Math.sin(wavelength / (300 + k)) - 30 * Math.exp(-0.5 * ((wavelength - 4862.7) / 9) ** 2);
    return `${wavelength.toFixed(2)},${flux.toFixed(3)},2`;
  });
  return {
    name: `star-${String(k).padStart(3, '0')}.csv`,
    bytes: new TextEncoder().encode(`wavelength,flux,error\n${lines.join('\n')}\n`),
  };
};

test('a sample is one table: found, selected, removed and brought back at once, and only what is in view is drawn', async ({
  instrument,
  page,
}) => {
  await instrument.open();
  const stars = Array.from({ length: 120 }, (_, k) => star(k));
  await instrument.choose(...stars);
  await expect(instrument.row('star-119')).toHaveCount(1, { timeout: 60_000 });
  await page.getByRole('button', { name: 'Sample' }).click();
  const sample = page.getByRole('region', { name: 'Sample' });
  const table = sample.getByRole('table', { name: 'Stars of the sample' });
  await expect(table).toHaveAttribute('aria-rowcount', '121');
  await expect(sample.getByRole('status')).toHaveText('0 of 120 fitted');
  // The demo star is no part of it, and 120 rows are not drawn for a screen of them.
  await expect(table.getByText(/simulated/)).toHaveCount(0);
  expect(await table.getByRole('rowheader').count()).toBeLessThan(80);
  await table.getByRole('button', { name: /^star/ }).first().click();
  await sample.getByRole('searchbox').fill('star-117');
  await table.getByRole('button', { name: 'star-117.csv' }).click();
  await expect(instrument.row('star-117').getByRole('button', { pressed: true })).toBeVisible();
  await sample.getByRole('searchbox').fill('');
  // The selected star is scrolled to.
  await expect(table.getByRole('button', { name: 'star-117.csv' })).toBeInViewport();
  await sample.getByRole('button', { name: 'Remove all' }).click();
  await expect(instrument.row(/star-/)).toHaveCount(0);
  await page.keyboard.press('Control+z');
  await expect(instrument.row(/star-/)).toHaveCount(120);
  await page.keyboard.press('s');
  await expect(instrument.figure(/Flux with model/)).toBeVisible();
});

test('a star is judged by key and commented: the table is cut down by it, a reload keeps it, undo takes it back', async ({
  instrument,
  page,
}) => {
  await instrument.open();
  await instrument.choose(star(1), star(2), star(3));
  await expect(instrument.row('star-003')).toHaveCount(1);
  await page.keyboard.press('s');
  const sample = page.getByRole('region', { name: 'Sample' });
  const table = sample.getByRole('table', { name: 'Stars of the sample' });
  await table.getByRole('button', { name: 'star-002.csv' }).click();
  await page.keyboard.press('b');
  const note = sample.getByRole('group', { name: 'Your note on star-002.csv' });
  await expect(note.getByRole('button', { name: 'bad' })).toHaveAttribute('aria-pressed', 'true');
  // Letters that are typed are text, and no keys of the page.
  await note.getByRole('textbox').fill('a bug in the blue');
  await note.getByRole('textbox').press('Enter');
  const cell = table.getByRole('cell', { name: 'bad: a bug in the blue' });
  await expect(cell).toBeVisible();
  await sample.getByRole('combobox', { name: 'Show stars that you noted as' }).selectOption('bad');
  await expect(table).toHaveAttribute('aria-rowcount', '2');
  await sample.getByRole('combobox', { name: 'Show stars that you noted as' }).selectOption('');
  await page.reload();
  await expect(instrument.row('star-003')).toHaveCount(1);
  await page.getByRole('button', { name: 'Sample' }).click();
  await expect(cell).toBeVisible();
  await table.getByRole('button', { name: 'star-001.csv' }).click();
  await page.keyboard.press('u');
  await expect(table.getByRole('cell', { name: 'unsure' })).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(table.getByRole('cell', { name: 'unsure' })).toHaveCount(0);
  // Columns are chosen, and stay chosen.
  await sample.getByRole('button', { name: /^Columns/ }).click();
  await page.getByRole('menuitemcheckbox', { name: '[Eu/H]' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'note' }).click();
  await page.keyboard.press('Escape');
  const heads = () => table.getByRole('columnheader');
  await expect(heads().filter({ hasText: '[Eu/H]' })).toHaveCount(1);
  await expect(heads().filter({ hasText: 'note' })).toHaveCount(0);
  await page.reload();
  await page.getByRole('button', { name: 'Sample' }).click();
  await expect(heads().filter({ hasText: '[Eu/H]' })).toHaveCount(1);
});
