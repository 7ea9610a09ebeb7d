/** The drawings of a report: pure functions from stars to SVG. */
import { ELEMENTS, labelTitle, type LabelName } from '../../../src/domain/labels.ts';
import { median } from '../../../src/math/statistics.ts';
import { axis, bars, colourOf, COLOURS, frame, INK, text, xOf, yOf, type Axis, type Box } from '../../files/svg.ts';
import type { Outlier } from './outliers.ts';
import type { ReportStar } from './stars.ts';

const escape = (content: string): string =>
  content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** An SVG that scales to its column; `label` is what a screen reader says. */
const svg = (width: number, height: number, label: string, parts: readonly string[]): string =>
  `<svg viewBox="0 0 ${String(width)} ${String(height)}" role="img" aria-label="${escape(label)}">${parts.join('')}</svg>`;

interface Dot {
  readonly x: number;
  readonly y: number;
  readonly colour: string;
  readonly title: string;
}

/** Above this number of dots they are one path per colour, without titles. */
const TITLED = 3000;

function dots(box: Box, x: Axis, y: Axis, all: readonly Dot[], radius: number): string {
  const inside = all.filter((dot) => Number.isFinite(dot.x) && Number.isFinite(dot.y) && within(x, dot.x) && within(y, dot.y));
  const at = (dot: Dot) => [xOf(box, x, dot.x).toFixed(1), yOf(box, y, dot.y).toFixed(1)] as const;
  if (inside.length <= TITLED)
    return inside
      .map((dot) => {
        const [cx, cy] = at(dot);
        return `<circle cx="${cx}" cy="${cy}" r="${String(radius)}" fill="${dot.colour}" fill-opacity="0.8"><title>${escape(dot.title)}</title></circle>`;
      })
      .join('');
  const colours = [...new Set(inside.map(({ colour }) => colour))];
  return colours
    .map((colour) => {
      const path = inside.filter((dot) => dot.colour === colour).map((dot) => `M${at(dot).join(' ')}h0`);
      return `<path d="${path.join('')}" stroke="${colour}" stroke-width="${String(1.2 * radius)}" stroke-linecap="round" stroke-opacity="0.5" fill="none"/>`;
    })
    .join('');
}

const within = ({ from, to }: Axis, value: number): boolean => value >= Math.min(from, to) && value <= Math.max(from, to);

/** Ends that hold all but the wildest values, with a margin. */
function span(values: readonly number[], least: number, most: number, margin: number): readonly [number, number] {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  if (sorted.length === 0) return [least, most];
  const [low, high] = [sorted[Math.floor(0.002 * sorted.length)] ?? least, sorted[Math.ceil(0.998 * sorted.length) - 1] ?? most];
  return [Math.max(least, low - margin), Math.min(most, high + margin)];
}

const FEH: readonly [number, number] = [-2, 0.5];
const fehColour = (feh: number): string => colourOf(Math.floor(((feh - FEH[0]) / (FEH[1] - FEH[0])) * COLOURS));

function colourBar(box: Box): string {
  const step = box.height / COLOURS;
  const cells = Array.from({ length: COLOURS }, (_, i) => {
    const y = box.y + box.height - (i + 1) * step;
    return `<rect x="${String(box.x)}" y="${y.toFixed(1)}" width="${String(box.width)}" height="${(step + 0.3).toFixed(1)}" fill="${colourOf(i)}"/>`;
  });
  const ticks = [-2, -1.5, -1, -0.5, 0, 0.5].map((value) => {
    const y = box.y + box.height * (1 - (value - FEH[0]) / (FEH[1] - FEH[0]));
    return text(box.x + box.width + 5, y + 4, String(value).replace('-', '−'), { size: 11 });
  });
  return [...cells, ...ticks, text(box.x, box.y - 7, '[Fe/H]', { size: 11 })].join('');
}

const nameOf = ({ file }: ReportStar): string => file.split('/').pop() ?? file;

