/** What a report draws of a catalogue: counts of everything, and the labels of at most some thousand stars, so that its memory has a bound. */
import { createHash } from 'node:crypto';
import { ELEMENTS, PARAMETERS, type LabelName } from '../../../src/domain/labels.ts';
import type { Cell } from '../../../src/io/write/table/column.ts';
import { FLAG_BITS } from '../catalogueColumns.ts';

/** A row of a catalogue by column. */
export type Row = (column: string) => Cell;

/** One label as the report shows it: calibrated where it is, else raw. */
export interface ShownLabel {
  readonly value: number;
  readonly sigma: number;
  /** Not a measurement: spoilt, at an edge, or the prior's. */
  readonly doubtful: boolean;
}

export interface ReportStar {
  readonly file: string;
  readonly index: number;
  readonly snr: number;
  readonly chi2: number;
  readonly quality: number;
  readonly alerts: readonly string[];
  /** km/s; null where the survey states none. */
  readonly rvDifference: number | null;
  readonly rvSigma: number;
  readonly emission: string | null;
  readonly labels: Readonly<Partial<Record<LabelName, ShownLabel>>>;
}

export interface Survey {
  rows: number;
  fitted: number;
  /** By quality 0 … 3. */
  readonly quality: number[];
  readonly failures: Map<string, number>;
  readonly alerts: Map<string, number>;
  /** Per label, per flag: how many stars carry it. */
  readonly flags: Map<LabelName, Map<string, number>>;
  readonly stars: ReportStar[];
}

/** Stars that are drawn at most. */
export const DRAWN = 20_000;
/** Flags after which a value is no measurement; `uncalibrated` is none of them. */
const DOUBTFUL = FLAG_BITS.filter(([, flag]) => flag !== 'uncalibrated').reduce((sum, [bit]) => sum + bit, 0);
const NAMES: readonly LabelName[] = [...PARAMETERS, ...ELEMENTS];

const number = (cell: Cell): number => (typeof cell === 'number' ? cell : typeof cell === 'string' && cell !== '' ? Number(cell) : NaN);
const count = (map: Map<string, number>, key: string): void => {
  map.set(key, (map.get(key) ?? 0) + 1);
};

/** Column of a label: parameters by their names, elements by their [X/Fe]. */
const columnOf = (name: LabelName): string => ((PARAMETERS as readonly string[]).includes(name) ? name : `${name}_Fe`);

function shown(row: Row, name: LabelName): ShownLabel | null {
  const column = columnOf(name);
  const calibrated = number(row(`${column}_calibrated`));
  const value = Number.isFinite(calibrated) ? calibrated : number(row(column));
  if (!Number.isFinite(value)) return null;
  const sigma = number(row(Number.isFinite(calibrated) ? `${column}_sigma_calibrated` : `${column}_sigma`));
  return { value, sigma, doubtful: (number(row(`${column}_flags`)) & DOUBTFUL) !== 0 };
}

export const emptySurvey = (): Survey => ({
  rows: 0,
  fitted: 0,
  quality: [0, 0, 0, 0],
  failures: new Map(),
  alerts: new Map(),
  flags: new Map(NAMES.map((name) => [name, new Map<string, number>()])),
  stars: [],
});

/** Takes in a row. Beyond `DRAWN` stars a fixed share by name stays drawn, the same whatever the order. */
export function addRow(survey: Survey, row: Row, share: { threshold: number }): void {
  survey.rows++;
  const quality = number(row('quality'));
  survey.quality[quality] = (survey.quality[quality] ?? 0) + 1;
  const failure = row('failure');
  if (typeof failure === 'string' && failure !== '') {
    count(survey.failures, failure);
    return;
  }
  survey.fitted++;
  const alerts = String(row('alerts') ?? '')
    .split(' ')
    .filter((code) => code !== '');
  for (const code of alerts) count(survey.alerts, code);
  const labels: Partial<Record<LabelName, ShownLabel>> = {};
  for (const name of NAMES) {
    const label = shown(row, name);
    if (label === null) continue;
    labels[name] = label;
    const bits = number(row(`${columnOf(name)}_flags`));
    const flags = survey.flags.get(name);
    for (const [bit, flag] of FLAG_BITS) if ((bits & bit) !== 0 && flags !== undefined) count(flags, flag);
  }
  const file = String(row('file'));
  const index = number(row('file_index'));
  if (weightOf(file, index) > share.threshold) return;
  const pipeline = number(row('rv_pipeline'));
  const emission = row('emission_line');
  survey.stars.push({
    file,
    index,
    snr: number(row('snr_per_pixel')),
    chi2: number(row('chi2_reduced')),
    quality,
    alerts,
    rvDifference: Number.isFinite(pipeline) ? number(row('rv')) - pipeline : null,
    rvSigma: number(row('rv_sigma')),
    emission: typeof emission === 'string' && emission !== '' ? emission : null,
    labels,
  });
  if (survey.stars.length > DRAWN) {
    share.threshold /= 2;
    const kept = survey.stars.filter((star) => weightOf(star.file, star.index) <= share.threshold);
    survey.stars.splice(0, survey.stars.length, ...kept);
  }
}

/** A number in 0 … 1 that a spectrum always has. */
const weightOf = (file: string, index: number): number =>
  createHash('sha256')
    .update(`${file}\n${String(index)}\ndrawn`)
    .digest()
    .readUInt32BE(0) /
  2 ** 32;
