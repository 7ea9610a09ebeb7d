/** The list of spectra on the page, and what went wrong: plain state and the functions that change it. */
import type { DrawnModel } from '../domain/client.ts';
import type { GivenLabels, MaskedRegion } from '../domain/fitOptions.ts';
import { NO_NOTE, type StarNote } from '../domain/note.ts';
import type { Failure } from '../domain/result.ts';
import type { Spectrum } from '../domain/spectrum.ts';
import { IDLE } from './fitRun.ts';
import type { FinishedFit, FitRun } from './fitRun.ts';

/** Labels set by hand, and the model they give once it is drawn. */
export interface ManualModel {
  readonly labels: Float64Array;
  readonly drawn: DrawnModel | null;
}

/** One spectrum on the page with everything known about it. */
export interface Entry {
  readonly key: string;
  readonly spectrum: Spectrum;
  /** What the reader had to say about it. */
  readonly warnings: readonly string[];
  readonly run: FitRun;
  readonly manual: ManualModel | null;
  /** Stretches that its fits leave out, in order of wavelength; absent for none. */
  readonly stretches?: readonly MaskedRegion[];
  /** Labels that a person knows; absent for none. */
  readonly given?: GivenLabels;
  /** What a person thinks of it; absent for nothing. */
  readonly note?: StarNote;
  /** Other fits of it beside the one that `run` shows, the newest first; absent for none. */
  readonly earlier?: readonly FinishedFit[];
  /** The simulated star that the page offers on a first visit; it is no part of a person's own sample. */
  readonly demo?: boolean;
  /** Kept by another tab of this page: it is shown here as that tab left it, and fitted and removed there. */
  readonly elsewhere?: boolean;
}

export const noteOf = ({ note = NO_NOTE }: Pick<Entry, 'note'>): StarNote => note;

/** Something that went wrong, until it is dismissed. */
export interface Notice {
  readonly key: string;
  /** The file or spectrum it is about. */
  readonly about: string;
  readonly failure: Failure;
}

export interface EntriesState {
  readonly entries: readonly Entry[];
  readonly selected: string | null;
  readonly notices: readonly Notice[];
}

export const EMPTY: EntriesState = { entries: [], selected: null, notices: [] };

export const selectedEntry = ({ entries, selected }: EntriesState): Entry | null => entries.find(({ key }) => key === selected) ?? null;

/** A key that no other entry has: the spectrum's id, numbered where a file is opened twice. */
export function freshKey(taken: readonly string[], id: string): string {
  if (!taken.includes(id)) return id;
  let number = 2;
  while (taken.includes(`${id} (${String(number)})`)) number++;
  return `${id} (${String(number)})`;
}

/** The entries a person works on: all but the demo star, which counts only where it is alone. */
export function sampleOf(entries: readonly Entry[]): readonly Entry[] {
  const own = entries.filter(({ demo }) => demo !== true);
  return own.length === 0 ? entries : own;
}

export function addSpectra(state: EntriesState, spectra: readonly Spectrum[], warnings: readonly string[]): EntriesState {
  let entries = state.entries;
  let first: string | null = null;
  for (const spectrum of spectra) {
    const key = freshKey(
      entries.map((entry) => entry.key),
      spectrum.id,
    );
    first ??= key;
    entries = [...entries, { key, spectrum, warnings, run: IDLE, manual: null }];
  }
  return { ...state, entries, selected: first ?? state.selected };
}

export function changeEntry(state: EntriesState, key: string, change: (entry: Entry) => Entry): EntriesState {
  return { ...state, entries: state.entries.map((entry) => (entry.key === key ? change(entry) : entry)) };
}

/** Without one entry; the next one (or the last) is selected in its place. */
export function removeEntry(state: EntriesState, key: string): EntriesState {
  const at = state.entries.findIndex((entry) => entry.key === key);
  if (at < 0) return state;
  const entries = state.entries.filter((entry) => entry.key !== key);
  const neighbour = entries[Math.min(at, entries.length - 1)]?.key ?? null;
  return { ...state, entries, selected: state.selected === key ? neighbour : state.selected };
}

/** A removed entry put back where it was, and selected. */
export function restoreEntry(state: EntriesState, entry: Entry, at: number): EntriesState {
  const key = freshKey(
    state.entries.map((other) => other.key),
    entry.key,
  );
  const back = { ...entry, key };
  return { ...state, entries: [...state.entries.slice(0, at), back, ...state.entries.slice(at)], selected: key };
}

/** Those of `before` that are not there put back where they were. */
export function restoreMissing(state: EntriesState, before: readonly Entry[]): EntriesState {
  return before.reduce((now, entry, at) => (now.entries.some(({ key }) => key === entry.key) ? now : restoreEntry(now, entry, at)), state);
}

/** The entry `by` places further down, stopping at the ends. */
export function stepSelection(state: EntriesState, by: number): EntriesState {
  const at = state.entries.findIndex(({ key }) => key === state.selected);
  const next = state.entries[Math.max(0, Math.min(state.entries.length - 1, at + by))];
  return next === undefined ? state : { ...state, selected: next.key };
}

let noticeCount = 0;

export function addNotice(state: EntriesState, about: string, failure: Failure): EntriesState {
  noticeCount += 1;
  return { ...state, notices: [...state.notices, { key: `notice-${String(noticeCount)}`, about, failure }] };
}

export function dismissNotice(state: EntriesState, key: string): EntriesState {
  return { ...state, notices: state.notices.filter((notice) => notice.key !== key) };
}