/** log g over T_eff, coloured by [Fe/H]; spoilt stars are open and grey, the outliers of the list wear their numbers. */
export function kiel(stars: readonly ReportStar[], outliers: readonly Outlier[]): string {
  const box: Box = { x: 62, y: 24, width: 560, height: 430 };
  const value = (star: ReportStar, name: LabelName): number => star.labels[name]?.value ?? NaN;
  const good = stars.filter(({ quality }) => quality < 2);
  const [t0, t1] = span(
    stars.map((star) => value(star, 'teff')),
    3000,
    9000,
    150,
  );
  const [g0, g1] = span(
    stars.map((star) => value(star, 'logg')),
    -0.5,
    5.5,
    0.2,
  );
  const x = axis('T_eff (K)', t1, t0, 6);
  const y = axis('log g (dex)', g1, g0, 6);
  const shown = good.map((star) => ({
    x: value(star, 'teff'),
    y: value(star, 'logg'),
    colour: fehColour(value(star, 'feh')),
    title: `${star.file}: ${value(star, 'teff').toFixed(0)} K, ${value(star, 'logg').toFixed(2)}, [Fe/H] ${value(star, 'feh').toFixed(2)}`,
  }));
  const spoilt = stars
    .filter(({ quality }) => quality === 2)
    .filter((star) => within(x, value(star, 'teff')) && within(y, value(star, 'logg')))
    .map(
      (star) =>
        `<circle cx="${xOf(box, x, value(star, 'teff')).toFixed(1)}" cy="${yOf(box, y, value(star, 'logg')).toFixed(1)}" r="3.5" fill="none" stroke="#8b929a"><title>${escape(star.file)}: spoilt</title></circle>`,
    );
  const numbered = outliers.flatMap(({ star }, i) => {
    const [teff, logg] = [value(star, 'teff'), value(star, 'logg')];
    if (!within(x, teff) || !within(y, logg)) return [];
    const [cx, cy] = [xOf(box, x, teff), yOf(box, y, logg)];
    return [
      `<circle cx="${cx.toFixed(1)}" cy="${cy.toFixed(1)}" r="7" fill="none" stroke="#c43c00"/>${text(cx + 8, cy - 5, String(i + 1), { size: 10, colour: '#c43c00' })}`,
    ];
  });
  return svg(720, 510, `Kiel diagram of ${String(stars.length)} stars`, [
    frame(box, x, y),
    ...spoilt,
    dots(box, x, y, shown, stars.length > TITLED ? 1.6 : 3),
    ...numbered,
    colourBar({ x: 640, y: 60, width: 14, height: 200 }),
  ]);
}

/** Measurements of an element that a plane needs, to be drawn. */
export const LEAST_MEASURED = 5;

const measuredOf = (stars: readonly ReportStar[], element: LabelName): readonly ReportStar[] =>
  stars.filter(({ labels, quality }) => quality < 2 && labels[element]?.doubtful === false && labels.feh?.doubtful === false);

/** How often each element is measured. */
export const measuredCounts = (stars: readonly ReportStar[]): readonly (readonly [LabelName, number])[] =>
  ELEMENTS.map((element) => [element, measuredOf(stars, element).length] as const);

/** [X/Fe] over [Fe/H] of one element, with a typical error. */
export function abundancePlane(stars: readonly ReportStar[], element: LabelName): string {
  const measured = measuredOf(stars, element);
  const box: Box = { x: 44, y: 22, width: 226, height: 138 };
  const x = axis(
    '[Fe/H]',
    ...span(
      measured.map(({ labels }) => labels.feh?.value ?? NaN),
      -3,
      1,
      0.1,
    ),
    4,
  );
  const [low, high] = span(
    measured.map(({ labels }) => labels[element]?.value ?? NaN),
    -1.5,
    1.5,
    0.1,
  );
  const y = axis('', Math.min(low, -0.3), Math.max(high, 0.5), 4);
  const zero = within(y, 0)
    ? `<path d="M${String(box.x)} ${yOf(box, y, 0).toFixed(1)}h${String(box.width)}" stroke="#d0d4d9" stroke-dasharray="3 3"/>`
    : '';
  const sigma = median(measured.map(({ labels }) => labels[element]?.sigma ?? NaN));
  const unit = Math.abs(yOf(box, y, 0) - yOf(box, y, sigma));
  const errorAt = [box.x + box.width - 10, box.y + box.height - 8 - unit] as const;
  const error = `<path d="M${String(errorAt[0])} ${(errorAt[1] - unit).toFixed(1)}v${(2 * unit).toFixed(1)}m-3 0h6m-6 ${(-2 * unit).toFixed(1)}h6" stroke="${INK}" fill="none"><title>median error ${sigma.toFixed(2)} dex</title></path>`;
  const shown = measured.map((star) => ({
    x: star.labels.feh?.value ?? NaN,
    y: star.labels[element]?.value ?? NaN,
    colour: (star.labels.logg?.value ?? 5) < 3.8 ? '#b5522a' : '#2c728e',
    title: `${nameOf(star)}: ${labelTitle(element)} ${(star.labels[element]?.value ?? NaN).toFixed(2)}`,
  }));
  return svg(280, 206, `${labelTitle(element)} over [Fe/H]`, [
    frame(box, x, y, 11),
    text(box.x, 14, labelTitle(element), { size: 13, weight: 600 }),
    text(box.x + box.width, 14, `${String(measured.length)} of ${String(stars.length)} measured`, {
      size: 10,
      anchor: 'end',
      colour: '#5c636b',
    }),
    zero,
    dots(box, x, y, shown, 2.2),
    error,
  ]);
}

