/** `npm run validate -- noise`: what LAMOST's stated errors are worth, pixel by pixel, by visits of one star. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FitResult } from '../../src/domain/fit.ts';
import type { Spectrum } from '../../src/domain/spectrum.ts';
import { DEFAULT_FIT_OPTIONS } from '../../src/fit/defaults.ts';
import { tuningFor } from '../../src/fit/tuning.ts';
import { LAMOST } from '../../src/io/surveys/records.ts';
import { median, robustSigma } from '../../src/math/statistics.ts';
import { EXIT, openCommand, refuse } from '../../cli/commands/args.ts';
import { readCsvTable } from '../../cli/files/csvTable.ts';
import { fixed, markdownTable } from '../../cli/files/markdownTable.ts';
import { writeDocument } from '../kit/markdown.ts';
import { openService } from '../../cli/batch/openService.ts';
import { sharedFolder } from '../../cli/files/sharedFolder.ts';

const HELP = `npm run validate -- noise: scatter between LAMOST visits of one star, pixel by pixel, over what the stated errors imply

Fits each visit once (one core, two minutes) and divides by its model, so that two visits can be compared where their velocities differ.
Writes docs/inference/noise.md.
`;

const BIN = 500;
/** Å by which the nearest pixels of two visits may be apart. */
const APART = 1;

interface Visit {
  readonly spectrum: Spectrum;
  readonly fit: FitResult;
}

/** σ (pixels) of the Gaussian that means over a line's width are taken with, and how far it reaches. */
const LINE = 1.2;
const REACH = 4;

/** Scatter of the differences of two visits, and the scatter that their errors imply; fractions of the model. */
interface Scatter {
  /** Of means over a line's width, in units of what the stated errors of their pixels imply. */
  readonly inLines: number;
  readonly found: number;
  readonly stated: number;
}

const relative = ({ spectrum, fit }: Visit, p: number): number => (spectrum.flux[p] ?? NaN) / (fit.modelFlux[p] ?? NaN) - 1;
const variance = ({ spectrum, fit }: Visit, p: number): number => 1 / ((spectrum.ivar[p] ?? NaN) * (fit.modelFlux[p] ?? NaN) ** 2);

/** By bin of observed wavelength, Å. */
function compare(a: Visit, b: Visit): Map<number, Scatter> {
  const found: { p: number; bin: number; difference: number; variance: number }[] = [];
  let q = 0;
  const { restWavelength: rest } = b.fit;
  a.fit.restWavelength.forEach((wavelength, p) => {
    const off = (k: number): number => Math.abs((rest[k] ?? Infinity) - wavelength);
    while (off(q + 1) < off(q)) q++;
    if (a.fit.used[p] !== 1 || b.fit.used[q] !== 1 || off(q) > APART) return;
    const bin = BIN * Math.floor((a.spectrum.wavelength[p] ?? NaN) / BIN);
    found.push({ p, bin, difference: relative(a, p) - relative(b, q), variance: variance(a, p) + variance(b, q) });
  });
  return new Map(
    [...new Set(found.map(({ bin }) => bin))].map((bin) => {
      const pixels = found.filter((pixel) => pixel.bin === bin);
      return [
        bin,
        {
          found: robustSigma(pixels.map(({ difference }) => difference)),
          stated: Math.sqrt(median(pixels.map((pixel) => pixel.variance))),
          inLines: robustSigma(overLines(pixels), 0),
        },
      ];
    }),
  );
}

/** Weighted sums over a line's width about every pixel, over their σ if the stated errors were right and independent; differences are cut off at six of them. */
function overLines(pixels: readonly { readonly p: number; readonly difference: number; readonly variance: number }[]): number[] {
  const at = new Map(pixels.map((pixel) => [pixel.p, pixel]));
  return pixels.map(({ p }) => {
    let [sum, power] = [0, 0];
    for (let k = -REACH; k <= REACH; k++) {
      const near = at.get(p + k);
      if (near === undefined) continue;
      const weight = Math.exp(-0.5 * (k / LINE) ** 2);
      const sigma = Math.sqrt(near.variance);
      sum += (weight * Math.max(-6 * sigma, Math.min(6 * sigma, near.difference))) / near.variance;
      power += weight ** 2 / near.variance;
    }
    return sum / Math.sqrt(power);
  });
}

