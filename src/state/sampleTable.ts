/** The stars of a page as one table: what each row holds, how rows are sorted and chosen, and how far the fits of all are. */
import { isElement } from '../domain/labels.ts';
import { abundanceRows, parameterRows } from '../results/rows.ts';
import type { AbundanceScale, ResultRow } from '../results/rows.ts';
import { verdictOf } from '../results/verdict.ts';
import { shownLabels } from './calibrations.ts';
import { sampleOf } from './entries.ts';
import type { Entry } from './entries.ts';
import { describeRun, isActive } from './fitRun.ts';
import type { FinishedFit } from './fitRun.ts';
import type { ShownValues } from './settings.ts';

/** A number of a row with its σ; σ is null where it has none. */
export interface SampleValue {
  readonly value: number;
  readonly sigma: number | null;
}

/** Where a star stands: `doubtful` is fitted, with something to look at. */
export type SampleState = 'good' | 'doubtful' | 'failed' | 'under way' | 'not fitted';

export const SAMPLE_STATES: readonly SampleState[] = ['good', 'doubtful', 'failed', 'under way', 'not fitted'];

export interface SampleRow {
  readonly key: string;
  readonly state: SampleState;
  /** The verdict on a fit, or where it stands. */
  readonly text: string;
  /** By column: `snr`, `chi2`, `rv`, or the name of a label; elements are [X/H] or [X/Fe], as the page shows them. */
  readonly values: ReadonlyMap<string, SampleValue>;
}

/** Columns before the elements: id, title, digits. Velocities are in km/s, T_eff in K, the rest of the labels in dex (v_mic in km/s). */
export const FIXED_COLUMNS = [
  ['snr', 'S/N', 0],
  ['chi2', 'red. χ²', 2],
  ['rv', 'RV (km/s)', 1],
  ['teff', 'T_eff (K)', 0],
  ['logg', 'log g', 2],
  ['vmic', 'v_mic (km/s)', 2],
  ['feh', '[Fe/H]', 2],
] as const;

/** The element that a sample always shows. */
export const USUAL_ELEMENT = 'Mg';

/** The element of the label whose derivative the page shows, else the usual one. */
export const shownElement = (derivative: string): string => (isElement(derivative) ? derivative : USUAL_ELEMENT);

type Shown = Readonly<{ scale: AbundanceScale; values: ShownValues }>;
type FitPart = Pick<SampleRow, 'state' | 'text' | 'values'>;

const best = ({ value, sigma, calibrated, sigmaCalibrated }: ResultRow): SampleValue =>
  calibrated === null ? { value, sigma } : { value: calibrated, sigma: sigmaCalibrated };

/** Rows of a fit do not change: each is made once for every way of showing it. */
const made = new WeakMap<FinishedFit, Map<string, FitPart>>();

function fitPart(run: FinishedFit, { scale, values }: Shown): FitPart {
  const own = made.get(run) ?? new Map<string, FitPart>();
  made.set(run, own);
  const known = own.get(`${scale} ${values}`);
  if (known !== undefined) return known;
  const labels = shownLabels(run.result, run.calibrated, values);
  const verdict = verdictOf(run.result, labels);
  const { chi2Reduced, rv } = run.result;
  const part: FitPart = {
    state: verdict.state === 'good' ? 'good' : 'doubtful',
    text: verdict.text,
    values: new Map<string, SampleValue>([
      ['chi2', { value: chi2Reduced, sigma: null }],
      ['rv', rv],
      ...parameterRows(run.result, labels).map((row) => [row.name, best(row)] as const),
      ...abundanceRows(run.result, labels, undefined, scale)
        .filter(({ name }) => isElement(name))
        .map((row) => [row.name, best(row)] as const),
    ]),
  };
  own.set(`${scale} ${values}`, part);
  return part;
}

/** One row a star of the sample, in the order they were opened. */
export function sampleRows(entries: readonly Entry[], shown: Shown): SampleRow[] {
  return sampleOf(entries).map(({ key, spectrum, run }) => {
    const snr = ['snr', { value: spectrum.snr, sigma: null }] as const;
    if (run.kind === 'done') {
      const part = fitPart(run, shown);
      return { key, ...part, values: new Map([snr, ...part.values]) };
    }
    const state = run.kind === 'failed' ? 'failed' : isActive(run) || run.kind === 'elsewhere' ? 'under way' : 'not fitted';
    const text = run.kind === 'failed' ? `${run.failure.code}: ${run.failure.message}` : describeRun(run);
    return { key, state, text, values: new Map([snr]) };
  });
}

/** What is sorted by: a column, `name` or `state`. */
export interface SampleOrder {
  readonly column: string;
  readonly descending: boolean;
}

/** Rows in order; those without a value come last, whichever way the others run, and equals keep their order. */
export function sortRows(rows: readonly SampleRow[], { column, descending }: SampleOrder): SampleRow[] {
  const sign = descending ? -1 : 1;
  const text = ({ key, state }: SampleRow): string => (column === 'name' ? key : String(SAMPLE_STATES.indexOf(state)));
  if (column === 'name' || column === 'state')
    return [...rows].sort((a, b) => sign * text(a).localeCompare(text(b), undefined, { numeric: true }));
  const value = (row: SampleRow): number => row.values.get(column)?.value ?? NaN;
  return [...rows].sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
    return sign * (x - y);
  });
}

/** Rows whose name or verdict holds the text (any case), and that stand where is asked; null for anywhere. */
export function chosenRows(rows: readonly SampleRow[], text: string, state: SampleState | null): SampleRow[] {
  const wanted = text.trim().toLowerCase();
  return rows.filter(
    (row) =>
      (state === null || row.state === state) &&
      (wanted === '' || row.key.toLowerCase().includes(wanted) || row.text.toLowerCase().includes(wanted)),
  );
}

/** The next row in need of a look (doubtful or failed) after the selected one, from the top again after the last; null where there is none. */
export function nextDoubtful(rows: readonly SampleRow[], selected: string | null): string | null {
  const at = rows.findIndex(({ key }) => key === selected);
  const after = [...rows.slice(at + 1), ...rows.slice(0, at + 1)];
  return after.find(({ state }) => state === 'doubtful' || state === 'failed')?.key ?? null;
}

export interface SampleProgress {
  readonly fitted: number;
  readonly failed: number;
  /** Running or waiting. */
  readonly left: number;
  readonly all: number;
  /** Time to go at the rate of the fits so far, `workers` at once; null where nothing is left or no fit has ended. */
  readonly secondsLeft: number | null;
}

/** How far the fits of a sample are. */
export function progressOf(entries: readonly Entry[], workers: number): SampleProgress {
  const sample = sampleOf(entries);
  const done = sample.flatMap(({ run }) => (run.kind === 'done' ? [run.result.seconds] : []));
  const left = sample.filter(({ run }) => isActive(run)).length;
  const mean = done.reduce((sum, seconds) => sum + seconds, 0) / done.length;
  return {
    fitted: done.length,
    failed: sample.filter(({ run }) => run.kind === 'failed').length,
    left,
    all: sample.length,
    secondsLeft: left === 0 || done.length === 0 ? null : Math.ceil(left / workers) * mean,
  };
}
