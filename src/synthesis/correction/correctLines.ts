/** The whole correction of a list: rounds of comparison and joint fit, missing lines in between, errors at the end. */
import { success, type Result } from '../../domain/result.ts';
import type { NpyArray } from '../../io/npz.ts';
import { buildLineList, type LineList } from '../tables/lineList.ts';
import type { PhysicsTables } from '../tables/tables.ts';
import { compare, initialState, type Comparison, type StarState } from './comparison.ts';
import { advance, correctedLines, solveStep, type JointState } from './jointFit.ts';
import type { Layout } from './layout.ts';
import { lineErrors, type LineError } from './lineErrors.ts';
import { ownersOf, type PhysicalLine } from './lineGroups.ts';
import { linesToAdd, missingAbsorption, type Identification } from './missingLines.ts';
import type { ObservedStar } from './observedStar.ts';
import { applyOverlay, type Overlay } from './overlay.ts';

export interface CorrectionRun {
  readonly tables: PhysicsTables;
  readonly arrays: ReadonlyMap<string, NpyArray>;
  readonly lines: readonly PhysicalLine[];
  readonly observed: readonly ObservedStar[];
  readonly stepKms: number;
}

export interface CorrectionOptions {
  /** Rounds before the first and after each time that missing lines are added. */
  readonly rounds: readonly [number, number];
  /** Where missing lines are looked for, one after the other, and stars that confirm them, by id of the observation. */
  readonly missingIn: readonly string[];
  readonly confirmedBy: readonly string[];
  readonly identifications: readonly Identification[];
  readonly vacuumToAir: (wavelength: number) => number;
  readonly report: (message: string) => void;
  readonly start?: Overlay;
}

/** Lines that an earlier overlay added. */
const startLines = (start: Overlay | undefined): PhysicalLine[] =>
  (start?.lines ?? [])
    .filter((line) => line.rows.length === 0)
    .map(({ species, wavelength, excitation, loggf }) => ({ rows: [], species, wavelength, excitation, loggf, provenance: 'added' }));

/** An earlier overlay as corrections of physical lines; added ones follow the `rows` of the list in its order. */
function startCorrections(start: Overlay, lines: readonly PhysicalLine[], rows: number): JointState['corrections'] {
  const byRow = new Map(lines.map((line, g) => [line.rows[0] ?? -1, g]));
  const strength = new Float64Array(lines.length);
  const damping = new Map<number, number>();
  let extra = rows;
  for (const line of start.lines) {
    const g = byRow.get(line.rows[0] ?? extra++);
    if (g === undefined) continue;
    strength[g] = line.delta;
    if (line.damping !== null) damping.set(g, line.damping);
  }
  return { strength, damping };
}

export interface CorrectionResult {
  readonly lines: readonly PhysicalLine[];
  readonly list: LineList;
  readonly owner: Int32Array;
  readonly state: JointState;
  readonly layout: Layout;
  readonly errors: ReadonlyMap<number, LineError>;
  /** By observation that did not fail. */
  readonly before: readonly Comparison[];
  readonly after: readonly Comparison[];
}

/** Lines whose largest derivative is above this and whose window is wide may have their van der Waals width moved. */
const STRONG = 0.2;
const STRONG_STEPS = 300;

/** Every observation compared; one that fails is reported and left out. */
export function compareAll(
  run: CorrectionRun,
  list: LineList,
  owner: Int32Array,
  count: number,
  states: readonly StarState[],
  damped: ReadonlySet<number>,
  earlier: readonly (Comparison | undefined)[],
  report: (message: string) => void,
): readonly (Comparison | undefined)[] {
  return run.observed.map((observed, at) => {
    const c = compare(run.tables, list, observed, states[at] ?? initialState(observed), run.stepKms, owner, count, damped, earlier[at]);
    if (c.ok) return c.value;
    report(`${observed.id} is left out: ${c.failure.message}`);
    return undefined;
  });
}

/** The list with rows at its end for lines that it lacks. */
function extended(run: CorrectionRun, added: readonly PhysicalLine[]): Result<LineList> {
  const overlay: Overlay = {
    list: '',
    sha256: '',
    stars: {},
    lines: added.map((l) => ({ ...l, rows: [], delta: 0, sigma: 0, damping: null, reason: 'added', stars: '' })),
  };
  const arrays = applyOverlay(run.arrays, '', overlay);
  return arrays.ok ? success(buildLineList(arrays.value, run.tables.eos)) : arrays;
}

