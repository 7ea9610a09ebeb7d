/** `maury emulate`: normalised spectra of given labels from a model bundle. */
import { choiceOption, EXIT, numberOption, openCommand, refuse } from './args.ts';
import { degrader } from './degrade.ts';
import { rangeWarnings } from './labelRange.ts';
import { readLabelsFile } from '../files/labelsFile.ts';
import { openService } from '../batch/openService.ts';
import { writeSpectraCsv } from '../files/spectraCsv.ts';
import type { BackendName } from '../../src/domain/emulator.ts';
import { labelVector } from '../../src/domain/labels.ts';

const HELP = `maury emulate --labels labels.json --out file.csv [options]: normalised spectra from the emulator

  --labels FILE   array of {"teff": 5770, "logg": 4.44, "vmic": 1.0, "feh": 0.0, "xfe": {"Mg": 0.1}}; elements left out are at [X/Fe] = 0
  --out FILE      CSV: wavelength (Å, vacuum), flux_0, flux_1, …
  --r R           convolve to this resolving power and sample at Δlog10 λ = 1e-4 from 3700 Å; without it the native grid
  --model ID      model bundle in public/models (default: the first of its index)
  --backend wasm|reference

Labels outside the model's training range, or outside the region of its training stars (carbon-rich, hot with low gravity), are extrapolations: a
warning says which, and by how much.
`;

/** The emulate command. */
export async function run(args: readonly string[]): Promise<number> {
  const parsed = openCommand(HELP, {
    args: [...args],
    options: {
      labels: { type: 'string' },
      out: { type: 'string' },
      r: { type: 'string' },
      model: { type: 'string' },
      backend: { type: 'string' },
    },
  });
  if (!parsed.ok) return parsed.code;
  const { values } = parsed.value;
  const { labels: labelsPath, out } = values;
  if (labelsPath === undefined || out === undefined)
    return refuse({
      code: 'BAD_OPTION',
      message: `--${labelsPath === undefined ? 'labels' : 'out'} is missing.`,
      hint: 'maury emulate --labels labels.json --out file.csv; --help for more.',
    });
  const r = numberOption('r', values.r, 0, { min: 100, max: 1e6 });
  if (!r.ok) return refuse(r.failure);
  const backend = choiceOption<BackendName | 'best'>('backend', values.backend, 'best', ['wasm', 'reference']);
  if (!backend.ok) return refuse(backend.failure);
  const stars = await readLabelsFile(labelsPath);
  if (!stars.ok) return refuse(stars.failure, EXIT.failed);
  const opened = await openService({
    ...(values.model === undefined ? {} : { model: values.model }),
    ...(backend.value === 'best' ? {} : { backend: backend.value }),
  });
  if (!opened.ok) return refuse(opened.failure, EXIT.failed);
  const { emulator } = opened.value;
  const { info } = emulator;
  for (const warning of rangeWarnings(stars.value, info)) process.stderr.write(`warning: ${warning}\n`);
  if (r.value > info.resolvingPower)
    process.stderr.write(`warning: the model has R = ${String(info.resolvingPower)}; nothing is sharpened to ${String(r.value)}\n`);
  const native = await emulator.predict(
    stars.value.map((star) =>
      labelVector(
        star,
        info.labels.map((label) => label.name),
      ),
    ),
  );
  const sampling = r.value === 0 ? null : degrader(info.grid, info.resolvingPower, r.value);
  const columns = native.map((flux, i) => ({ name: `flux_${String(i)}`, values: sampling === null ? flux : sampling.spectrum(flux) }));
  const written = writeSpectraCsv(out, sampling?.wavelength ?? emulator.wavelength, columns);
  if (!written.ok) return refuse(written.failure, EXIT.failed);
  process.stderr.write(`${String(columns.length)} spectra of ${info.id} on ${emulator.backend.name} written to ${out}\n`);
  return EXIT.done;
}
