/** The stars of a page as one table: what each row holds, how rows are sorted and chosen, and how far the fits of all are. */
import { isElement } from '../domain/labels.ts';
import { NOTE_VERDICTS, type NoteVerdict, type StarNote } from '../domain/note.ts';
import { abundanceRows, parameterRows } from '../results/rows.ts';
import type { AbundanceScale, ResultRow } from '../results/rows.ts';
import { verdictOf } from '../results/verdict.ts';
import { shownLabels } from './calibrations.ts';
import { noteOf, sampleOf } from './entries.ts';
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
  /** What a person thinks of the star. */
  readonly note: StarNote;
  /** By column: `snr`, `chi2`, `rv`, or the name of a label; elements are [X/H] or [X/Fe], as the page shows them. */
  readonly values: ReadonlyMap<string, SampleValue>;
}

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
  return sampleOf(entries).map((entry) => {
    const { key, spectrum, run } = entry;
    const note = noteOf(entry);
    const snr = ['snr', { value: spectrum.snr, sigma: null }] as const;
    if (run.kind === 'done') {
      const part = fitPart(run, shown);
      return { key, note, ...part, values: new Map([snr, ...part.values]) };
    }
    const state = run.kind === 'failed' ? 'failed' : isActive(run) || run.kind === 'elsewhere' ? 'under way' : 'not fitted';
    const text = run.kind === 'failed' ? `${run.failure.code}: ${run.failure.message}` : describeRun(run);
    return { key, note, state, text, values: new Map([snr]) };
  });
}

/** What is sorted by: a column, `name`, `state` or `note`. */
export interface SampleOrder {
  readonly column: string;
  readonly descending: boolean;
}

/** Verdicts of a person in order: good, bad, unsure; not a number for none, so that those come last. */
const noteRank = ({ note }: SampleRow): number => (note.verdict === null ? NaN : NOTE_VERDICTS.indexOf(note.verdict));

/** Rows in order; those without a value come last, whichever way the others run, and equals keep their order. */
export function sortRows(rows: readonly SampleRow[], { column, descending }: SampleOrder): SampleRow[] {
  const sign = descending ? -1 : 1;
  const text = ({ key, state }: SampleRow): string => (column === 'name' ? key : String(SAMPLE_STATES.indexOf(state)));
  if (column === 'name' || column === 'state')
    return [...rows].sort((a, b) => sign * text(a).localeCompare(text(b), undefined, { numeric: true }));
  const value = (row: SampleRow): number => (column === 'note' ? noteRank(row) : (row.values.get(column)?.value ?? NaN));
  return [...rows].sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
    return sign * (x - y);
  });
}

/** A person's verdict, or `to look at` for stars that have none. */
export type Noted = NoteVerdict | 'to look at';

export const NOTED: readonly Noted[] = ['to look at', ...NOTE_VERDICTS];

export const notedAs = ({ note }: SampleRow): Noted => note.verdict ?? 'to look at';

/** What a table is cut down to; null for all. */
export interface SampleChoice {
  /** A part of the name, of the fit's verdict or of the comment, in any case. */
  readonly text: string;
  readonly state: SampleState | null;
  readonly noted: Noted | null;
}

export const ALL_STARS: SampleChoice = { text: '', state: null, noted: null };

/** The rows that are as is asked. */
export function chosenRows(rows: readonly SampleRow[], { text, state, noted }: SampleChoice): SampleRow[] {
  const wanted = text.trim().toLowerCase();
  return rows.filter(
    (row) =>
      (state === null || row.state === state) &&
      (noted === null || notedAs(row) === noted) &&
      (wanted === '' || [row.key, row.text, row.note.comment].some((one) => one.toLowerCase().includes(wanted))),
  );
}

/** Whether a star asks for a look: it is doubtful or failed, and nobody has called it good or bad. */
const asksForLook = ({ state, note }: SampleRow): boolean =>
  (state === 'doubtful' || state === 'failed') && note.verdict !== 'good' && note.verdict !== 'bad';

/** The next row that asks for a look after the selected one, from the top again after the last; null where there is none. */
export function nextDoubtful(rows: readonly SampleRow[], selected: string | null): string | null {
  const at = rows.findIndex(({ key }) => key === selected);
  const after = [...rows.slice(at + 1), ...rows.slice(0, at + 1)];
  return after.find(asksForLook)?.key ?? null;
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
