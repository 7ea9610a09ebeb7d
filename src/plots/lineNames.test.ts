import { expect, it } from 'vitest';
import type { LineTable } from '../domain/lineTable.ts';
import { derivativeFigure, type DerivativePlot } from './derivativeFigure.ts';
import { palettes } from './palette.ts';
import { spectrumFigure, type SpectrumPlot } from './spectrumFigure.ts';
import { contributorsAt, contributorsText, elementsOfSpecies, namesInView, nearestStar, type LinesOfStar } from './lineNames.ts';

const ROWS = [
  ['CH', 4304.9, 68, 860],
  ['Fe I', 5268.02, 38, 270],
  ['Fe I', 5271.0, 56, 510],
  ['Ca I', 5271.74, 13, 110],
  ['Fe I', 5271.82, 23, 190],
  ['Eu II', 5272.0, 0, 3],
  ['H I', 6564.61, 78, 3200],
] as const;
const species = ['CH', 'Ca I', 'Eu II', 'Fe I', 'H I'];
const table: LineTable = {
  ...{ software: 'test', command: 'test', list: { name: 'test', citation: '', sha256: {} }, resolvingPower: 1800, species },
  stars: [
    { title: 'Sun', teff: 5772, logg: 4.44, vmic: 1, feh: 0, alpha: 0 },
    { title: 'poor giant', teff: 4800, logg: 1.8, vmic: 1.7, feh: -2, alpha: 0.4 },
  ],
  wavelength: Float64Array.from(ROWS, (row) => row[1]),
  speciesOf: Uint8Array.from(ROWS, (row) => species.indexOf(row[0])),
  share: [Uint8Array.from(ROWS, (row) => row[2]), new Uint8Array(ROWS.length)],
  width: [Float64Array.from(ROWS, (row) => row[3]), new Float64Array(ROWS.length)],
};
const lines: LinesOfStar = { table, star: 0 };

it('finds the typical star that labels are most like', () => {
  expect(nearestStar(table, { teff: 6000, logg: 4, feh: -0.3 })).toBe(0);
  expect(nearestStar(table, { teff: 5000, logg: 2.4, feh: -1.7 })).toBe(1);
});

it('knows the elements of atoms and molecules', () => {
  expect(['Fe I', 'CN', 'CH', 'MgH', 'C2', 'H I'].map(elementsOfSpecies)).toEqual([['Fe'], ['C', 'N'], ['C'], ['Mg'], ['C'], ['H']]);
});

it('tells who contributes within one resolution element, the strongest first', () => {
  expect(contributorsAt(lines, 5271.1).map(({ wavelength }) => wavelength)).toEqual([5271, 5271.82, 5271.74, 5272]);
  expect(contributorsText(lines, 5271.1)).toBe('<br>Fe I 5271.0 (56 %)<br>Fe I 5271.8 (23 %)<br>Ca I 5271.7 (13 %)');
  expect(contributorsText(lines, 5400)).toBe('');
  // another star, where the table has nothing
  expect(contributorsText({ table, star: 1 }, 5271.1)).toBe('');
});

it('tells a line of the element that is asked for however weak it is, in bold', () => {
  expect(contributorsText(lines, 5271.1, 'Ca')).toContain('<b>Ca I 5271.7 (13 %)</b>');
  expect(contributorsText(lines, 5271.1, 'Eu')).toMatch(/<b>Eu II 5272\.0 \(< 1 %\)<\/b>$/);
  expect(contributorsAt(lines, 4305, 'C').map((line) => line.species)).toEqual(['CH']);
});

it('names keep apart by pixels, the strongest stay, and a closer look brings more', () => {
  const texts = (shown: readonly [number, number], pixels: number): string[] =>
    namesInView(lines, 1, shown, pixels).map(({ text }) => text);
  expect(texts([3700, 9100], 900)).toEqual(['CH 4305', 'Fe I 5271', 'H I 6565']);
  expect(texts([5260, 5280], 900)).toEqual(['Fe I 5268.0', 'Fe I 5271.0', 'Fe I 5271.8']);
  // a star that recedes: names stand where its lines are seen
  expect(namesInView(lines, 1.001, [5260, 5280], 900)[0]?.at).toBeCloseTo(5268.02 * 1.001, 6);
});

it('the spectrum tells them under the pointer, and over the flux when all are wanted, with room of their own', () => {
  const x = Float64Array.from({ length: 300 }, (_, i) => 5255 + i / 10);
  const flat = new Float64Array(300).fill(1);
  const plot: SpectrumPlot = {
    id: 'star',
    wavelength: x,
    frame: 'rest',
    flux: flat,
    ivar: flat,
    fluxUnit: 'none',
    model: null,
    modelSigma: null,
    continuum: null,
    residuals: null,
    residualUnit: 'everything',
    used: new Uint8Array(300).fill(1),
    stretches: [],
    clipped: null,
    shift: 1,
    showLines: false,
    window: null,
    lines,
  };
  const bare = spectrumFigure(plot, palettes.light);
  const data = bare.data.find(({ name }) => name === 'data');
  expect(data).toMatchObject({ hovertemplate: '%{y:.4~g}%{text}' });
  expect(data && 'text' in data ? data.text[160] : '').toContain('Fe I 5271.0 (56 %)');
  expect(bare.layout.annotations).toEqual([]);
  const all = spectrumFigure({ ...plot, nameAllLines: true }, palettes.light);
  expect(all.layout.annotations?.map(({ text }) => text)).toContain('Fe I 5271.0');
  const own = spectrumFigure({ ...plot, ownLines: { name: 'mine', lines: [{ wavelength: 5270, name: 'my line' }] } }, palettes.light);
  expect(own.layout.annotations).toMatchObject([{ text: 'my line', x: 5270 }]);
  expect(own.layout.shapes).toMatchObject([{ x0: 5270, x1: 5270 }]);
  expect(Number(all.layout.yaxis?.range?.[1])).toBeGreaterThan(Number(bare.layout.yaxis?.range?.[1]));
});

it('peaks of a derivative are named by the lines of its element, and by their wavelength where none is known', () => {
  const wavelength = Float64Array.from({ length: 4000 }, (_, i) => 5200 + i / 10);
  const bump = (at: number) => (x: number) => -Math.exp(-0.5 * (x - at) ** 2);
  const derivative = Float32Array.from(wavelength, (x) => bump(5271.1)(x) + 0.5 * bump(5450)(x));
  const plot: DerivativePlot = {
    label: 'Ca',
    frame: 'rest',
    wavelength,
    shift: 1,
    derivative,
    window: null,
    abinitio: null,
    carriers: null,
    width: 900,
  };
  const texts = (more: Partial<DerivativePlot>): (string | undefined)[] =>
    derivativeFigure({ ...plot, ...more }, palettes.light).layout.annotations?.map(({ text }) => text) ?? [];
  expect(texts({ lines }).sort()).toEqual(['5450', 'Ca I<br>5272']);
  expect(texts({ lines, label: 'feh' })).toContain('Fe I<br>5271');
  expect(texts({}).sort()).toEqual(['5271', '5450']);
});
