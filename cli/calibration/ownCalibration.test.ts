import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FitService } from '../../src/compute/service.ts';
import { randomStream } from '../../src/math/random.ts';
import { madeRaw, madeStar, MADE_NAMES, type MadeName } from '../../src/testing/madeReferences.ts';
import { toyCard } from '../../src/testing/toyCard.ts';
import { ToyEmulator } from '../../src/testing/toyEmulator.ts';
import { ownCalibration } from './ownCalibration.ts';
import { starName } from './starName.ts';

const emulator = new ToyEmulator();
const service = new FitService(emulator, { id: emulator.info.id, weights: 'abc' }, null, toyCard(emulator.info));
const folder = mkdtempSync(join(tmpdir(), 'calibration-'));
const file = (name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const random = randomStream(3);
const stars = Array.from({ length: 6 }, (_, i) => ({ name: `HD ${String(100 + i)}`, labels: madeStar(random) }));

/** A row of our CSV. */
function results(model: string, weights: string): string {
  const unit = (name: MadeName): string => (name === 'teff' ? 'K' : 'dex');
  const column = (name: MadeName): string => (name === 'Mg' ? 'Mg_H' : name);
  const head = ['file', 'object', 'ok', 'simulated', 'converged', 'model', 'model_sha256'];
  const columns = MADE_NAMES.flatMap((name) => [
    `${column(name)}_${unit(name)}`,
    `${column(name)}_sigma_${unit(name)}`,
    `${column(name)}_flag`,
  ]);
  const rows = stars.map(({ name, labels }, i) => {
    const raw = madeRaw(labels, { shift: {}, intrinsic: 0 }, random);
    const values = MADE_NAMES.flatMap((one) => {
      const value = raw.values[one];
      return [String(value?.value ?? ''), String(value?.sigma ?? ''), i === 2 && one === 'Mg' ? 'prior-dominated' : 'uncalibrated'];
    });
    return [`star-${String(i)}.fits.gz`, name, 'true', 'false', 'true', model, weights, ...values].join(',');
  });
  return [[...head, ...columns].join(','), ...rows].join('\n');
}
const table = (value = (teff: number) => teff): string =>
  [
    'star,source,label,value,sigma',
    ...stars.flatMap(({ name, labels }) => [
      `${name.replace(' ', '000')},A,teff,${String(value(labels.teff))},50`,
      `${name},A,[Fe/H],${String(labels.feh)},0.05`,
    ]),
  ].join('\n');

const good = { references: file('table.csv', table()), results: file('results.csv', results(emulator.info.id, 'abc')) };
const codeOf = async (files: Parameters<typeof ownCalibration>[1]): Promise<string> => {
  const input = await ownCalibration(service, files);
  return input.ok ? 'ok' : input.failure.code;
};

describe('stars of a person', () => {
  test('a table and our results become the input of a calibration; catalogue names agree whatever their zeros', async () => {
    const clusters = file('clusters.csv', `cluster,star\nM 67,star-0.fits.gz\nM 67,HD101\nM 67,nobody`);
    const input = await ownCalibration(service, { ...good, clusters });
    if (!input.ok) throw new Error(input.failure.message);
    const { spectra, references, scale } = input.value;
    expect(input.value.clusters).toEqual([{ id: 'M 67', spectra: ['star-0.fits.gz', 'star-1.fits.gz'] }]);
    expect(scale).toBe('A');
    expect(references.length).toBe(12);
    const named = new Set(references.map(({ star }) => starName(star)));
    expect(spectra.every(({ star }) => named.has(starName(star)))).toBe(true);
    expect(spectra[2]?.raw.values.Mg?.measured).toBe(false);
    expect(spectra[3]?.raw.values.Mg?.measured).toBe(true);
  });

  test('what cannot be used is refused by name', async () => {
    expect(await codeOf({ ...good, results: file('w.csv', results(emulator.info.id, 'abd')) })).toBe('RESULTS_OTHER_WEIGHTS');
    expect(await codeOf({ ...good, results: file('m.csv', results('another', 'abc')) })).toBe('RESULTS_OTHER_MODEL');
    expect(await codeOf({ ...good, results: file('x.csv', 'a,b\n1,2') })).toBe('RESULTS_UNREADABLE');
    expect(await codeOf({ ...good, results: file('x.json', '[1') })).toBe('RESULTS_UNREADABLE');
    expect(await codeOf({ ...good, results: join(folder, 'missing') })).toBe('RESULTS_UNREADABLE');
    expect(await codeOf({ ...good, references: file('c.csv', 'star,label,value\nHD 1,teff,5000') })).toBe('REFERENCES_COLUMNS');
    expect(
      await codeOf({
        ...good,
        references: file(
          'k.csv',
          table((teff) => teff / 1000),
        ),
      }),
    ).toBe('REFERENCE_UNITS');
    expect(await codeOf({ ...good, references: file('z.csv', `${table()}\nHD 101,A,Zz_H,0.1,0.1`) })).toBe('REFERENCE_LABEL_UNKNOWN');
    expect(await codeOf({ ...good, references: file('n.csv', 'star,source,label,value,sigma\nVega,A,teff,9600,50') })).toBe(
      'REFERENCES_MATCH_NOTHING',
    );
    expect(await codeOf({ ...good, references: file('d2.csv', `${table()}\nHD000101,A,teff,9000,50`) })).toBe('REFERENCES_CONTRADICT');
  });
});
