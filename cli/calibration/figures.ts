/** Figures of a calibration: each star before and after, when it took no part. */
import type { HeldOut } from '../../src/calibration/heldOut.ts';
import { CALIBRATED_NAMES, calibratedTitle, calibratedUnit } from '../../src/calibration/names.ts';
import { quantile } from '../../src/calibration/robust.ts';
import { robustSigma } from '../../src/math/statistics.ts';
import { axis, document, dots, frame, text, xOf, yOf, type Axis, type Box } from '../files/svg.ts';

const BEFORE = '#c4a484';
const AFTER = '#0b62a4';
const LINE = '#8b929a';

const PANEL = { width: 220, height: 170, gap: 62, left: 66, top: 26, bottom: 52 } as const;

const box = (column: number, row = 0): Box => ({
  x: PANEL.left + column * (PANEL.width + PANEL.gap),
  y: PANEL.top + row * (PANEL.height + PANEL.bottom + PANEL.top),
  width: PANEL.width,
  height: PANEL.height,
});
export const FIGURE_WIDTH = PANEL.left + 4 * PANEL.width + 3 * PANEL.gap + 14;
export const FIGURE_HEIGHT = PANEL.top + PANEL.height + PANEL.bottom;

/** An axis that holds the central 98 % of some values with room; what lies beyond is drawn at its edge. */
function axisOf(title: string, values: readonly number[], about = 4, symmetric = false): Axis {
  const [low, high] = [quantile(values, 0.01), quantile(values, 0.99)];
  const most = Math.max(Math.abs(low), Math.abs(high), 1e-6);
  const [from, to] = symmetric ? [-most, most] : [low, high];
  const room = 0.08 * (to - from || 1);
  return axis(title, from - room, to + room, about);
}

const clamp = ({ from, to }: Axis, value: number): number => Math.min(Math.max(value, Math.min(from, to)), Math.max(from, to));
const clamped = (a: Axis, values: readonly number[]): number[] => values.map((value) => clamp(a, value));

const horizontal = (at: Box, x: Axis, y: Axis, value: number): string =>
  `<path d="M${xOf(at, x, x.from).toFixed(1)} ${yOf(at, y, value).toFixed(1)}H${xOf(at, x, x.to).toFixed(1)}" stroke="${LINE}" stroke-dasharray="4 3"/>`;

/** The four panels of one label: against the reference, and the residuals against T_eff, log g and [Fe/H]; a row of a larger figure. */
export function labelPanels(list: readonly HeldOut[], row = 0): string {
  const name = list[0]?.label ?? 'feh';
  const unit = calibratedUnit(name);
  const title = calibratedTitle(name);
  const before = list.map(({ raw, reference }) => raw - reference);
  const after = list.map(({ calibrated, reference }) => calibrated - reference);
  const references = list.map(({ reference }) => reference);
  const first = box(0, row);
  const value = axisOf(`reference (${unit})`, [...references, ...list.map(({ calibrated }) => calibrated)]);
  const ours = { ...value, title: `${title}, ours` };
  const diagonal = `<path d="M${xOf(first, value, value.from).toFixed(1)} ${yOf(first, ours, ours.from).toFixed(1)}L${xOf(first, value, value.to).toFixed(1)} ${yOf(first, ours, ours.to).toFixed(1)}" stroke="${LINE}" stroke-dasharray="4 3"/>`;
  const parts = [
    frame(first, value, ours, 11),
    diagonal,
    dots(
      first,
      value,
      ours,
      [
        {
          x: clamped(value, references),
          y: clamped(
            ours,
            list.map(({ raw }) => raw),
          ),
          colour: BEFORE,
        },
        {
          x: clamped(value, references),
          y: clamped(
            ours,
            list.map(({ calibrated }) => calibrated),
          ),
          colour: AFTER,
        },
      ],
      4,
    ),
    text(first.x, first.y - 9, `${title}: ${String(new Set(list.map(({ star }) => star)).size)} stars`, { size: 13, weight: 600 }),
  ];
  const residual = axisOf('ours − reference', [...before, ...after], 4, true);
  const along = [
    { title: 'T_eff (K)', of: (one: HeldOut) => one.place.teff },
    { title: 'log g', of: (one: HeldOut) => one.place.logg },
    { title: '[Fe/H]', of: (one: HeldOut) => one.place.feh },
  ];
  along.forEach(({ title: name_, of }, k) => {
    const at = box(k + 1, row);
    const values = list.map(of);
    const x = axisOf(name_, values);
    const y = k === 0 ? residual : { ...residual, title: '' };
    parts.push(
      frame(at, x, y, 11),
      horizontal(at, x, y, 0),
      dots(
        at,
        x,
        y,
        [
          { x: clamped(x, values), y: clamped(y, before), colour: BEFORE },
          { x: clamped(x, values), y: clamped(y, after), colour: AFTER },
        ],
        4,
      ),
    );
  });
  return parts.join('\n');
}

