/** `maury synthesize`: ab initio spectra of given labels. */
import { readFileSync } from 'node:fs';
import { choiceOption, EXIT, numberOption, openCommand, refuse } from './args.ts';
import { degrader } from './degrade.ts';
import { readLabelsFile } from '../files/labelsFile.ts';
import { LINE_LIST_NAMES } from '../files/lineLists.ts';
import { writeSpectraCsv, type SpectrumColumn } from '../files/spectraCsv.ts';
import { defaultTables, readTables } from '../files/tablesFolder.ts';
import { LABELS } from '../../src/domain/labels.ts';
import { failed, type Result } from '../../src/domain/result.ts';
import type { Atmosphere } from '../../src/synthesis/structure/atmosphere.ts';
import { parseAtmosphere } from '../../src/synthesis/structure/decks.ts';
import { DEFAULT_STEP_KMS, gridWavelengths, NATIVE_GRID, NATIVE_RESOLVING_POWER } from '../../src/synthesis/native.ts';
import { createSynthesizer } from '../../src/synthesis/synthesize.ts';

const HELP = `maury synthesize --labels labels.json --out file.csv [options]: LTE spectra from the physics tables

  --labels FILE   array of {"teff": 5770, "logg": 4.44, "vmic": 1.0, "feh": 0.0, "xfe": {"Mg": 0.1}}; elements left out are at [X/Fe] = 0
  --out FILE      CSV: wavelength (Å, vacuum), flux_0, flux_1, … (normalised)
  --tables DIR    physics tables (default $MAURY_SHARED/physics)
  --lines LIST    merged (default: linemake, the list to compare with other codes), vald (closer to the observed Sun) or corrected (vald with
                  strengths that spectra of stars ask for)
  --r R           convolve to this resolving power and sample at Δlog10 λ = 1e-4 from 3700 Å; without it the native grid (R = 5000)
  --derivatives   add d_teff_0, …, d_Mg_0, …: per K, dex, km/s
  --deck FILE     use this model atmosphere (ATLAS or MARCS text) for every star instead of the grid
  --step KMS      sampling of the computation (default ${String(DEFAULT_STEP_KMS)})
`;

/** A model atmosphere from a file; failures `FILE_UNREADABLE`, `DECK_FORMAT`. */
function readDeck(path: string): Result<Atmosphere> {
  try {
    return parseAtmosphere(readFileSync(path, 'utf8'));
  } catch (error) {
    return failed(
      'FILE_UNREADABLE',
      `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
      'Check the path given to --deck.',
    );
  }
}

/** The synthesize command. */
export async function run(args: readonly string[]): Promise<number> {
  const parsed = openCommand(HELP, {
    args: [...args],
    options: {
      labels: { type: 'string' },
      out: { type: 'string' },
      tables: { type: 'string' },
      lines: { type: 'string' },
      r: { type: 'string' },
      step: { type: 'string' },
      deck: { type: 'string' },
      derivatives: { type: 'boolean', default: false },
    },
  });
  if (!parsed.ok) return parsed.code;
  const { values } = parsed.value;
  const { labels, out } = values;
  if (labels === undefined || out === undefined)
    return refuse({
      code: 'BAD_OPTION',
      message: `--${labels === undefined ? 'labels' : 'out'} is missing.`,
      hint: '--help shows the options.',
    });
  const r = numberOption('r', values.r, 0, { min: 100, max: 1e6 });
  if (!r.ok) return refuse(r.failure);
  const step = numberOption('step', values.step, DEFAULT_STEP_KMS, { min: 0.3, max: 5 });
  if (!step.ok) return refuse(step.failure);
  const lines = choiceOption('lines', values.lines, 'merged', LINE_LIST_NAMES);
  if (!lines.ok) return refuse(lines.failure);
  const stars = await readLabelsFile(labels);
  if (!stars.ok) return refuse(stars.failure, EXIT.failed);
  const tables = readTables(values.tables ?? defaultTables(), lines.value);
  if (!tables.ok) return refuse(tables.failure, EXIT.failed);
  if (r.value > NATIVE_RESOLVING_POWER)
    process.stderr.write(
      `warning: the native spectrum has R = ${String(NATIVE_RESOLVING_POWER)}; nothing is sharpened to ${String(r.value)}\n`,
    );

  const sampling = r.value === 0 ? null : degrader(NATIVE_GRID, NATIVE_RESOLVING_POWER, r.value);
  const sample = (native: Float64Array): Float64Array => (sampling === null ? native : sampling.spectrum(native));
  const deck = values.deck === undefined ? null : readDeck(values.deck);
  if (deck !== null && !deck.ok) return refuse(deck.failure, EXIT.failed);
  const synthesize = createSynthesizer(tables.value, {
    derivatives: values.derivatives,
    stepKms: step.value,
    ...(deck === null ? {} : { atmosphere: deck.value }),
  });
  const columns: SpectrumColumn[] = [];
  for (const [i, star] of stars.value.entries()) {
    const spectrum = synthesize(star);
    if (!spectrum.ok) return refuse({ ...spectrum.failure, message: `Star ${String(i)}: ${spectrum.failure.message}` }, EXIT.failed);
    columns.push({ name: `flux_${String(i)}`, values: sample(spectrum.value.flux) });
    for (const name of LABELS) {
      const d = spectrum.value.derivatives.get(name);
      if (d) columns.push({ name: `d_${name}_${String(i)}`, values: sample(d) });
    }
    process.stderr.write(`${String(i + 1)}/${String(stars.value.length)} synthesised\n`);
  }
  const written = writeSpectraCsv(out, sampling?.wavelength ?? gridWavelengths(NATIVE_GRID), columns);
  return written.ok ? EXIT.done : refuse(written.failure, EXIT.failed);
}