/** Corrects the lines of a list by the observations, from no corrections or from those of an earlier overlay (`start`) of the same list. */
export function correctLines(given: CorrectionRun, options: CorrectionOptions): Result<CorrectionResult> {
  const { report } = options;
  const rows = given.tables.lines.count;
  let added: PhysicalLine[] = startLines(options.start);
  let lines: readonly PhysicalLine[] = given.lines;
  let list = given.tables.lines;
  let owner = ownersOf(list, lines);
  let state: JointState = {
    corrections: { strength: new Float64Array(lines.length), damping: new Map() },
    stars: given.observed.map(initialState),
  };
  /** Lines and state with lines that the list lacks at their end. */
  const extend = (run: CorrectionRun): Result<null> => {
    const longer = extended(run, added);
    if (!longer.ok) return longer;
    lines = [...given.lines, ...added.map((line, k) => ({ ...line, rows: [rows + k] }))];
    list = longer.value;
    owner = ownersOf(list, lines);
    const strength = new Float64Array(lines.length);
    strength.set(state.corrections.strength);
    state = { ...state, corrections: { strength, damping: state.corrections.damping } };
    return success(null);
  };
  const first = compareAll(given, list, owner, lines.length, state.stars, new Set(), [], report);
  // observations that cannot be compared take no further part
  const good = first.flatMap((c, at) => (c === undefined ? [] : [at]));
  const run: CorrectionRun = { ...given, observed: good.flatMap((at) => given.observed[at] ?? []) };
  state = { ...state, stars: run.observed.map(initialState) };
  const before = first.flatMap((c) => (c === undefined ? [] : [c]));
  const damped = strongLines(before, list, owner);
  if (options.start !== undefined) {
    const longer = extend(run);
    if (!longer.ok) return longer;
    state = { ...state, corrections: startCorrections(options.start, lines, rows) };
  }
  let now: readonly Comparison[] = before;
  const again = (): readonly Comparison[] =>
    compareAll(run, correctedLines(list, owner, state.corrections), owner, lines.length, state.stars, damped, now, report).flatMap(
      (c) => c ?? [],
    );
  const round = (): Layout => {
    const { layout, step } = solveStep(now, lines, state);
    state = advance(state, now, layout, step);
    now = again();
    report(
      `${String(layout.lines.length)} lines; residual ${now.map((c) => `${c.observed.id} ${(100 * rms(c)).toFixed(2)} %`).join(', ')}`,
    );
    return layout;
  };
  if (options.start !== undefined) now = again();
  for (let k = 0; k < options.rounds[0]; k++) round();

  for (const id of options.missingIn) {
    const star = now.find((c) => c.observed.id === id);
    if (star === undefined) continue;
    const witnesses = now.filter((c) => c !== star && options.confirmedBy.includes(c.observed.id));
    const more = linesToAdd(missingAbsorption(star, witnesses), options.vacuumToAir, options.identifications, star, lines);
    report(`${String(more.length)} lines added that ${id} shows and the list lacks`);
    if (more.length === 0) continue;
    added = [...added, ...more];
    const longer = extend(run);
    if (!longer.ok) return longer;
    now = again();
    for (let k = 0; k < options.rounds[1]; k++) round();
  }
  const { layout } = solveStep(
    now,
    lines,
    state,
    now.map(() => false),
  );
  return success({ lines, list, owner, state, layout, errors: lineErrors(now, lines, layout), before, after: now });
}

/** Root mean square of the residual over used pixels. */
export function rms({ residual, weight }: Comparison): number {
  let [sum, n] = [0, 0];
  residual.forEach((r, p) => {
    if (!((weight[p] ?? 0) > 0)) return;
    sum += r * r;
    n++;
  });
  return Math.sqrt(sum / n);
}

/** Lines that are strong in some star and whose tabulated width can be moved (those without a width of their own follow Unsöld's formula). */
function strongLines(comparisons: readonly Comparison[], list: LineList, owner: Int32Array): ReadonlySet<number> {
  const tabulated = new Set<number>();
  owner.forEach((g, i) => {
    if (g >= 0 && list.vdwExponent[i] !== 0.3) tabulated.add(g);
  });
  const out = new Set<number>();
  for (const c of comparisons)
    c.strength.forEach((window, g) => {
      if (window === null || window.values.length * c.observed.stride < STRONG_STEPS || !tabulated.has(g)) return;
      if (window.values.some((v) => Math.abs(v) > STRONG)) out.add(g);
    });
  return out;
}
