/** The line that the page copies, read by the terminal itself. */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FitOptions, PriorChoice } from '../../src/domain/fitOptions.ts';
import { ELEMENTS, LABELS } from '../../src/domain/labels.ts';
import { DEFAULT_FIT_OPTIONS, defaultPriorSigma } from '../../src/fit/defaults.ts';
import { fitArguments, shellLine, type RepeatableFit } from '../../src/results/fitCommand.ts';
import { fitRequest } from './fitRequest.ts';

/** Never −0, which a text does not tell from 0. */
const number = (min: number, max: number) => fc.double({ min, max, noNaN: true }).map((value) => value + 0);
const stretch = fc.tuple(number(1000, 15_000), number(15_001, 30_000));
const choice: fc.Arbitrary<PriorChoice> = fc.oneof(
  fc.record({ mean: number(-1e4, 1e4), sigma: fc.double({ min: 1e-9, max: 1e3, noNaN: true }) }),
  fc.record({ fixed: number(-1e4, 1e4) }),
);
const word = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => text.trim() !== '' && !text.includes('\0'));
const optional = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(one, { nil: undefined });
const given = <T extends object>(record: T): { [K in keyof T]: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as { [K in keyof T]: NonNullable<T[K]> };

const options: fc.Arbitrary<FitOptions> = fc.record({
  method: fc.constantFrom('lm', 'cmaes', 'mcmc'),
  seed: fc.nat(2 ** 31 - 1),
  maxEvaluations: fc.integer({ min: 100, max: 1e6 }),
  sampler: fc.constantFrom('turns', 'hamiltonian', 'ensemble'),
  maxSampled: fc.integer({ min: 100, max: 1e6 }),
  priorSigma: fc.oneof(
    fc.constant(DEFAULT_FIT_OPTIONS.priorSigma),
    number(0.01, 5).map((sigma) => Object.fromEntries(ELEMENTS.map((name) => [name, sigma]))),
    fc.dictionary(fc.constantFrom(...ELEMENTS, 'vmic'), number(0.01, 5)),
  ),
  priors: fc.dictionary(fc.constantFrom(...LABELS), choice),
  range: stretch,
  knotSpacing: number(20, 5000),
  maskedRegions: fc.array(
    fc
      .record({ at: stretch, frame: fc.constantFrom('rest', 'observed') })
      .map(({ at: [from, to], frame }) => ({ from, to, why: 'by hand', frame })),
    { maxLength: 4 },
  ),
  maskDiffuseBands: fc.boolean(),
});

const fit: fc.Arbitrary<RepeatableFit> = fc.record({
  file: word,
  spectrum: fc.option(fc.integer({ min: 1, max: 5000 })),
  options,
  reading: fc
    .record({
      medium: optional(fc.constantFrom('air', 'vacuum')),
      frame: optional(fc.constantFrom('observed', 'barycentric', 'rest')),
      resolvingPower: optional(number(100, 200_000)),
      errorColumn: optional(word),
      fluxUnit: optional(word),
      target: optional(word),
      degradeTo: optional(number(200, 5000)),
    })
    .map(given),
  model: fc.option(fc.constantFrom('lte-atlas9-v3', 'lte-atlas9-v3-small')),
  backend: fc.option(fc.constantFrom('wasm', 'reference')),
  calibration: fc.option(fc.constantFrom('none', 'a', 'my own.json')),
});

/** Every element with the σ it has, said or not. */
const spelt = ({ priorSigma, ...rest }: FitOptions) => ({
  ...rest,
  priorSigma: { ...priorSigma, ...Object.fromEntries(ELEMENTS.map((name) => [name, priorSigma[name] ?? defaultPriorSigma(name)])) },
});

it('says every option of the page so that the terminal reads the same', () => {
  fc.assert(
    fc.property(fit, (wanted) => {
      const request = fitRequest(fitArguments(wanted).slice(1));
      if (!request.ok) throw new Error('refused');
      const { files, setup } = request.value;
      expect(files).toEqual([wanted.file.startsWith('-') ? `./${wanted.file}` : wanted.file]);
      expect(spelt(setup.options)).toEqual(spelt(wanted.options));
      expect(setup.reading).toEqual(wanted.reading);
      expect(setup.spectrum ?? null).toBe(wanted.spectrum);
      const { model, backend, calibration } = wanted;
      expect(setup.open).toEqual(Object.fromEntries(Object.entries({ model, backend, calibration }).filter(([, value]) => value !== null)));
    }),
    { numRuns: 300 },
  );
});

it('leaves out what the terminal does anyway', () => {
  const plain = { spectrum: null, options: DEFAULT_FIT_OPTIONS, reading: {}, model: null, backend: null, calibration: null };
  expect(shellLine(fitArguments({ ...plain, file: 'spec-1.fits.gz' }))).toBe('npm run --silent maury -- fit spec-1.fits.gz');
  const wide = { ...DEFAULT_FIT_OPTIONS, priorSigma: Object.fromEntries(ELEMENTS.map((name) => [name, 0.5])) };
  expect(shellLine(fitArguments({ ...plain, options: wide, file: "it's mine (2).fits" }))).toBe(
    "npm run --silent maury -- fit 'it'\\''s mine (2).fits' --prior-sigma 0.5",
  );
});

it('is split by sh into the words that it was made of', () => {
  const words = fc.sample(word, { numRuns: 300, seed: 7 }).concat(["a'b", '$HOME', '`ls`', 'a\nb', '*', '~', '!!', '\\', 'a b']);
  const line = shellLine(words).replace('npm run --silent maury --', "printf '%s\\0'");
  expect(spawnSync('sh', ['-c', line], { encoding: 'utf8' }).stdout.split('\0').slice(0, -1)).toEqual(words);
});

it.each([
  [['--range', '8900-3950'], /--range is "8900-3950"/],
  [['--mask', '6550'], /--mask is "6550"/],
  [['--mask', '6550-6580@galaxy'], /--mask is "6550-6580@galaxy"/],
  [['--prior-sigma', 'teff=100'], /--prior-sigma is "teff=100"/],
  [['--prior-sigma', 'Mg='], /--prior-sigma is "Mg="/],
  [['--frame', 'galactic'], /--frame is "galactic"/],
  [['--spectrum', '0'], /--spectrum is "0"/],
  [['--model', 'ab-initio', '--calibration', 'none'], /--calibration none is of a network/],
])('%j is refused by name', (args, message) => {
  const said: string[] = [];
  const write = process.stderr.write.bind(process.stderr);
  process.stderr.write = (text: string | Uint8Array) => said.push(String(text)) > 0;
  try {
    expect(fitRequest(['star.fits', ...args])).toEqual({ ok: false, code: 2 });
  } finally {
    process.stderr.write = write;
  }
  expect(said.join('')).toMatch(message);
});