const LOG_TICKS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/** σ of a label over S/N, both on logarithmic axes, with the running median. */
export function sigmaPlot(stars: readonly ReportStar[], name: LabelName, unit: string): string {
  const box: Box = { x: 54, y: 22, width: 266, height: 168 };
  const points = stars
    .flatMap((star) => {
      const label = star.labels[name];
      return label === undefined || star.quality > 1 || !(label.sigma > 0) || !(star.snr > 0)
        ? []
        : [{ star, x: Math.log10(star.snr), y: Math.log10(label.sigma), doubtful: label.doubtful }];
    })
    .sort((a, b) => a.x - b.x);
  const [x0, x1] = span(
    points.map(({ x }) => x),
    0,
    3.2,
    0.08,
  );
  const [y0, y1] = span(
    points.map(({ y }) => y),
    -4,
    4,
    0.1,
  );
  const ticksIn = (from: number, to: number, values: readonly number[]) =>
    values.map(Math.log10).filter((value) => value >= from && value <= to);
  const decades = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, ...LOG_TICKS];
  const x: Axis = { title: '', from: x0, to: x1, ticks: [] };
  const y: Axis = { title: '', from: y0, to: y1, ticks: [] };
  const numbers = [
    ...ticksIn(x0, x1, LOG_TICKS).map((at) =>
      text(xOf(box, x, at), box.y + box.height + 16, String(Number((10 ** at).toPrecision(2))), { size: 11, anchor: 'middle' }),
    ),
    ...ticksIn(y0, y1, decades).map((at) =>
      text(box.x - 6, yOf(box, y, at) + 4, String(Number((10 ** at).toPrecision(2))), { size: 11, anchor: 'end' }),
    ),
  ];
  const size = Math.max(5, Math.ceil(points.length / 12));
  const medians = Array.from({ length: Math.floor(points.length / size) }, (_, i) => points.slice(i * size, (i + 1) * size)).map(
    (group) => `${xOf(box, x, median(group.map((one) => one.x))).toFixed(1)} ${yOf(box, y, median(group.map((one) => one.y))).toFixed(1)}`,
  );
  return svg(330, 232, `error of ${labelTitle(name)} over signal to noise`, [
    frame(box, x, y, 11),
    ...numbers,
    text(box.x, 14, `σ of ${labelTitle(name)} (${unit})`, { size: 13, weight: 600 }),
    text(box.x + box.width / 2, box.y + box.height + 34, 'S/N per pixel', { size: 12, anchor: 'middle' }),
    dots(
      box,
      x,
      y,
      points.map((one) => ({ x: one.x, y: one.y, colour: one.doubtful ? '#b8bec5' : '#2c728e', title: nameOf(one.star) })),
      2.2,
    ),
    medians.length < 2 ? '' : `<path d="M${medians.join('L')}" fill="none" stroke="#c43c00" stroke-width="1.6"/>`,
  ]);
}

/** Histogram of velocity minus the pipeline's: in km/s or in σ about the median. */
export function velocityHistogram(values: readonly number[], title: string, half: number): string {
  const box: Box = { x: 40, y: 22, width: 280, height: 158 };
  const bins = 25;
  const counts = Array.from({ length: bins }, () => 0);
  for (const value of values) {
    const bin = Math.floor(((value + half) / (2 * half)) * bins);
    if (bin >= 0 && bin < bins) counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const x = axis(title, -half, half, 5);
  const y = axis('', 0, 1.1 * Math.max(1, ...counts), 4);
  const beyond = values.filter((value) => Math.abs(value) > half).length;
  return svg(330, 232, title, [
    bars(box, x, y, -half, half, counts, '#2c728e'),
    frame(box, x, y, 11),
    text(box.x + box.width, 14, `${String(values.length)} stars, ${String(beyond)} beyond the axis`, {
      size: 11,
      anchor: 'end',
      colour: '#5c636b',
    }),
  ]);
}
