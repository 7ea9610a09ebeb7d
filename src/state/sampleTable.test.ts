import { describe, expect, it } from 'vitest';
import { madeUpCalibration, madeUpFit, madeUpSpectrum } from '../testing/fit.ts';
import type { Entry } from './entries.ts';
import { IDLE } from './fitRun.ts';
import type { FitRun } from './fitRun.ts';
import { ALL_STARS, chosenRows, nextDoubtful, notedAs, progressOf, sampleRows, sortRows } from './sampleTable.ts';

const SHOWN = { scale: 'xfe', values: 'calibrated' } as const;

function entry(key: string, run: FitRun, snr = 50): Entry {
  return { key, spectrum: madeUpSpectrum(60, { id: key, snr }), warnings: [], run, manual: null };
}

function fitted(teff: number, alerts: boolean): FitRun {
  const fit = madeUpFit(madeUpSpectrum());
  const alert = { code: 'EMISSION', message: 'Hα stands above the model.', spoilsLabels: false };
  const labels = fit.labels.map((label) => (label.name === 'teff' ? { ...label, value: teff } : label));
  const calibrated = { ...madeUpCalibration(), parameters: {} };
  return { kind: 'done', result: { ...fit, labels, alerts: alerts ? [alert] : [] }, calibrated };
}

const FAILED: FitRun = { kind: 'failed', failure: { code: 'NO_PIXELS', message: 'Nothing is left.' } };
const ENTRIES = [
  entry('star-10', fitted(5800, false)),
  entry('star-2', fitted(4500, true), 12),
  entry('star-3', FAILED),
  entry('star-4', { kind: 'queued' }),
  entry('star-5', IDLE),
];
const rows = () => sampleRows(ENTRIES, SHOWN);
const keys = (some: readonly { readonly key: string }[]) => some.map(({ key }) => key);

describe('the table of a sample', () => {
  it('has a row a star with where it stands, and no demo star', () => {
    const all = sampleRows([{ ...entry('demo', IDLE), demo: true }, ...ENTRIES], SHOWN);
    expect(all.map(({ key, state }) => [key, state])).toEqual([
      ['star-10', 'good'],
      ['star-2', 'doubtful'],
      ['star-3', 'failed'],
      ['star-4', 'under way'],
      ['star-5', 'not fitted'],
    ]);
    expect(all[0]?.values.get('teff')).toEqual({ value: 5800, sigma: 40 });
    expect(all[1]?.values.get('snr')).toEqual({ value: 12, sigma: null });
    expect(all[2]?.text).toBe('NO_PIXELS: Nothing is left.');
    expect(all[4]?.values.get('teff')).toBeUndefined();
  });

  it('is sorted by number, by name as people count, and leaves what has no value at the end both ways', () => {
    expect(keys(sortRows(rows(), { column: 'teff', descending: false }))).toEqual(['star-2', 'star-10', 'star-3', 'star-4', 'star-5']);
    expect(keys(sortRows(rows(), { column: 'teff', descending: true }))).toEqual(['star-10', 'star-2', 'star-3', 'star-4', 'star-5']);
    expect(keys(sortRows(rows(), { column: 'name', descending: false }))).toEqual(['star-2', 'star-3', 'star-4', 'star-5', 'star-10']);
    expect(keys(sortRows(rows(), { column: 'state', descending: true }))[0]).toBe('star-5');
  });

  it('is cut down by text and state', () => {
    expect(keys(chosenRows(rows(), { ...ALL_STARS, text: 'STAR-1' }))).toEqual(['star-10']);
    expect(keys(chosenRows(rows(), { ...ALL_STARS, text: 'nothing is left' }))).toEqual(['star-3']);
    expect(keys(chosenRows(rows(), { ...ALL_STARS, state: 'doubtful' }))).toEqual(['star-2']);
  });

  it('is sorted and cut down by what a person noted, and nobody is led to a star that is judged', () => {
    const notes = new Map([
      ['star-2', { verdict: 'bad', comment: 'Spike at 5577' }],
      ['star-3', { verdict: 'unsure', comment: '' }],
      ['star-4', { verdict: 'good', comment: '' }],
    ] as const);
    const noted = sampleRows(
      ENTRIES.map((one) => ({ ...one, note: notes.get(one.key as 'star-2') ?? { verdict: null, comment: '' } })),
      SHOWN,
    );
    expect(keys(sortRows(noted, { column: 'note', descending: false }))).toEqual(['star-4', 'star-2', 'star-3', 'star-10', 'star-5']);
    expect(keys(sortRows(noted, { column: 'note', descending: true }))).toEqual(['star-3', 'star-2', 'star-4', 'star-10', 'star-5']);
    expect(keys(chosenRows(noted, { ...ALL_STARS, noted: 'to look at' }))).toEqual(['star-10', 'star-5']);
    expect(keys(chosenRows(noted, { ...ALL_STARS, noted: 'bad' }))).toEqual(['star-2']);
    expect(keys(chosenRows(noted, { ...ALL_STARS, text: 'spike' }))).toEqual(['star-2']);
    expect(noted.map(notedAs)).toEqual(['to look at', 'bad', 'unsure', 'good', 'to look at']);
    // Doubtful star-2 is judged; of failed star-3 nobody is sure.
    expect(nextDoubtful(noted, null)).toBe('star-3');
  });

  it('leads from one doubtful star to the next, and round', () => {
    expect(nextDoubtful(rows(), 'star-10')).toBe('star-2');
    expect(nextDoubtful(rows(), 'star-2')).toBe('star-3');
    expect(nextDoubtful(rows(), 'star-3')).toBe('star-2');
    expect(nextDoubtful(rows(), null)).toBe('star-2');
    expect(nextDoubtful(chosenRows(rows(), { ...ALL_STARS, state: 'good' }), null)).toBeNull();
  });

  it('counts what is done and left, and says how long at the rate so far', () => {
    expect(progressOf(ENTRIES, 2)).toEqual({ fitted: 2, failed: 1, left: 1, all: 5, secondsLeft: 1.5 });
    const more = [...ENTRIES, entry('star-6', { kind: 'queued' }), entry('star-7', { kind: 'queued' })];
    expect(progressOf(more, 2).secondsLeft).toBe(3);
    expect(progressOf([entry('star-5', { kind: 'queued' })], 2).secondsLeft).toBeNull();
  });
});
