/** Tables and pictures of the ab initio validation: labels against the truth or the literature, and residuals, by line list. */
import { axis, document, dots, frame, text, type Box, type Points } from '../../cli/files/svg.ts';
import type { LineListName } from '../../cli/files/lineLists.ts';
import { isElement } from '../../src/domain/labels.ts';
import { median, robustSigma } from '../../src/math/statistics.ts';
import { fixed, markdownTable } from '../../cli/files/markdownTable.ts';
import type { FitRecord } from './record.ts';
import { JUDGED, KINDS, type Judged, type JudgedStar, type StarKind } from './stars.ts';

export interface JudgedFit {
  readonly star: JudgedStar;
  readonly record: FitRecord;
}

/** Flags under which a value is a measurement. */
const MEASURED: readonly string[] = ['uncalibrated'];

const labelOf = ({ labels }: FitRecord, name: string): FitRecord['labels'][number] | undefined =>
  labels.find((label) => label.name === name);

/** Raw [X/H] of a fit, dex; null where the spectrum does not measure it. */
function abundance(record: FitRecord, element: Judged): number | null {
  const feh = labelOf(record, 'feh');
  const own = element === 'Fe' ? feh : labelOf(record, element);
  if (feh === undefined || own === undefined || !own.flags.every((flag) => MEASURED.includes(flag))) return null;
  return element === 'Fe' ? feh.value : feh.value + own.value;
}

const done = (fits: readonly JudgedFit[], lines: LineListName): JudgedFit[] =>
  fits.filter(({ record }) => record.lines === lines && record.failure === null);

const signed = (value: number, digits: number): string => (value >= 0 ? `+${fixed(value, digits)}` : fixed(value, digits));

/** The Sun: every label that is measured, per range and list. */
export function sunTable(fits: readonly JudgedFit[], lists: readonly LineListName[]): string {
  const suns = lists.flatMap((lines) => done(fits, lines).filter(({ star }) => star.survey === 'Sun'));
  const cell = (record: FitRecord, name: string): string => {
    const label = labelOf(record, name);
    if (label === undefined) return '–';
    const digits = name === 'teff' ? 0 : 3;
    const value = isElement(name) ? label.value + (labelOf(record, 'feh')?.value ?? NaN) : label.value;
    const text = name === 'teff' || name === 'logg' || name === 'vmic' ? fixed(value, digits) : signed(value, digits);
    return `${text} ± ${fixed(label.sigma, digits)}${label.flags.includes('prior-dominated') ? ' (prior)' : ''}`;
  };
  const names = [...new Set(suns.flatMap(({ record }) => record.labels.map(({ name }) => name)))];
  return markdownTable(
    ['', ...suns.map(({ star, record }) => `${record.lines}, ${star.range.join('–')} Å`)],
    [
      ...names.map((name) => [
        name === 'teff'
          ? 'T_eff (K)'
          : name === 'logg'
            ? 'log g'
            : name === 'vmic'
              ? 'v_mic (km/s)'
              : `[${name === 'feh' ? 'Fe' : name}/H]`,
        ...suns.map(({ record }) => cell(record, name)),
      ]),
      ['χ²/ν', ...suns.map(({ record }) => fixed(record.chi2Reduced ?? NaN, 2))],
    ],
  );
}

/** Bias and scatter of raw [X/H] against the literature, by kind of star: `bias ± error, σ, stars` per list. */
export function literatureTable(fits: readonly JudgedFit[], lists: readonly LineListName[], survey: JudgedStar['survey']): string {
  const differences = (lines: LineListName, kind: StarKind | null, element: Judged): number[] =>
    done(fits, lines)
      .filter(({ star }) => star.survey === survey && (kind === null || star.kind === kind))
      .flatMap(({ star, record }) => {
        const [ours, theirs] = [abundance(record, element), star.literature[element]];
        return ours === null || theirs === undefined ? [] : [ours - theirs];
      });
  const cell = (values: readonly number[]): string =>
    values.length < 3
      ? `– (${String(values.length)})`
      : `${signed(median(values), 3)}, ${fixed(robustSigma(values), 3)} (${String(values.length)})`;
  const kinds = [null, ...KINDS];
  return markdownTable(
    ['', ...kinds.flatMap((kind) => lists.map((lines) => `${kind ?? 'all'}, ${lines}`))],
    JUDGED.map((element) => [`[${element}/H]`, ...kinds.flatMap((kind) => lists.map((lines) => cell(differences(lines, kind, element))))]),
  );
}

/** Median over stars of their median |residual| per 100 Å, in % of the continuum. */
function misfits(fits: readonly JudgedFit[], lines: LineListName, survey: JudgedStar['survey'], kind: StarKind): Map<number, number> {
  const windows = new Map<number, number[]>();
  for (const { star, record } of done(fits, lines)) {
    if (star.survey !== survey || star.kind !== kind) continue;
    for (const { from, size } of record.misfit) windows.set(from, [...(windows.get(from) ?? []), 100 * size]);
  }
  return new Map([...windows].sort(([a], [b]) => a - b).map(([from, sizes]) => [from, median(sizes)]));
}

