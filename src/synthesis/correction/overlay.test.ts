import { describe, expect, it } from 'vitest';
import type { NpyArray } from '../../io/npz.ts';
import { failureOf, valueOf } from '../../testing/result.ts';
import { physicalLines } from './lineGroups.ts';
import { applyOverlay, formatOverlay, parseOverlay, type Overlay } from './overlay.ts';

const numbers = (...data: number[]): NpyArray => ({ shape: [data.length], data: Float64Array.from(data) });
const words = (...text: string[]): NpyArray => ({ shape: [text.length], data: new Float64Array(0), text });
/** Three components of one Co I line, two isotopes of a Ba II line, a plain Fe I line beside an unrelated one, and a CH line. */
const list = new Map<string, NpyArray>([
  ['wave', numbers(4120.206, 4120.221, 4120.244, 4554.034, 4554.001, 4500.1, 4500.15, 4300.3)],
  ['species', words('27.0059', '27.0059', '27.0059', '56.1138', '56.1137', '26.0', '26.0', '106.00112')],
  ['ep', numbers(2.079, 2.079, 2.079, 0, 0, 3.2, 4.1, 0.5)],
  ['loggf', numbers(-8.2, -8, -7.8, 0.17, -0.64, -2, -3, -1.5)],
  ['ref', words('KURHFS', 'KURHFS', 'KURHFS', 'GALLAG', 'GALLAG', 'VALD', '', 'AX10R255')],
  ['abo_loggam', numbers(NaN, NaN, NaN, -7.6, -7.6, -7.5, NaN, NaN)],
  ['abo_alpha', numbers(NaN, NaN, NaN, 0.3, 0.3, 0.25, NaN, NaN)],
  ['gamrad', numbers(0, 0, 0, 0, 0, 0, 0, 0)],
  ['d0', numbers(0, 0, 0, 0, 0, 0, 0, 3.47)],
]);

describe('physical lines', () => {
  it('join hyperfine and isotopic components, and nothing else', () => {
    expect(physicalLines(list).map((l) => l.rows)).toEqual([[0, 1, 2], [7], [5], [6], [3, 4]]);
  });

  it('know what was measured: laboratory, computed, molecule', () => {
    expect(physicalLines(list).map((l) => l.provenance)).toEqual(['uncurated', 'molecule', 'uncurated', 'uncurated', 'laboratory']);
  });

  it('sum their components', () => {
    expect(physicalLines(list)[0]?.loggf).toBeCloseTo(Math.log10(10 ** -8.2 + 10 ** -8 + 10 ** -7.8), 12);
  });
});

const sha256 = 'a'.repeat(64);
const overlay: Overlay = {
  list: 'lines/toy.npz',
  sha256,
  stars: { A: 'Sun', B: 'delta Eri' },
  lines: [
    {
      rows: [0, 1, 2],
      species: '27.0',
      wavelength: 4120.23,
      excitation: 2.079,
      loggf: -7.5,
      delta: -0.4,
      sigma: 0.05,
      damping: null,
      reason: 'uncurated',
      stars: 'A',
    },
    {
      rows: [5],
      species: '26.0',
      wavelength: 4500.1,
      excitation: 3.2,
      loggf: -2,
      delta: 0.1,
      sigma: 0.02,
      damping: 0.06,
      reason: 'uncurated',
      stars: 'AB',
    },
    {
      rows: [],
      species: '26.0',
      wavelength: 4501,
      excitation: 3.8,
      loggf: -1.25,
      delta: 0.25,
      sigma: 0.1,
      damping: null,
      reason: 'added',
      stars: 'A',
    },
  ],
};

describe('an overlay', () => {
  it('is read as it was written', () => {
    expect(valueOf(parseOverlay(formatOverlay(overlay)))).toEqual(overlay);
  });

  it('moves all components of a line together, its width where it says so, and adds lines at the end', () => {
    const out = valueOf(applyOverlay(list, sha256, overlay));
    const loggf = [...(out.get('loggf')?.data ?? [])];
    expect(loggf.slice(0, 3)).toEqual([-8.6, -8.4, -8.2].map((x) => expect.closeTo(x, 12) as number));
    expect(loggf.slice(3)).toEqual([0.17, -0.64, -1.9, -3, -1.5, -1]);
    expect(out.get('abo_loggam')?.data[5]).toBeCloseTo(-7.44, 12);
    expect(out.get('species')?.text?.[8]).toBe('26.0');
    for (const [name, array] of out) expect(array.shape, name).toEqual([9]);
    // the list itself is as it was
    expect(list.get('loggf')?.data[0]).toBe(-8.2);
  });

  it('is refused for another list, by name', () => {
    expect(failureOf(applyOverlay(list, 'b'.repeat(64), overlay)).code).toBe('OVERLAY_OTHER_LIST');
  });

  it('is refused where a row is not in the list', () => {
    const beyond = { ...overlay, lines: overlay.lines.map((line) => ({ ...line, rows: [80] })) };
    expect(failureOf(applyOverlay(list, sha256, beyond)).message).toContain('row 80');
  });

  it.each([
    ['no hash', (text: string) => text.replace(/# sha256.*\n/, '')],
    ['other columns', (text: string) => text.replace(',delta,', ',change,')],
    ['a word for a number', (text: string) => text.replace('-0.400', 'minus')],
    ['an unknown reason', (text: string) => text.replace(',added,', ',guessed,')],
    ['a row cut short', (text: string) => text.slice(0, -20)],
  ])('with %s is not understood, and says so', (_, damage) => {
    expect(failureOf(parseOverlay(damage(formatOverlay(overlay)))).code).toBe('OVERLAY_UNREADABLE');
  });
});
