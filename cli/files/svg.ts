/** Panels of a figure as SVG: axes, points, bars and a matrix of colours. Lengths in px. */

export interface Axis {
  readonly title: string;
  /** Values at the left (bottom) and right (top) end: descending where astronomers draw it so. */
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
}
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
export interface Points {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly colour: string;
}

export const INK = '#1f2328';
const FAINT = '#8b929a';
const fixed = (value: number): string => String(Number(value.toFixed(1)));
const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

interface TextStyle {
  readonly size?: number;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly colour?: string;
  readonly weight?: number;
  readonly rotate?: number;
}

/** A line of text; `T_eff` and `v_mic` get their subscripts. */
export function text(
  x: number,
  y: number,
  content: string,
  { size = 12, anchor = 'start', colour = INK, weight = 400, rotate = 0 }: TextStyle = {},
): string {
  const turn = rotate === 0 ? '' : ` transform="rotate(${String(rotate)} ${fixed(x)} ${fixed(y)})"`;
  const down = (size * 0.25).toFixed(1);
  const [head = '', subscript, tail = ''] = escape(content).split(/_(eff|mic)/);
  const words =
    subscript === undefined
      ? head
      : `${head}<tspan dy="${down}" font-size="${fixed(size * 0.75)}">${subscript}</tspan><tspan dy="-${down}">${tail}</tspan>`;
  return `<text x="${fixed(x)}" y="${fixed(y)}" font-size="${String(size)}" text-anchor="${anchor}" fill="${colour}" font-weight="${String(weight)}"${turn}>${words}</text>`;
}

/** Round numbers inside a range, about `about` of them. */
export function niceTicks(low: number, high: number, about: number): number[] {
  const raw = (high - low) / about;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 2.5, 5, 10].find((m) => m * power >= raw) ?? 10) * power;
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(10)));
}

export function axis(title: string, from: number, to: number, about = 5): Axis {
  return { title, from, to, ticks: niceTicks(Math.min(from, to), Math.max(from, to), about) };
}

const along = ({ from, to }: Axis, value: number): number => (value - from) / (to - from);
export const xOf = (box: Box, a: Axis, value: number): number => box.x + along(a, value) * box.width;
export const yOf = (box: Box, a: Axis, value: number): number => box.y + (1 - along(a, value)) * box.height;
const tickText = (value: number): string => String(value).replace('-', '−');

/** The frame with its ticks, numbers and titles. */
export function frame(box: Box, x: Axis, y: Axis | null, size = 12): string {
  const bottom = box.y + box.height;
  const xTicks = x.ticks.map((value) => {
    const at = xOf(box, x, value);
    return `<path d="M${fixed(at)} ${fixed(bottom)}v4" stroke="${FAINT}"/>${text(at, bottom + 5 + size, tickText(value), { size, anchor: 'middle' })}`;
  });
  const yTicks = (y?.ticks ?? []).map((value) => {
    const at = y === null ? 0 : yOf(box, y, value);
    return `<path d="M${fixed(box.x)} ${fixed(at)}h-4" stroke="${FAINT}"/>${text(box.x - 7, at + size * 0.35, tickText(value), { size, anchor: 'end' })}`;
  });
  const titles = [
    x.title === '' ? '' : text(box.x + box.width / 2, bottom + 10 + 2.3 * size, x.title, { size: size + 1, anchor: 'middle' }),
    y === null || y.title === ''
      ? ''
      : text(box.x - 14 - 2.2 * size, box.y + box.height / 2, y.title, { size: size + 1, anchor: 'middle', rotate: -90 }),
  ];
  const outline = `<rect x="${fixed(box.x)}" y="${fixed(box.y)}" width="${fixed(box.width)}" height="${fixed(box.height)}" fill="none" stroke="${FAINT}"/>`;
  return [outline, ...xTicks, ...yTicks, ...titles].join('');
}

/** Dots, one path per colour. */
export function dots(box: Box, x: Axis, y: Axis, groups: readonly Points[], diameter: number): string {
  return groups
    .map(({ x: xs, y: ys, colour }) => {
      const path = xs.map((value, i) => `M${fixed(xOf(box, x, value))} ${fixed(yOf(box, y, ys[i] ?? NaN))}h0`).join('');
      return `<path d="${path}" stroke="${colour}" stroke-width="${String(diameter)}" stroke-linecap="round" stroke-opacity="0.75" fill="none"/>`;
    })
    .join('');
}

export function bars(box: Box, x: Axis, y: Axis, from: number, to: number, counts: readonly number[], colour: string): string {
  const step = (to - from) / counts.length;
  return counts
    .map((count, i) => {
      const ends = [xOf(box, x, from + i * step), xOf(box, x, from + (i + 1) * step)];
      const [left, right] = [Math.min(...ends), Math.max(...ends)];
      const top = yOf(box, y, count);
      return `<rect x="${fixed(left)}" y="${fixed(top)}" width="${fixed(right - left)}" height="${fixed(box.y + box.height - top)}" fill="${colour}"/>`;
    })
    .join('');
}

/** White at 0, blue to −1, red to +1; weak values show a little more than in proportion. */
export function signedColour(value: number): string {
  const strength = Math.min(Math.abs(value), 1) ** 0.7;
  const [r, g, b] = value < 0 ? [0, 90, 178] : [200, 60, 0];
  const mixed = [r, g, b].map((c) => Math.round(255 + strength * (c - 255)));
  return `rgb(${mixed.join()})`;
}

/** Viridis (van der Walt & Smith 2015) at 0 … 1, by nine of its colours. */
const VIRIDIS = ['#440154', '#472d7b', '#3b528b', '#2c728e', '#21918c', '#28ae80', '#5ec962', '#addc30', '#e5cc1f'];
export const COLOURS = VIRIDIS.length;
export const colourOf = (group: number): string => VIRIDIS[Math.min(Math.max(group, 0), COLOURS - 1)] ?? INK;

export function document(width: number, height: number, parts: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${String(width)}" height="${String(height)}" viewBox="0 0 ${String(width)} ${String(height)}" font-family="Helvetica, Arial, sans-serif"><rect width="100%" height="100%" fill="#fff"/>${parts.join('\n')}</svg>\n`;
}
