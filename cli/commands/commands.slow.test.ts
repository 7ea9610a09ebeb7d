import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { simulateSpectrum } from '../../src/spectra/simulate.ts';
import { createTinyBundle, createTinyEmulator } from '../../src/testing/tinyBundle.ts';
import { writeSite } from '../../src/testing/writeSite.ts';
import { writeSpectraCsv } from '../files/spectraCsv.ts';
import { startMaury, type Outcome } from '../testing/maury.ts';

const SEED = 3;
// Each test starts real processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 });
let site: string;
let folder: string;

/** The real command line, on a site that holds a model with random weights. */
const maury = (...args: readonly string[]): Promise<Outcome> => startMaury(args, { MAURY_PUBLIC: site });

beforeAll(async () => {
  site = writeSite(createTinyBundle(SEED));
  folder = mkdtempSync(join(tmpdir(), 'maury-cli-'));
  const emulator = createTinyEmulator(SEED);
  const labels = Float64Array.from(emulator.info.labels, (label) => label.centre + 0.3 * label.halfRange);
  const [flux] = await emulator.predict([labels]);
  if (flux === undefined) throw new Error('no spectrum');
  const star = simulateSpectrum(
    { flux, ...emulator.info },
    { id: 'star', lsf: { kind: 'resolving-power', resolvingPower: 1800 }, snr: 80, rv: 20, seed: 1 },
  );
  const error = star.ivar.map((value) => (value > 0 ? 1 / Math.sqrt(value) : 0));
  writeSpectraCsv(join(folder, 'star.csv'), star.wavelength, [
    { name: 'flux', values: star.flux },
    { name: 'error', values: error },
  ]);
  writeFileSync(join(folder, 'bad.fits'), 'SIMPLE  =                    T');
});
afterAll(() => {
  rmSync(site, { recursive: true });
  rmSync(folder, { recursive: true });
});

const value = z.object({
  sigma: z.number().nullable(),
  calibrated: z.number().nullable(),
  sigmaCalibrated: z.number().nullable(),
  flag: z.string(),
});
const okSchema = z.object({
  ok: z.literal(true),
  id: z.string(),
  survey: z.string(),
  snr: z.number(),
  resolvingPower: z.number(),
  rv: z.object({ value: z.number(), sigma: z.number() }),
  chi2Reduced: z.number(),
  model: z.string(),
  backend: z.string(),
  seconds: z.number(),
  evaluations: z.number(),
  labels: z.record(z.string(), value.extend({ value: z.number() })),
  abundances: z.record(z.string(), value.extend({ xh: z.number() })),
});

