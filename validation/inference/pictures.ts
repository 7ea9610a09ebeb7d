/** Pictures of injection and recovery: pulls and scatter per label, and rank histograms. */
import { labelTitle } from '../../src/domain/labels.ts';
import { axis, bars, document, dots, frame, INK, text, xOf, yOf, type Axis, type Box } from '../../cli/files/svg.ts';
import type { Recovered } from './report.ts';
import { TARGETS, type LabelStatistics, type RankStatistics } from './statistics.ts';

const COLOURS = ['#e69f00', '#0072b2', '#009e73', '#cc79a7'];
const colour = (k: number): string => COLOURS[k % COLOURS.length] ?? INK;

function band(box: Box, x: Axis, y: Axis, from: number, to: number): string {
  const [top, bottom] = [yOf(box, y, to), yOf(box, y, from)];
  const [left, right] = [xOf(box, x, x.from), xOf(box, x, x.to)];
  return `<rect x="${left.toFixed(1)}" y="${top.toFixed(1)}" width="${(right - left).toFixed(1)}" height="${(bottom - top).toFixed(1)}" fill="#dfe9df"/>`;
}

interface Panel {
  readonly title: string;
  readonly from: number;
  readonly to: number;
  readonly target: readonly [number, number];
  readonly value: (s: LabelStatistics) => number;
}

const PANELS: readonly Panel[] = [
  { title: 'bias / σ', from: -1, to: 1, target: [-TARGETS.bias, TARGETS.bias], value: (s) => s.bias },
  { title: 'pull σ', from: 0.5, to: 2, target: TARGETS.width, value: (s) => s.width },
  { title: 'scatter / Cramér–Rao', from: 0.5, to: 3, target: [0.5, TARGETS.overCramerRao], value: (s) => s.overCramerRao },
];

/** Bias, pull σ and scatter per label, a colour per S/N, targets shaded; over the stars that measure the label. */
export function pullPicture(recovered: readonly Recovered[], names: readonly string[]): string {
  const width = 1100;
  const parts = PANELS.flatMap((panel, row) => {
    const box: Box = { x: 70, y: 50 + row * 190, width: width - 100, height: 160 };
    const x: Axis = { title: '', from: -0.5, to: names.length - 0.5, ticks: [] };
    const y = axis(panel.title, panel.from, panel.to, 4);
    const clip = (value: number): number => Math.min(panel.to, Math.max(panel.from, value));
    const points = recovered.map((one, k) => {
      const shown = one.measured.flatMap((s, i) =>
        s === null ? [] : [{ x: i + (k - (recovered.length - 1) / 2) * 0.2, y: clip(panel.value(s)) }],
      );
      return { x: shown.map((p) => p.x), y: shown.map((p) => p.y), colour: colour(k) };
    });
    return [band(box, x, y, ...panel.target), frame(box, x, y, 11), dots(box, x, y, points, 7)];
  });
  const bottom = 50 + 2 * 190 + 160;
  const titles = names.map((name, i) =>
    text(70 + ((i + 0.5) / names.length) * (width - 100) + 4, bottom + 12, labelTitle(name), { size: 11, anchor: 'end', rotate: -60 }),
  );
  const key = recovered.map((one, k) => text(70 + k * 110, 30, `● S/N ${String(one.snr)}`, { size: 13, colour: colour(k), weight: 600 }));
  return document(width, bottom + 60, [...parts, ...titles, ...key]);
}

/** Histograms of where truths fall in their posteriors: flat where σ and shape are right. The band holds 95 % of flat ones. */
export function rankPicture(title: string, shown: readonly (RankStatistics & { readonly label: string })[]): string {
  const across = 7;
  const [cell, height] = [155, 125];
  const parts = shown.map((s, i) => {
    const box: Box = { x: 20 + (i % across) * cell, y: 60 + Math.floor(i / across) * height, width: cell - 20, height: height - 40 };
    const bins = s.ranks.length;
    const flat = s.stars / bins;
    const spread = 1.96 * Math.sqrt(flat * (1 - 1 / bins));
    const x: Axis = { title: '', from: 0, to: 1, ticks: [] };
    const y: Axis = { title: '', from: 0, to: Math.max(2 * flat, ...s.ranks) * 1.05, ticks: [] };
    return [
      band(box, x, y, Math.max(0, flat - spread), flat + spread),
      bars(box, x, y, 0, 1, s.ranks, '#4c78a8b0'),
      frame(box, x, null, 10),
      text(box.x, box.y - 5, labelTitle(s.label), { size: 12, weight: 600 }),
      text(box.x + box.width, box.y - 5, `p ${s.chi2P.toFixed(2)}`, { size: 10, anchor: 'end', colour: '#6b727a' }),
    ].join('');
  });
  const rows = Math.ceil(shown.length / across);
  return document(20 + across * cell, 60 + rows * height, [text(20, 26, title, { size: 15, weight: 600 }), ...parts]);
}

/** The same of one S/N, by Laplace's method. */
export const laplaceRankPicture = ({ stars, snr, all }: Recovered): string =>
  rankPicture(
    `Ranks of true labels in their Laplace posteriors, all ${String(stars.length)} stars, S/N ${String(snr)}`,
    all.filter((s) => s !== null),
  );
