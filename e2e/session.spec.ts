import { strFromU8, unzipSync } from 'fflate';
import { contentOf, expect, Instrument, test } from './instrument.ts';

test('a session is one file that another browser goes on from, and everything leaves as one zip', async ({ instrument, browser }) => {
  await instrument.open();
  await instrument.fit();
  const teff = (of: Instrument) => of.page.getByRole('table', { name: 'Stellar parameters' }).getByRole('row').nth(1);
  const before = (await teff(instrument).textContent()) ?? '';
  expect(before).toMatch(/\d{4}/);

  const zip = unzipSync(new Uint8Array(await contentOf(await instrument.export('Everything as zip'))));
  const names = Object.keys(zip);
  for (const end of ['README.txt', 'results.csv', 'results.vot', 'results.fits', 'spectrum.fits', 'covariance.csv'])
    expect(names.some((name) => name.endsWith(end))).toBe(true);
  expect(strFromU8(zip['README.txt'] ?? new Uint8Array())).toMatch(/Model lte-atlas9-v3/);
  const votable = String(await contentOf(await instrument.export('Results as VOTable')));
  expect(votable).toMatch(/<VOTABLE[^]*ucd="phys\.temperature\.effective"[^]*<\/VOTABLE>/);

  const saved = await instrument.export('Save session');
  const file = { name: saved.suggestedFilename(), bytes: new Uint8Array(await contentOf(saved)) };
  expect(file.name).toMatch(/^session-.*\.maury\.json\.gz$/);

  // Another browser, that has never seen the star.
  const elsewhere = await browser.newContext();
  const other = new Instrument(await elsewhere.newPage());
  await other.open();
  await other.drop(file);
  await expect(other.row(/· fitted/)).toBeVisible({ timeout: 60_000 });
  await other
    .row(/· fitted/)
    .getByRole('button')
    .first()
    .click();
  await expect(teff(other)).toHaveText(before);
  // What was cut off on its way is refused by name, and nothing that is open goes.
  await other.drop({ name: file.name, bytes: file.bytes.slice(0, file.bytes.length / 2) });
  await expect(other.page.getByRole('alert').filter({ hasText: file.name })).toBeVisible();
  await expect(teff(other)).toHaveText(before);
  await elsewhere.close();
});
