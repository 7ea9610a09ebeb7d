/**
 * What wrong lines do to labels, and how much of it an error model takes away: stars made by the network itself, of which every line has a wrong strength (the same in all
 * stars, as a line list would have it), fitted by the network as it is. Errors of log gf are drawn over stretches as wide as a line and change the optical
 * depth −ln F of the native spectrum by as many dex: of blended and saturated lines an approximation.
 */
import type { FitService } from '../../src/compute/service.ts';
import type { FitOptions, Solution } from '../../src/domain/fit.ts';
import type { LabelName } from '../../src/domain/labels.ts';
import { unknownSurvey } from '../../src/domain/survey.ts';
import type { Spectrum } from '../../src/domain/spectrum.ts';
import { DEFAULT_FIT_OPTIONS } from '../../src/fit/defaults.ts';
import { fitSpectrum } from '../../src/fit/fitSpectrum.ts';
import { tuningFor } from '../../src/fit/tuning.ts';
import { randomStream } from '../../src/math/random.ts';
import { median } from '../../src/math/statistics.ts';
import { simulateSpectrum } from '../../src/spectra/simulate.ts';
import { fixed, markdownTable } from '../../cli/files/markdownTable.ts';
import { ALL, measure } from './measure.ts';
import { residualOf } from './residual.ts';

/** σ of log gf, dex. */
const ERRORS = [0.1, 0.2, 0.3] as const;
const STARS = 12;
const SNR = 200;
const LSF = { kind: 'resolving-power', resolvingPower: 1800 } as const;
const WAVELENGTH = Float64Array.from({ length: 3910 }, (_, i) => 10 ** (3.5682 + 1e-4 * i));
/** Native points over which an error of log gf holds: a line. */
const STRETCH = 4;
const SHOWN: readonly LabelName[] = ['teff', 'logg', 'feh', 'Mg', 'Ca', 'Ti', 'Ni'];
const OPTIONS: FitOptions = { ...DEFAULT_FIT_OPTIONS, method: 'lm' };

interface Injected {
  readonly truth: Float64Array;
  readonly spectrum: Spectrum;
}

/** The native spectrum with lines that are wrong by `sigma` dex, by the errors of seed 1. */
export function withWrongLines(native: Float32Array, sigma: number): Float32Array {
  const random = randomStream(1, 77);
  let error = 0;
  return native.map((flux, i) => {
    if (i % STRETCH === 0) error = sigma * random.normal();
    return Math.exp(Math.log(Math.max(1e-3, Math.min(1, flux))) * 10 ** error);
  });
}

/** Dwarfs and subgiants of 5200–6300 K around [Fe/H] = −0.3, which one type of the measurement covers. */
async function injected({ emulator }: FitService, sigma: number): Promise<Injected[]> {
  const { info } = emulator;
  const random = randomStream(5);
  const labels = Array.from({ length: STARS }, () => {
    const own: Readonly<Partial<Record<LabelName, number>>> = {
      ...{ teff: 5200 + 1100 * random.uniform(), logg: 4 + 0.5 * random.uniform(), vmic: 1.1, feh: -0.3 + 0.2 * random.normal() },
    };
    return Float64Array.from(info.labels, ({ name }) => own[name] ?? 0);
  });
  const natives = await emulator.predict(labels);
  return natives.map((native, s) => ({
    truth: labels[s] ?? new Float64Array(),
    spectrum: {
      ...simulateSpectrum(
        { flux: withWrongLines(native, sigma), ...info },
        { id: `wrong lines ${String(s)}`, lsf: LSF, snr: SNR, rv: 20 * random.normal(), seed: s + 1, wavelength: WAVELENGTH },
      ),
      // It is to be fitted as an observed star.
      ...{ simulated: false, survey: unknownSurvey() },
    },
  }));
}

/** A table of biases, in label units and in σ, by error of log gf and noise model. Fits 72 stars in this process. */
export async function attenuation(service: FitService): Promise<string> {
  const { emulator } = service;
  const rows: string[][] = [];
  for (const sigma of ERRORS) {
    const stars = await injected(service, sigma);
    const fits: { truth: Float64Array; spectrum: Spectrum; floor: Solution }[] = [];
    for (const { truth, spectrum } of stars) {
      const fit = await fitSpectrum(spectrum, emulator, OPTIONS, {}, tuningFor(spectrum, emulator.info));
      if (fit.ok) fits.push({ truth, spectrum, floor: fit.value });
    }
    const about = { model: service.identity, date: '', command: '' };
    const nature = measure(
      fits.map(({ floor }, s) => residualOf(String(s), 'made', floor)),
      { ...ALL, shapes: 2 },
      about,
    );
    const all: (Solution | null)[] = [];
    for (const { spectrum } of fits) {
      const fit = await fitSpectrum(spectrum, emulator, OPTIONS, {}, tuningFor(spectrum, emulator.info, nature));
      all.push(fit.ok ? fit.value : null);
      process.stderr.write(`lines wrong by ${String(sigma)} dex: star ${String(all.length)} of ${String(fits.length)}\n`);
    }
    for (const [title, of] of [
      ['floor', (s: number) => fits[s]?.floor],
      ['measured', (s: number) => all[s] ?? undefined],
    ] as const)
      rows.push([
        fixed(sigma, 1),
        title,
        ...SHOWN.map((name) =>
          cell(
            fits.map(({ truth }, s) => ({ truth, fit: of(s) })),
            name,
          ),
        ),
      ]);
  }
  return markdownTable(['lines wrong by (dex)', 'noise model', ...SHOWN.map((name) => (name === 'teff' ? 'T_eff (K)' : name))], rows);
}

function cell(stars: readonly { readonly truth: Float64Array; readonly fit: Solution | undefined }[], name: LabelName): string {
  const found = stars.flatMap(({ truth, fit }) => {
    const i = fit?.labels.findIndex((label) => label.name === name) ?? -1;
    const label = fit?.labels[i];
    return label === undefined ? [] : [{ off: label.value - (truth[i] ?? NaN), sigma: label.sigma }];
  });
  const digits = name === 'teff' ? 0 : 3;
  return `${fixed(median(found.map(({ off }) => off)), digits)} (${fixed(median(found.map(({ off, sigma }) => off / sigma)), 1)} σ)`;
}