export async function validateNoise(args: readonly string[]): Promise<number> {
  const opened = openCommand(HELP, { args: [...args], options: {} });
  if (!opened.ok) return opened.code;
  const folder = join(sharedFolder(), 'spectra', 'lamost-repeats');
  const rows = await readCsvTable(join(folder, 'groups.csv'));
  if (!rows.ok) return refuse(rows.failure, EXIT.failed);
  const service = await openService({});
  if (!service.ok) return refuse(service.failure, EXIT.failed);
  const groups = new Map<string, Visit[]>();
  for (const [k, { file = '', group = '' }] of rows.value.entries()) {
    const read = await service.value.read(file, await readFile(join(folder, file)));
    const spectrum = read.ok ? read.value[0] : undefined;
    if (spectrum === undefined) continue;
    const fit = await service.value.fit(spectrum, { ...DEFAULT_FIT_OPTIONS, method: 'lm' });
    process.stderr.write(`[${String(k + 1)}/${String(rows.value.length)}] ${file}\n`);
    if (fit.ok) groups.set(group, [...(groups.get(group) ?? []), { spectrum, fit: fit.value }]);
  }
  const pairs = [...groups.values()].flatMap(([first, ...later]) =>
    first === undefined ? [] : later.map((visit) => compare(first, visit)),
  );
  const bins = [...new Set(pairs.flatMap((pair) => [...pair.keys()]))].sort((a, b) => a - b);
  const { noiseFactor } = tuningFor({ simulated: false, survey: LAMOST }, service.value.emulator.info);
  const text = [
    '# What the errors of LAMOST’s pixels are worth',
    '',
    `Written by \`npm run validate -- noise\`: ${String(pairs.length)} pairs of visits of ${String(groups.size)} stars, each visit divided by its own model (${service.value.identity.id}), so that lines cancel; pixels nearest to each other in the rest frame. Robust scatter of their differences over what the stated inverse variances imply, per pair and ${String(BIN)} Å of observed wavelength: median over pairs, and the middle half of them.`,
    `Where the ratio is below 1, neighbouring pixels share their noise; the ratio in lines is that of means over a line’s width (a Gaussian of ${String(LINE)} pixels), in which what neighbours share counts in full. The last column is the factor by which a fit of a LAMOST star widens the stated noise (\`src/io/surveys/records.ts\`).`,
    '',
    markdownTable(
      ['from (Å)', 'pairs', 'scatter (%)', 'stated (%)', 'ratio', 'middle half', 'ratio in lines', 'used'],
      bins.map((bin) => {
        const here = pairs.flatMap((pair) => pair.get(bin) ?? []);
        const ratios = here.map(({ found, stated }) => found / stated).sort((a, b) => a - b);
        const quartile = (q: number): string => fixed(ratios[Math.floor(q * (ratios.length - 1))] ?? NaN, 2);
        return [
          String(bin),
          String(here.length),
          fixed(100 * median(here.map(({ found }) => found)), 2),
          fixed(100 * median(here.map(({ stated }) => stated)), 2),
          fixed(median(ratios), 2),
          `${quartile(0.25)}–${quartile(0.75)}`,
          fixed(median(here.map(({ inLines }) => inLines)), 2),
          fixed(noiseFactor(bin + BIN / 2), 2),
        ];
      }),
    ),
    '',
  ].join('\n');
  process.stdout.write(text);
  await writeDocument('noise.md', text);
  service.value.emulator.dispose();
  return EXIT.done;
}