const SMALL = { width: 168, height: 150, gapX: 58, gapY: 66, left: 58, top: 54, columns: 5 } as const;

/** All labels in one figure: raw and calibrated against the reference, each star when it took no part. */
export function beforeAndAfter(heldOut: readonly HeldOut[]): string {
  const names = CALIBRATED_NAMES.filter((name) => heldOut.some(({ label }) => label === name));
  const parts = names.flatMap((name, k) => {
    const list = heldOut.filter(({ label }) => label === name);
    const at: Box = {
      x: SMALL.left + (k % SMALL.columns) * (SMALL.width + SMALL.gapX),
      y: SMALL.top + Math.floor(k / SMALL.columns) * (SMALL.height + SMALL.gapY),
      width: SMALL.width,
      height: SMALL.height,
    };
    const references = list.map(({ reference }) => reference);
    const value = axisOf('', references, 3);
    const points = (of: (one: HeldOut) => number, colour: string) => ({
      x: clamped(value, references),
      y: clamped(value, list.map(of)),
      colour,
    });
    const [x0, y0] = [xOf(at, value, value.from).toFixed(1), yOf(at, value, value.from).toFixed(1)];
    const [x1, y1] = [xOf(at, value, value.to).toFixed(1), yOf(at, value, value.to).toFixed(1)];
    const spread = (of: (one: HeldOut) => number): string => {
      const scatter = robustSigma(list.map((one) => of(one) - one.reference));
      return scatter.toFixed(calibratedUnit(name) === 'K' ? 0 : 2);
    };
    return [
      frame(at, value, value, 10),
      `<path d="M${x0} ${y0}L${x1} ${y1}" stroke="${LINE}" stroke-dasharray="4 3"/>`,
      dots(at, value, value, [points(({ raw }) => raw, BEFORE), points(({ calibrated }) => calibrated, AFTER)], 3),
      text(at.x, at.y - 8, calibratedTitle(name), { size: 12, weight: 600 }),
      text(at.x + at.width, at.y - 8, `σ ${spread(({ raw }) => raw)} → ${spread(({ calibrated }) => calibrated)}`, {
        size: 11,
        anchor: 'end',
      }),
    ];
  });
  const rows = Math.ceil(names.length / SMALL.columns);
  const key = [
    text(SMALL.left, 22, 'ours against the reference:', { size: 12 }),
    text(SMALL.left + 160, 22, 'raw', { size: 12, weight: 600, colour: BEFORE }),
    text(SMALL.left + 190, 22, 'calibrated, by stars without it', { size: 12, weight: 600, colour: AFTER }),
  ];
  return document(SMALL.left + SMALL.columns * (SMALL.width + SMALL.gapX), SMALL.top + rows * (SMALL.height + SMALL.gapY), [
    ...key,
    ...parts,
  ]);
}

export const KEY = `<span><i style="background:${BEFORE}"></i>raw</span><span><i style="background:${AFTER}"></i>calibrated, by a calibration that the star took no part in</span>`;
