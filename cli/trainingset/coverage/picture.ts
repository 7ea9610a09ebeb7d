/** The picture of what training sets cover: Kiel diagram, pairs of labels, a histogram of each, and their correlations. */
import { isElement, labelTitle, labelUnit } from '../../../src/domain/labels.ts';
import type { Coverage } from './survey.ts';
import { axis, bars, COLOURS, colourOf, document, dots, frame, signedColour, text, yOf, type Axis, type Box } from '../../files/svg.ts';

const WIDTH = 1720;
const MARGIN = 70;
const BAR = '#4c78a8';

const withUnit = (name: string): string => `${labelTitle(name)} (${name === 'logg' ? 'cgs' : labelUnit(name)})`;

/** T_eff and log g run backwards, as in every Kiel diagram. */
function labelAxis(coverage: Coverage, name: string, ticks = 5): Axis {
  const [low, high] = coverage.labels[name]?.range ?? [0, 1];
  const pad = 0.03 * (high - low);
  const turned = name === 'teff' || name === 'logg';
  const title = withUnit(name);
  return turned ? axis(title, high + pad, low - pad, ticks) : axis(title, low - pad, high + pad, ticks);
}

type Columns = ReadonlyMap<string, readonly number[]>;

/** One label against another, coloured by [Fe/H]. */
function scatter(coverage: Coverage, columns: Columns, box: Box, xName: string, yName: string, diameter: number, size = 12): string {
  const [x, y] = [labelAxis(coverage, xName), labelAxis(coverage, yName)];
  const [low, high] = coverage.labels['feh']?.range ?? [0, 1];
  const groups = Array.from({ length: COLOURS }, (_, group) => ({ x: [] as number[], y: [] as number[], colour: colourOf(group) }));
  columns.get('feh')?.forEach((feh, i) => {
    const group = groups[Math.min(Math.max(Math.floor(((feh - low) / (high - low)) * COLOURS), 0), COLOURS - 1)];
    group?.x.push(columns.get(xName)?.[i] ?? NaN);
    group?.y.push(columns.get(yName)?.[i] ?? NaN);
  });
  return dots(box, x, y, groups, diameter) + frame(box, x, y, size);
}

function colourBar(coverage: Coverage, box: Box): string {
  const [low, high] = coverage.labels['feh']?.range ?? [0, 1];
  const y = axis('', low, high);
  const step = (high - low) / COLOURS;
  const blocks = Array.from({ length: COLOURS }, (_, group) => {
    const top = yOf(box, y, low + (group + 1) * step);
    return `<rect x="${String(box.x)}" y="${top.toFixed(1)}" width="${String(box.width)}" height="${(box.height / COLOURS + 0.5).toFixed(1)}" fill="${colourOf(group)}"/>`;
  });
  const numbers = y.ticks.map((value) => text(box.x + box.width + 5, yOf(box, y, value) + 4, String(value).replace('-', '−')));
  return [...blocks, ...numbers, text(box.x + box.width / 2, box.y - 8, '[Fe/H]', { anchor: 'middle', size: 13 })].join('');
}

function histograms(coverage: Coverage, at: Box): string {
  const names = Object.keys(coverage.labels);
  const across = 11;
  const cell = at.width / across;
  const row = at.height / Math.ceil(names.length / across);
  return names
    .map((name, i) => {
      const label = coverage.labels[name];
      if (label === undefined) return '';
      const box = { x: at.x + (i % across) * cell + 4, y: at.y + Math.floor(i / across) * row + 18, width: cell - 18, height: row - 50 };
      const [low, high] = label.range;
      const x = axis('', low, high, 4);
      const turned = name === 'teff' || name === 'logg' ? { ...x, from: high, to: low } : x;
      const y = axis('', 0, 1.08 * Math.max(...label.histogram.counts, 1), 2);
      const { from, to, counts } = label.histogram;
      const title = text(box.x, box.y - 5, isElement(name) ? labelTitle(name) : withUnit(name), { size: 13, weight: 600 });
      const most = text(box.x + box.width, box.y - 5, `peak ${String(Math.max(...counts))}`, {
        size: 10,
        anchor: 'end',
        colour: '#6b727a',
      });
      return bars(box, turned, y, from, to, counts, BAR) + frame(box, turned, null, 10) + title + most;
    })
    .join('');
}

