/** Which lines touch which block of the grid. */
import { lowerBound } from '../../math/lowerBound.ts';
import type { LineContext, LnGrid } from './lineContext.ts';

/** Ranges of lines that can touch a block: the near ones by position, and the few with long wings by list. */
export interface LineIndex {
  readonly position: Float64Array;
  readonly wide: readonly { readonly line: number; readonly first: number; readonly last: number }[];
}
/** A window longer than this many steps makes a line `wide`. */
const NEAR = 400;

export function indexLines(context: LineContext, grid: LnGrid): LineIndex {
  const position = context.lines.wavelength.map((w) => (Math.log(w) - grid.lnStart) / grid.lnStep);
  const wide: { line: number; first: number; last: number }[] = [];
  for (let line = 0; line < context.lines.count; line++) {
    const reach = context.reach[line];
    const centre = position[line];
    if (reach > NEAR) wide.push({ line, first: centre - reach, last: centre + reach });
  }
  return { position, wide };
}

/** Line numbers as [from, to) runs that may add to points start … start + count. */
export function linesOfBlock(index: LineIndex, start: number, count: number): readonly (readonly [number, number])[] {
  const from = lowerBound(index.position, start - NEAR);
  const to = lowerBound(index.position, start + count + NEAR);
  const runs: (readonly [number, number])[] = [[from, to]];
  for (const { line, first, last } of index.wide)
    if (first < start + count && last >= start && (line < from || line >= to)) runs.push([line, line + 1]);
  return runs;
}
