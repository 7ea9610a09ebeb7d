/** Checks of tables as they are read: each throws with what was expected and what was found; `loadTables` makes failures of them. */
import type { NpyArray } from '../../io/npz.ts';

const shapeText = (shape: readonly (number | null)[]): string => `[${shape.map((n) => (n === null ? 'n' : String(n))).join(', ')}]`;

/** An array of an archive with the shape it must have (null: any length); throws what was expected and what was found. */
export function arrayOf(npz: ReadonlyMap<string, NpyArray>, name: string, shape: readonly (number | null)[]): NpyArray {
  const array = npz.get(name);
  if (!array) throw new Error(`expected an array '${name}' of shape ${shapeText(shape)}, found none`);
  if (array.shape.length !== shape.length || shape.some((n, i) => n !== null && n !== array.shape[i]))
    throw new Error(`expected '${name}' of shape ${shapeText(shape)}, found ${shapeText(array.shape)}`);
  return array;
}

/** Throws unless every value passes; says which one does not. */
export function check(name: string, values: ArrayLike<number>, what: string, good: (value: number) => boolean): void {
  for (let i = 0; i < values.length; i++)
    if (!good(values[i])) throw new Error(`expected ${what} in '${name}', found ${String(values[i])} at ${String(i)}`);
}
export const checkFinite = (name: string, values: ArrayLike<number>): void => {
  check(name, values, 'numbers', Number.isFinite);
};
export const checkPositive = (name: string, values: ArrayLike<number>): void => {
  check(name, values, 'positive numbers', (value) => value > 0 && value < Infinity);
};

/** Throws unless the numbers increase. */
export function checkIncreasing(name: string, values: ArrayLike<number>): void {
  for (let i = 1; i < values.length; i++)
    if (!(values[i] > values[i - 1]))
      throw new Error(`expected increasing numbers in ${name}, found ${String(values[i])} after ${String(values[i - 1])}`);
}

/** Throws unless so many were found. */
export function checkCount(what: string, expected: number, found: number): void {
  if (expected !== found) throw new Error(`expected ${String(expected)} ${what}, found ${String(found)}`);
}

/** The lines of a text table; throws where the last is not ended, since a file cut short may end in a number that is another. */
export function completeLines(text: string): string[] {
  const lines = text.split(/\r?\n/);
  const last = lines.pop() ?? '';
  if (last !== '') throw new Error(`expected a whole last line, found "${last.slice(-40)}" cut short`);
  if (lines.length === 0) throw new Error('expected a table, found an empty file');
  return lines;
}

/** Lines of numbers, `width` in each; comments (#) and empty lines are left out. */
export function numberRows(lines: readonly string[], width: number): number[][] {
  return lines
    .filter((line) => !line.startsWith('#') && line.trim() !== '')
    .map((line) => {
      const row = line.trim().split(/\s+/).map(Number);
      if (row.length !== width || !row.every(Number.isFinite))
        throw new Error(`expected ${String(width)} numbers, found "${line.trim().slice(0, 60)}"`);
      return row;
    });
}
