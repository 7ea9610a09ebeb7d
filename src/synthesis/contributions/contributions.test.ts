import { expect, it, vi } from 'vitest';
import { valueOf } from '../../testing/result.ts';
import { toyAtmosphere, toyTables, type ToyLine } from '../../testing/toyTables.ts';
import type { LnGrid } from '../opacity/lineContext.ts';
import { gridWavelengths } from '../native.ts';
import { computeSpectrum } from '../spectrum.ts';
import { prepareStar } from '../star.ts';
import { composition } from '../structure/eos.ts';
import { lineContributions, type Contribution } from './contributions.ts';
import { selectLines } from './selectLines.ts';

vi.setConfig({ testTimeout: 30_000 });

const lnStep = 1.5 / 299_792.458;
const grid: LnGrid = { lnStart: Math.log(5160), lnStep, count: Math.floor(Math.log(5197 / 5160) / lnStep) };

/** What lines contribute, and all that is absorbed between two wavelengths, mÅ. */
function absorbedBy(lines: readonly ToyLine[]): {
  readonly found: Contribution[];
  readonly absorbed: (from: number, to: number) => number;
} {
  const tables = toyTables(lines);
  const star = valueOf(prepareStar(tables, toyAtmosphere(5500, 4.2), composition(0, new Map()), 1.2, grid));
  const { flux, continuum } = computeSpectrum(tables, star, grid);
  const lambda = gridWavelengths(grid);
  const absorbed = (from: number, to: number): number =>
    lambda.reduce((sum, w, i) => sum + (w < from || w > to ? 0 : 1000 * (1 - (flux[i] ?? 1) / (continuum[i] ?? 1)) * w * lnStep), 0);
  const owner = Int32Array.from({ length: tables.lines.count }, (_, i) => i);
  return { found: lineContributions(tables, star, grid, owner, tables.lines.count), absorbed };
}

const STRONG: ToyLine = { wave: 5176, species: '12.0', ep: 2.71, loggf: -0.3 };
const WEAK: ToyLine = { wave: 5176.4, species: '26.0', ep: 4.2, loggf: -1 };

it('a line alone makes all of the depth, and its width is what is absorbed, however saturated it is', () => {
  const bare = absorbedBy([{ ...WEAK, loggf: -20 }]);
  const { found, absorbed } = absorbedBy([STRONG]);
  const [line] = found.filter(({ species }) => species === 'Mg I');
  expect(line?.wavelength).toBeCloseTo(5177.44, 1);
  expect(line?.share).toBeGreaterThan(0.95);
  const own = absorbed(5165, 5190) - bare.absorbed(5165, 5190);
  expect(own).toBeGreaterThan(300);
  expect(Math.abs((line?.width ?? 0) / own - 1)).toBeLessThan(0.05);
});

it('the parts of blended lines add up to what they absorb together, and the weaker one has the smaller', () => {
  const { found, absorbed } = absorbedBy([STRONG, WEAK]);
  const metals = found.filter(({ species }) => species !== 'H I');
  expect(metals.map(({ species }) => species).sort()).toEqual(['Fe I', 'Mg I']);
  const bare = absorbedBy([{ ...WEAK, loggf: -20 }]);
  const together = absorbed(5165, 5190) - bare.absorbed(5165, 5190);
  const sum = metals.reduce((total, { width }) => total + width, 0);
  expect(Math.abs(sum / together - 1)).toBeLessThan(0.05);
  const widthOf = (name: string): number => metals.find(({ species }) => species === name)?.width ?? NaN;
  expect(widthOf('Fe I')).toBeLessThan(0.3 * widthOf('Mg I'));
});

it('lines of a molecule within a resolution element are one band', () => {
  const band = [5186, 5186.3, 5186.6].map((wave): ToyLine => ({ wave, species: '106.00112', ep: 0.5, loggf: -1.2 }));
  const found = absorbedBy([STRONG, ...band]).found.filter(({ species }) => species === 'CH');
  expect(found.length).toBeGreaterThan(0);
  expect(found.length).toBeLessThan(3);
});

it('a table keeps what shows, and the widest lines of an element that has a label', () => {
  const line = (species: string, wavelength: number, width: number, share: number): Contribution => ({
    ...{ key: `${species} ${String(wavelength)}`, species, wavelength, width, share },
  });
  const table = selectLines([
    [line('Fe I', 5271.004, 512, 0.561), line('Fe I', 5000, 6, 0.2), line('Er II', 4000, 4, 0.01), line('Eu II', 4130.7, 3.14, 0.02)],
    [line('Fe I', 5271.004, 220, 0.45), line('Eu II', 4130.7, 1.2, 0.01)],
  ]);
  expect(table.species).toEqual(['Eu II', 'Fe I']);
  expect([...table.wavelength]).toEqual([4130.7, 5000, 5271]);
  expect(table.share.map((column) => [...column])).toEqual([
    [2, 20, 56],
    [1, 0, 45],
  ]);
  expect(table.width.map((column) => [...column])).toEqual([
    [3.1, 6, 510],
    [1.2, 0, 220],
  ]);
});
