/** `npm run validate -- derivatives`: every derivative of the one-pass synthesis against differences of complete syntheses. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EXIT, openCommand, refuse } from '../../cli/commands/args.ts';
import { cachePath, sharedFolder } from '../../cli/files/sharedFolder.ts';
import { markdownTable } from '../../cli/files/markdownTable.ts';
import { sourceHash } from './sourceHash.ts';
import { isElement, LABELS, type LabelName, type StellarLabels } from '../../src/domain/labels.ts';
import type { Result } from '../../src/domain/result.ts';
import { NATIVE_GRID } from '../../src/synthesis/native.ts';
import { readNpz, writeNpz } from '../../src/io/npz.ts';
import { createSynthesizer, type LabelledSpectrum } from '../../src/synthesis/synthesize.ts';
import { loadTables } from '../../src/synthesis/tables/tables.ts';

const HELP = `npm run validate -- derivatives [--out DIR]: all 33 derivatives of six stars against central differences of complete syntheses, at R = 5000

Spectra are kept in .cache/physics by the source of the synthesis, so that it resumes. Writes derivatives.md (default in docs/physics).
Ends with an error when a derivative is off by more than 1 % of its peak.
`;

const enhanced = { O: 0.3, Mg: 0.3, Si: 0.3, Ca: 0.3, Ti: 0.3 };
/** Off the nodes of the atmosphere grid, where the derivative has two sides. */
const STARS: readonly (readonly [string, StellarLabels])[] = [
  ['K dwarf, metal-rich', { teff: 4810, logg: 4.6, vmic: 0.8, feh: 0.3, xfe: {} }],
  ['Sun-like dwarf', { teff: 5772, logg: 4.44, vmic: 1, feh: 0.03, xfe: { Mg: 0.02 } }],
  ['subgiant', { teff: 5620, logg: 3.8, vmic: 1.2, feh: -0.3, xfe: { C: -0.1 } }],
  ['giant, metal-rich', { teff: 4620, logg: 2.2, vmic: 1.6, feh: 0.1, xfe: { Mg: 0.1, O: 0.1 } }],
  ['giant, [Fe/H] = −2', { teff: 4270, logg: 1.2, vmic: 1.9, feh: -1.98, xfe: enhanced }],
  ['turn-off star, [Fe/H] = −2', { teff: 6730, logg: 4.2, vmic: 1.6, feh: -2.02, xfe: enhanced }],
];
/** Half the central difference. */
const stepOf = (name: LabelName): number => (isElement(name) ? 0.03 : { teff: 5, logg: 0.01, vmic: 0.02, feh: 0.01 }[name]);
const LIMIT = 0.01;

const moved = (labels: StellarLabels, name: LabelName, by: number): StellarLabels =>
  isElement(name) ? { ...labels, xfe: { ...labels.xfe, [name]: (labels.xfe[name] ?? 0) + by } } : { ...labels, [name]: labels[name] + by };

interface Compared {
  readonly peak: number;
  /** Largest difference, over the peak. */
  readonly worst: number;
  /** Å, vacuum. */
  readonly at: number;
}

function compare(ours: ArrayLike<number>, truth: Float64Array): Compared {
  let [peak, worst, at] = [0, 0, 0];
  truth.forEach((d, i) => {
    peak = Math.max(peak, Math.abs(d));
    const off = Math.abs((ours[i] ?? NaN) - d);
    if (!(off <= worst)) [worst, at] = [off, Math.exp(NATIVE_GRID.lnStart + i * NATIVE_GRID.lnStep)];
  });
  return { peak, worst: worst / peak, at };
}

/** An array computed once per state of the source. */
function kept(name: string, compute: () => Float64Array): Float64Array {
  const path = cachePath('physics', sourceHash(), `check-${name}.npz`);
  const found = existsSync(path) ? readNpz(readFileSync(path)).get('values')?.data : undefined;
  if (found) return found;
  const values = compute();
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, writeNpz({ values: { dtype: '<f8', shape: [values.length], data: values } }));
  return values;
}

export function validateDerivatives(args: readonly string[]): number {
  const opened = openCommand(HELP, {
    args: [...args],
    options: { out: { type: 'string', default: join(import.meta.dirname, '../../docs/physics') } },
  });
  if (!opened.ok) return opened.code;
  const tables = loadTables((path) => readFileSync(join(sharedFolder(), 'physics', path)));
  if (!tables.ok) return refuse(tables.failure, EXIT.failed);
  const plain = createSynthesizer(tables.value, { derivatives: false });
  const full = createSynthesizer(tables.value, { derivatives: true });
  const valueOf = (spectrum: Result<LabelledSpectrum>): LabelledSpectrum => {
    if (!spectrum.ok) throw new Error(spectrum.failure.message);
    return spectrum.value;
  };

  const cells = new Map<LabelName, Compared[]>(LABELS.map((name) => [name, []]));
  STARS.forEach(([title, labels], s) => {
    let spectrum: LabelledSpectrum | null = null;
    for (const name of LABELS) {
      const ours = kept(`${String(s)}-${name}`, () => (spectrum ??= valueOf(full(labels))).derivatives.get(name) ?? new Float64Array(0));
      const truth = kept(`${String(s)}-${name}-difference`, () => {
        const h = stepOf(name);
        const up = valueOf(plain(moved(labels, name, h))).flux;
        const down = valueOf(plain(moved(labels, name, -h))).flux;
        return up.map((f, i) => (f - (down[i] ?? NaN)) / (2 * h));
      });
      const found = compare(ours, truth);
      cells.get(name)?.push(found);
      process.stderr.write(
        `${title}: ${name} ${(100 * found.worst).toFixed(2)} % of its peak ${found.peak.toExponential(2)}, at ${found.at.toFixed(0)} Å\n`,
      );
    }
  });
  const rows = LABELS.map((name) => {
    const each = (cells.get(name) ?? []).map(({ worst, peak }) => `${(100 * worst).toFixed(2)} (${peak.toPrecision(2)})`);
    return [name, String(stepOf(name)), ...each];
  });
  const misses = LABELS.flatMap((name) =>
    (cells.get(name) ?? []).flatMap(({ worst, at }, s) =>
      worst <= LIMIT ? [] : [`* ${name}, ${STARS[s]?.[0] ?? ''}: ${(100 * worst).toFixed(2)} % at ${at.toFixed(0)} Å`],
    ),
  );
  const head = STARS.map(([title, { teff, logg, feh }]) => `${title} ${String(teff)}/${String(logg)}/${String(feh)}`);
  const text = [
    '# Derivatives against differences of complete syntheses',
    '',
    'Written by `npm run validate -- derivatives`. Largest difference at R = 5000, 3700–9100 Å, in % of the peak of the derivative; the peak itself (per K, dex, km/s) in parentheses. Truth: central differences of ± the step given (K, dex, km/s), everything computed anew on both sides.',
    '',
    markdownTable(['label', '± step', ...head], rows),
    '',
    '## More than 1 % of the peak',
    '',
    ...(misses.length > 0 ? misses : ['None.']),
    '',
  ].join('\n');
  process.stdout.write(text);
  const { out } = opened.value.values;
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'derivatives.md'), text);
  return misses.length > 0 ? EXIT.failed : EXIT.done;
}