/** Residuals per 100 Å and kind of star. */
export function misfitTable(fits: readonly JudgedFit[], lists: readonly LineListName[], survey: JudgedStar['survey']): string {
  const columns = KINDS.flatMap((kind) =>
    lists.map((lines) => ({ title: `${kind}, ${lines}`, values: misfits(fits, lines, survey, kind) })),
  );
  const windows = [...new Set(columns.flatMap(({ values }) => [...values.keys()]))].sort((a, b) => a - b);
  return markdownTable(
    ['from (Å)', ...columns.map(({ title }) => title)],
    windows.map((from) => [String(from), ...columns.map(({ values }) => fixed(values.get(from) ?? NaN, 2))]),
  );
}

const COLOURS: readonly string[] = ['#d55e00', '#0072b2', '#009e73'];
const WIDTH = 1000;

/** Residuals against wavelength, a panel per kind of star, a colour per list. */
export function misfitPicture(fits: readonly JudgedFit[], lists: readonly LineListName[], survey: JudgedStar['survey']): string {
  const panels = KINDS.map((kind) => lists.map((lines) => misfits(fits, lines, survey, kind)));
  const most = Math.max(0.5, ...panels.flat().flatMap((values) => [...values.values()]));
  const ends = panels.flat().flatMap((values) => [...values.keys()]);
  const x = axis('rest wavelength (Å, vacuum)', Math.min(...ends), Math.max(...ends) + 100, 8);
  const parts = panels.map((series, row) => {
    const box: Box = { x: 70, y: 50 + row * 190, width: WIDTH - 100, height: 150 };
    const y = axis('median |residual| (%)', 0, 1.1 * most, 4);
    const points = series.map((values, k): Points => ({
      x: [...values.keys()].map((from) => from + 50),
      y: [...values.values()],
      colour: COLOURS[k] ?? '#000',
    }));
    return [
      frame(box, row === KINDS.length - 1 ? x : { ...x, title: '' }, y, 11),
      dots(box, x, y, points, 6),
      text(box.x + 8, box.y + 18, `${survey}, ${KINDS[row] ?? ''}`, { size: 13, weight: 600 }),
    ].join('');
  });
  const key = lists.map((lines, k) => text(70 + 110 * k, 30, `● ${lines}`, { size: 13, colour: COLOURS[k] ?? '#000', weight: 600 }));
  return document(WIDTH, 50 + KINDS.length * 190 + 30, [...parts, ...key]);
}

/** Bias per element with its scatter, a panel per kind of star, a colour per list. */
export function biasPicture(fits: readonly JudgedFit[], lists: readonly LineListName[]): string {
  const parts = KINDS.map((kind, row) => {
    const box: Box = { x: 70, y: 50 + row * 190, width: WIDTH - 100, height: 150 };
    const x = { title: '', from: -0.5, to: JUDGED.length - 0.5, ticks: [] };
    const y = axis('[X/H] − literature', -0.6, 0.6, 6);
    const clip = (value: number): number => Math.min(0.58, Math.max(-0.58, value));
    const points = lists.map((lines, k): Points => {
      const shown = done(fits, lines)
        .filter(({ star }) => star.survey === 'MILES' && star.kind === kind)
        .flatMap(({ star, record }) =>
          JUDGED.flatMap((element, i) => {
            const [ours, theirs] = [abundance(record, element), star.literature[element]];
            return ours === null || theirs === undefined ? [] : [{ x: i + 0.2 * (k - (lists.length - 1) / 2), y: clip(ours - theirs) }];
          }),
        );
      return { x: shown.map((p) => p.x), y: shown.map((p) => p.y), colour: COLOURS[k] ?? '#000' };
    });
    const names = JUDGED.map((element, i) =>
      text(box.x + ((i + 0.5) / JUDGED.length) * box.width, box.y + box.height + 16, element, { size: 12, anchor: 'middle' }),
    );
    const zero = `<path d="M${String(box.x)} ${String(box.y + box.height / 2)}h${String(box.width)}" stroke="#8b929a"/>`;
    return [
      frame(box, x, y, 11),
      zero,
      dots(box, x, y, points, 4),
      ...names,
      text(box.x + 8, box.y + 16, kind, { size: 13, weight: 600 }),
    ].join('');
  });
  const key = lists.map((lines, k) => text(70 + 110 * k, 30, `● ${lines}`, { size: 13, colour: COLOURS[k] ?? '#000', weight: 600 }));
  return document(WIDTH, 50 + KINDS.length * 190 + 20, [...parts, ...key]);
}