describe('maury fit', () => {
  test('prints one object per file in order; a bad file and a missing one do not stop a good one', async () => {
    const files = [join(folder, 'bad.fits'), join(folder, 'star.csv'), join(folder, 'missing.fits')];
    const { code, stdout, stderr } = await maury('fit', ...files, '--json', '--workers', '2', '--method', 'lm');
    expect(code, stderr).toBe(0);
    const reports = z.array(z.looseObject({ file: z.string(), ok: z.boolean() })).parse(JSON.parse(stdout));
    expect(reports.map((report) => report.file)).toEqual(files);
    expect(reports[0]).toMatchObject({ ok: false, failure: { code: expect.any(String) as string, hint: expect.any(String) as string } });
    expect(reports[2]).toMatchObject({ ok: false, failure: { code: 'FILE_UNREADABLE' } });
    const star = okSchema.parse(reports[1]);
    expect(Math.abs(star.rv.value - 20)).toBeLessThan(10);
    expect(Object.keys(star.labels)).toHaveLength(33);
    expect(Object.keys(star.abundances)).toHaveLength(30);
    expect(star.labels['teff']).toMatchObject({ calibrated: null, sigmaCalibrated: null });
    expect(stderr).toContain('per star');
  });

  test('without --json a person can read it', async () => {
    const { code, stdout } = await maury('fit', join(folder, 'star.csv'));
    expect(code).toBe(0);
    expect(stdout).toMatch(/T_eff \(K\) +\d+ ± \d+/);
    expect(stdout).toContain('uncalibrated');
  });

  test('a batch in which nothing could be fitted ends with 1 and still prints its objects', async () => {
    const { code, stdout } = await maury('fit', join(folder, 'bad.fits'), '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([{ ok: false }]);
  });

  test('a model that is not there is a named failure of every file', async () => {
    const { code, stdout } = await maury('fit', join(folder, 'star.csv'), '--json', '--model', 'nonesuch');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([
      { ok: false, failure: { code: 'MODEL_UNKNOWN', hint: expect.stringContaining(`tiny-${String(SEED)}`) as string } },
    ]);
  });
});

describe('maury fit with the synthesis', () => {
  test('without its tables is a failure of every file that says which is missing', async () => {
    const { code, stdout } = await maury('fit', join(folder, 'star.csv'), '--json', '--model', 'ab-initio', '--tables', folder);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([{ ok: false, failure: { code: 'TABLES_UNREADABLE', hint: expect.any(String) as string } }]);
  });
});

describe('maury', () => {
  test.each([
    [['fit', '--nonesuch', 'x.fits'], 'BAD_OPTION', '--nonesuch'],
    [['fit', 'x.fits', '--method', 'magic'], 'BAD_OPTION', 'magic'],
    [['fit', 'x.fits', '--seed', 'one'], 'BAD_OPTION', 'one'],
    [['fit', 'x.fits', '--lines', 'vald'], 'BAD_OPTION', '--verify'],
    [['fit', 'x.fits', '--model', 'ab-initio', '--method', 'mcmc'], 'BAD_OPTION', 'mcmc'],
    [['fit'], 'NO_FILES', ''],
    [['frobnicate'], 'UNKNOWN_COMMAND', 'frobnicate'],
    [['emulate', '--out', 'x.csv'], 'BAD_OPTION', '--labels'],
  ])('%j is refused by name, with a hint, on stderr', async (args, code, quoted) => {
    const outcome = await maury(...args);
    expect(outcome.code).toBe(2);
    expect(outcome.stdout).toBe('');
    expect(outcome.stderr).toContain(code);
    expect(outcome.stderr).toContain(quoted);
    expect(outcome.stderr.trim().split('\n').length).toBeGreaterThan(1);
  });

  test('--help lists the commands, and each command its options', async () => {
    const general = await maury('--help');
    expect(general).toMatchObject({ code: 0 });
    expect(general.stdout).toContain('calibrate');
    expect((await maury('fit', '--help')).stdout).toContain('--method');
  });
});

describe('maury emulate', () => {
  test('writes flux columns, says what is outside the training range, and --r samples in log10 λ', async () => {
    const labels = join(folder, 'labels.json');
    const out = join(folder, 'out.csv');
    writeFileSync(
      labels,
      '[{"teff": 5770, "logg": 4.44, "vmic": 1, "feh": 0}, {"teff": 7600, "logg": 4.4, "vmic": 1, "feh": 0, "xfe": {"Mg": 0.1}}]',
    );
    const { code, stderr } = await maury('emulate', '--labels', labels, '--r', '1800', '--out', out);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('star 1: T_eff = 7600 is 600 K outside the training range 4000 to 7000');
    const [header, first, second] = readFileSync(out, 'utf8').split('\n');
    expect(header).toBe('wavelength,flux_0,flux_1');
    const ratio = Number(second?.split(',')[0]) / Number(first?.split(',')[0]);
    expect(Math.log10(ratio)).toBeCloseTo(1e-4, 8);
  });
});

describe('fit --replay', () => {
  test('gives the digits again, finds the file by its content, and says what is not as it was', async () => {
    const star = join(folder, 'star.csv');
    const first = await maury(
      'fit',
      star,
      '--json',
      '--seed',
      '5',
      '--mask-diffuse-bands',
      '--prior',
      'feh=-0.5+-0.02',
      '--fix',
      'logg=4.1',
      '--r',
      '1850',
    );
    const results = join(folder, 'results.json');
    writeFileSync(results, first.stdout);
    const again = await maury('fit', '--replay', results, '--json');
    expect(again.stderr).toContain('the same to every digit');
    expect(again.code).toBe(0);
    const timeless = (text: string) =>
      (JSON.parse(text) as object[]).map((one) => ({
        ...one,
        seconds: 0,
        provenance: { ...('provenance' in one ? (one.provenance as object) : {}), date: '' },
      }));
    expect(timeless(again.stdout)).toEqual(timeless(first.stdout));

    const renamed = join(folder, 'renamed.csv');
    writeFileSync(renamed, readFileSync(star));
    writeFileSync(join(folder, 'other.csv'), 'no spectrum');
    const changed = (JSON.parse(first.stdout) as { file: string; labels: { teff: { value: number } } }[]).map((one) => ({
      ...one,
      file: 'gone.csv',
      labels: { ...one.labels, teff: { ...one.labels.teff, value: 1 } },
    }));
    writeFileSync(results, JSON.stringify(changed));
    const found = await maury('fit', '--replay', results, join(folder, 'other.csv'), renamed);
    expect(found.stderr).toMatch(/1 values differ: teff: 1, now \d/);
    expect(found.code).toBe(1);
    const missing = await maury('fit', '--replay', results, join(folder, 'other.csv'), '--json');
    expect(JSON.parse(missing.stdout)).toMatchObject([{ ok: false, failure: { code: 'REPLAY_FILE_MISSING' } }]);
  }, 300_000);

  test('takes no options of its own', async () => {
    const refused = await maury('fit', '--replay', 'results.json', '--seed', '3');
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('--replay does not go with --seed');
    for (const own of [['--prior', 'feh=0+-0.1'], ['--medium', 'air'], ['--mask-diffuse-bands']])
      expect((await maury('fit', '--replay', 'results.json', ...own)).stderr).toContain(`--replay does not go with ${String(own[0])}`);
    expect((await maury('fit', '--replay', 'nowhere.json')).stderr).toContain('REPLAY_UNREADABLE');
  });
});
