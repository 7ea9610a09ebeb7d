/** `maury demo`: the simulated star that the page opens with, from a synthesized spectrum. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { DemoStar } from '../../src/compute/demoStar.ts';
import { labelVector, LABELS } from '../../src/domain/labels.ts';
import { randomStream } from '../../src/math/random.ts';
import { simulateSpectrum } from '../../src/spectra/simulate.ts';
import { EXIT, numberOption, openCommand, refuse } from './args.ts';
import { readLabelsFile } from '../files/labelsFile.ts';
import { readNativeCsv } from '../files/nativeCsv.ts';
import { publicFolder } from '../files/nodeAssets.ts';
import { sharedFolder } from '../files/sharedFolder.ts';
import { readSun } from '../files/sun.ts';
import type { Spectrum } from '../../src/domain/spectrum.ts';

const HELP = `maury demo --from native.csv --labels labels.json [options]: the simulated star that the page opens with
maury demo --sun: the Sun among its sample stars, from the TSIS-1 hybrid solar reference in spectra/sun of the shared folder

  --from FILE       CSV of "maury synthesize" (or emulate) on its native grid; flux_0 is taken
  --labels FILE     the labels it was made from: the truth shown beside the fit
  --out FILE        default: public/demo/star.json
  --snr N           median S/N per pixel (default 60)
  --seed N          noise and velocity (default 1)
  --native-r R      resolving power of the CSV (default 5000)
  --sun             write the Sun instead (default --out: public/demo/sun.json)
`;

const RESOLVING_POWER = 1800;
/** The star's velocity is drawn between these, km/s. */
const VELOCITY = 80;

/** The demo command. */
export async function run(args: readonly string[]): Promise<number> {
  const parsed = openCommand(HELP, {
    args: [...args],
    options: {
      from: { type: 'string' },
      labels: { type: 'string' },
      out: { type: 'string' },
      snr: { type: 'string' },
      seed: { type: 'string' },
      'native-r': { type: 'string' },
      sun: { type: 'boolean', default: false },
    },
  });
  if (!parsed.ok) return parsed.code;
  const { values } = parsed.value;
  if (values.sun) return writeSun(values.out);
  const { from, labels: labelsPath } = values;
  if (from === undefined || labelsPath === undefined)
    return refuse({
      code: 'BAD_OPTION',
      message: `--${from === undefined ? 'from' : 'labels'} is missing.`,
      hint: 'maury demo --from native.csv --labels labels.json',
    });
  const snr = numberOption('snr', values.snr, 60, { min: 1, max: 1e4 });
  if (!snr.ok) return refuse(snr.failure);
  const seed = numberOption('seed', values.seed, 1, { min: 0, max: 2 ** 31 - 1, integer: true });
  if (!seed.ok) return refuse(seed.failure);
  const nativeR = numberOption('native-r', values['native-r'], 5000, { min: RESOLVING_POWER });
  if (!nativeR.ok) return refuse(nativeR.failure);
  const native = await readNativeCsv(from, 0);
  if (!native.ok) return refuse(native.failure, EXIT.failed);
  const stars = await readLabelsFile(labelsPath);
  if (!stars.ok) return refuse(stars.failure, EXIT.failed);
  const labels = stars.value[0];
  if (labels === undefined) return EXIT.failed;

  const random = randomStream(seed.value);
  // The first numbers of neighbouring small seeds resemble one another.
  for (let i = 0; i < 32; i++) random.uniform();
  const rv = Math.round(10 * VELOCITY * (2 * random.uniform() - 1)) / 10;
  const vector = labelVector(labels);
  const truth = Object.fromEntries(LABELS.map((name, i) => [name, vector[i] ?? NaN]));
  const spectrum = simulateSpectrum(
    { ...native.value, resolvingPower: nativeR.value },
    {
      id: 'simulated-star',
      lsf: { kind: 'resolving-power', resolvingPower: RESOLVING_POWER },
      snr: snr.value,
      rv,
      seed: seed.value,
      truth,
    },
  );
  const star: DemoStar = {
    ...pixelsOf(spectrum),
    id: spectrum.id,
    object: 'A simulated star',
    note: `Simulated: our own LTE synthesis at R = ${String(RESOLVING_POWER)} with noise of S/N ${String(snr.value)}, not an observation.`,
    fluxUnit: spectrum.fluxUnit,
    resolvingPower: RESOLVING_POWER,
    snr: snr.value,
    meta: { ...spectrum.meta },
    truth,
  };
  return write(star, values.out ?? join(publicFolder(), 'demo', 'star.json'));
}

/** Pixels equal in log10 λ as the file holds them. */
function pixelsOf({ wavelength, flux, ivar }: Spectrum): Pick<DemoStar, 'format' | 'start' | 'step' | 'flux' | 'sigma'> {
  const start = Math.log10(wavelength[0] ?? NaN);
  const digits = (value: number): number => Number(value.toPrecision(6));
  return {
    format: 'maury-demo-star-1',
    start,
    step: (Math.log10(wavelength.at(-1) ?? NaN) - start) / (wavelength.length - 1),
    flux: Array.from(flux, digits),
    sigma: Array.from(ivar, (value) => (value > 0 ? digits(1 / Math.sqrt(value)) : 0)),
  };
}

/** What the page shows of the Sun, Å: what surveys of this resolution cover. */
const SUN_RANGE = [3700, 9100] as const;

/** The Sun among the sample stars. */
async function writeSun(out: string | undefined): Promise<number> {
  const sun = await readSun(sharedFolder());
  if (!sun.ok) return refuse(sun.failure, EXIT.failed);
  const { wavelength, flux, ivar, fluxUnit, snr } = sun.value;
  const inside = wavelength.map((value) => (value >= SUN_RANGE[0] && value <= SUN_RANGE[1] ? 1 : 0));
  const part = (values: Float64Array): Float64Array => values.filter((_, p) => inside[p] === 1);
  const star: DemoStar = {
    ...pixelsOf({ ...sun.value, wavelength: part(wavelength), flux: part(flux), ivar: part(ivar) }),
    id: 'sun',
    object: 'The Sun',
    note: `Observed: the TSIS-1 Hybrid Solar Reference Spectrum (Coddington et al. 2021, Geophys. Res. Lett. 48, e2020GL091709), version 2, 0.1 nm, convolved to R = ${String(RESOLVING_POWER)}. Errors of a constant S/N of ${String(snr)} are set, not measured.`,
    fluxUnit,
    resolvingPower: RESOLVING_POWER,
    snr,
    simulated: false,
    meta: { source: 'TSIS-1 HSRS v2' },
    truth: {
      teff: 5772,
      logg: 4.438,
      ...Object.fromEntries(LABELS.filter((name) => name !== 'teff' && name !== 'logg' && name !== 'vmic').map((name) => [name, 0])),
    },
  };
  return write(star, out ?? join(publicFolder(), 'demo', 'sun.json'));
}

async function write(star: DemoStar, path: string): Promise<number> {
  const out = resolve(path);
  await mkdir(dirname(out), { recursive: true });
  await writeFile(out, `${JSON.stringify(star)}\n`);
  process.stderr.write(`${String(star.flux.length)} pixels written to ${out}\n`);
  return EXIT.done;
}