function correlationMatrix(coverage: Coverage, box: Box): string {
  const { labels, matrix } = coverage.correlation;
  const cell = box.width / labels.length;
  const name = (label: string): string => (isElement(label) ? label : labelTitle(label));
  const squares = matrix.flatMap((values, i) =>
    values.map((value, j) => {
      const at = `x="${(box.x + j * cell).toFixed(1)}" y="${(box.y + i * cell).toFixed(1)}"`;
      return `<rect ${at} width="${cell.toFixed(1)}" height="${cell.toFixed(1)}" fill="${i === j || !Number.isFinite(value) ? '#d5d9de' : signedColour(value)}"/>`;
    }),
  );
  const names = labels.flatMap((label, i) => [
    text(box.x - 5, box.y + (i + 0.72) * cell, name(label), { size: 11, anchor: 'end' }),
    text(box.x + (i + 0.72) * cell, box.y - 5, name(label), { size: 11, rotate: -90 }),
  ]);
  const steps = [-1, -0.5, -0.2, -0.05, 0.05, 0.2, 0.5, 1];
  const key = steps.map((value, i) => {
    const x = box.x + i * 46;
    const y = box.y + box.height + 14;
    return `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="46" height="12" fill="${signedColour(value)}"/>${text(x + 23, y + 26, String(value).replace('-', '−'), { size: 11, anchor: 'middle' })}`;
  });
  return [...squares, ...names, ...key].join('');
}

/** What the sets are, in lines of text. */
function summary(coverage: Coverage, x: number, y: number): string {
  const lines = coverage.sets.flatMap((set) => {
    const left = Object.entries(set.leftOut).map(([code, n]) => `${String(n)} ${code}`);
    const cost = set.cpuSecondsPerStar;
    return [
      `Seed ${String(set.seed)}, ${set.derivatives ? `${String(coverage.correlation.labels.length)} derivatives` : 'no derivatives'}: ${String(set.stars)} stars; left out: ${left.length === 0 ? 'none' : left.join(', ')}`,
      `   lines ${set.lineList ?? '?'}, ${String(set.stepKms)} km/s` +
        (cost === null
          ? ''
          : `; CPU ${(cost.quantiles[2] ?? NaN).toFixed(1)} s per star, ${set.cpuHours.toFixed(1)} h in all; ≤ ${String(set.peakMb ?? '?')} MB`),
    ];
  });
  return lines.map((line, i) => text(x, y + 19 * i, line, { size: 13, weight: line.startsWith(' ') ? 400 : 600 })).join('');
}

/** The picture as SVG. */
export function coveragePicture(coverage: Coverage, columns: Columns): string {
  const heading = (x: number, y: number, words: string): string => text(x, y, words, { size: 16, weight: 600 });
  const kiel: Box = { x: MARGIN, y: 90, width: 560, height: 520 };
  const pairs: readonly (readonly [string, string])[] = [
    ['teff', 'feh'],
    ['logg', 'feh'],
    ['feh', 'vmic'],
    ['teff', 'vmic'],
    ['logg', 'vmic'],
    ['C', 'O'],
  ];
  const small = pairs.map(([x, y], i): string => {
    const box = { x: 810 + (i % 3) * 308, y: 90 + Math.floor(i / 3) * 290, width: 230, height: 230 };
    return scatter(coverage, columns, box, x, y, 2, 11);
  });
  const below: readonly (readonly [string, string])[] = [
    ['feh', 'Mg'],
    ['O', 'Mg'],
    ['C', 'N'],
    ['Si', 'Ca'],
    ['Ba', 'Eu'],
    ['feh', 'C'],
  ];
  const shown = below.filter(([x, y]) => columns.has(x) && columns.has(y));
  const lower = shown.map(([x, y], i) => {
    const box = { x: 810 + (i % 3) * 308, y: 1210 + Math.floor(i / 3) * 290, width: 230, height: 230 };
    return scatter(coverage, columns, box, x, y, 2, 11);
  });
  const title = `Training stars: ${String(coverage.stars)}, of which ${String(coverage.withDerivatives)} with derivatives`;
  return document(WIDTH, 1860, [
    text(MARGIN, 38, title, { size: 22, weight: 700 }),
    heading(MARGIN, 76, 'Kiel diagram'),
    scatter(coverage, columns, kiel, 'teff', 'logg', 3.2, 13),
    colourBar(coverage, { x: 660, y: 120, width: 16, height: 260 }),
    heading(810, 76, 'Parameters by pairs, and carbon against oxygen'),
    ...small,
    heading(MARGIN, 720, 'Labels: stars in each twentieth of the range'),
    histograms(coverage, { x: MARGIN, y: 735, width: WIDTH - 2 * MARGIN + 30, height: 400 }),
    heading(MARGIN, 1170, 'Correlation of labels'),
    correlationMatrix(coverage, { x: MARGIN + 30, y: 1215, width: 560, height: 560 }),
    heading(810, 1170, 'Abundances by pairs'),
    ...lower,
    summary(coverage, 810, 1790),
  ]);
}
