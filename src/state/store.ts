import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { AbinitioDerivative, DrawnModel, EngineInfo, ModelOffer } from '../domain/client.ts';
import type { EmulatedJacobian } from '../domain/emulator.ts';
import type { Calibration } from '../calibration/schema.ts';
import type { LineTable } from '../domain/lineTable.ts';
import type { Solution } from '../domain/fit.ts';
import type { OwnLines } from '../domain/ownLines.ts';
import type { ModelIdentity } from '../domain/problem.ts';
import type { Failure } from '../domain/result.ts';
import * as list from './entries.ts';
import type { ComparedWith } from './comparing.ts';
import type { EntriesState } from './entries.ts';

export type EngineState =
  | { readonly kind: 'loading'; readonly model: string | null }
  | { readonly kind: 'ready'; readonly engine: EngineInfo }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** Labels on the way, and the model that follows them. */
export interface LiveLabels {
  /** Of which spectrum. */
  readonly key: string;
  /** Which label is dragged. */
  readonly index: number;
  readonly labels: Float64Array;
  /** The newest model that the engine has drawn, and the labels it is of; null until the first. */
  readonly drawn: { readonly labels: Float64Array; readonly model: DrawnModel } | null;
}

/** Everything the page shows, but for its settings. */
export interface SessionState extends EntriesState {
  readonly engine: EngineState;
  /** Models to choose from; empty until they are known. */
  readonly models: readonly ModelOffer[];
  /** Calibrations of the model that is open, the site's first; the one that results are shown under, null for none; and the bundle they must be of. */
  readonly calibrations: readonly Calibration[];
  readonly calibration: string | null;
  readonly calibrationModel: ModelIdentity | null;
  /** Those of the calibrations, by id, that are a person's own files. */
  readonly openedCalibrations: readonly string[];
  /** What is told of the calibration: a label by name, `all`, or null while nothing is. */
  readonly aboutCalibration: string | null;
  /** Fits are held: those under way wait where they are, and no other starts. */
  readonly paused: boolean;
  /** The table of the sample stands in place of the plots of one star. */
  readonly sampleOpen: boolean;
  /** Name of the file that a link is of, until it is opened or given up; null while none is waited for. */
  readonly awaited: string | null;
  /** Files being read. */
  readonly reading: number;
  /** A slider being dragged: everything else of the page stays as it is until it rests. Null while none is. */
  readonly live: LiveLabels | null;
  /** A model kept over a spectrum to compare with: on its pixels, in the unit of its flux; `text` tells its labels. */
  readonly frozen: { readonly key: string; readonly text: string; readonly model: Float64Array } | null;
  /** What the selected star is compared with; null for nothing. */
  readonly compared: ComparedWith | null;
  /** The exercise that is open, at which step, and whether the answer is shown; `id` is null for the list of exercises. */
  readonly exercise: { readonly id: string | null; readonly step: number; readonly answered: boolean } | null;
  /** Derivatives at the labels on show; null until the first are there. */
  readonly jacobian: { readonly labels: Float64Array; readonly values: EmulatedJacobian } | null;
  /** The pixels that carry each label of a fit, in the order of its labels; null until they are known. */
  readonly carriers: { readonly result: Solution; readonly pixels: readonly Uint8Array[] } | null;
  /** The ab initio derivative nearest to `labels`, of the label last asked for; `derivative` is null where the model has none. */
  readonly abinitio: { readonly label: string; readonly labels: Float64Array; readonly derivative: AbinitioDerivative | null } | null;
  /** What lines are named by; null until it is wanted, and where the site has none. */
  readonly lineTable: LineTable | null;
  /** A person's own list of lines, marked over the spectrum; null for none. */
  readonly ownLines: OwnLines | null;
  /** Wavelength window of the linked views, Å as shown; null shows everything. */
  readonly window: readonly [number, number] | null;
  /** The step that undo would take back; null when there is none. */
  readonly undoable: string | null;
  /** What was done last, with a way back; null when there is nothing to say. */
  readonly toast: { readonly text: string; readonly canUndo: boolean } | null;
  /** Goes on with a new version of the page that is ready; null while there is none, or it was declined. */
  readonly update: (() => void) | null;
}

export type SessionStore = StoreApi<SessionState>;

export const createSessionStore = (): SessionStore =>
  createStore<SessionState>()(() => ({
    ...list.EMPTY,
    engine: { kind: 'loading', model: null },
    models: [],
    calibrations: [],
    calibration: null,
    calibrationModel: null,
    openedCalibrations: [],
    aboutCalibration: null,
    paused: false,
    sampleOpen: false,
    awaited: null,
    reading: 0,
    live: null,
    frozen: null,
    compared: null,
    exercise: null,
    jacobian: null,
    carriers: null,
    abinitio: null,
    lineTable: null,
    ownLines: null,
    window: null,
    undoable: null,
    toast: null,
    update: null,
  }));

export const entryOf = (store: SessionStore, key: string): list.Entry | undefined =>
  store.getState().entries.find((entry) => entry.key === key);

export function notify(store: SessionStore, about: string, failure: Failure): void {
  store.setState((state) => list.addNotice(state, about, failure));
}

/** Says what was done, where there is nothing to take back. */
export function tell(store: SessionStore, text: string): void {
  store.setState({ toast: { text, canUndo: false } });
}

/** Tells what was done, as `removed star.fits`, with a way back. */
export function tellDone(store: SessionStore, what: string): void {
  store.setState({ toast: { text: `${what.charAt(0).toUpperCase()}${what.slice(1)}`, canUndo: true } });
}
