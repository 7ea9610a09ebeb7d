import { describe, expect, it } from 'vitest';
import { randomStream } from '../math/random.ts';
import { cornerFigure } from './cornerFigure.ts';
import { correlationFigure, pairOf } from './correlationFigure.ts';
import type { CornerLabel } from './cornerFigure.ts';
import { CELLS, centresOf, density1d, density2d, gridOver, levelHolding } from './density.ts';
import { palettes } from './palette.ts';
import { traceFigure } from './traceFigure.ts';

const random = randomStream(3);
const x = Float64Array.from({ length: 20_000 }, () => 5800 + 40 * random.normal());
const y = x.map((value) => 4 + 0.1 * ((0.6 * (value - 5800)) / 40 + 0.8 * random.normal()));
const labels: CornerLabel[] = [
  { name: 'teff', draws: x, quantiles: [5760, 5800, 5840], truth: 5810 },
  { name: 'logg', draws: y, quantiles: [3.9, 4, 4.1], truth: 4.05 },
  { name: 'Mg', draws: y.map((value) => value - 4), quantiles: [-0.1, 0, 0.1], truth: null },
];

describe('densities of draws', () => {
  it('are those of the Gaussian they come from, and sum to one', () => {
    const grid = gridOver(x);
    const density = density1d(x, grid);
    expect(density.reduce((a, b) => a + b)).toBeCloseTo(1, 2);
    centresOf(grid).forEach((centre, i) => {
      const exact = (grid.step / (40 * Math.sqrt(2 * Math.PI))) * Math.exp(-0.5 * ((centre - 5800) / 40) ** 2);
      expect(Math.abs((density[i] ?? NaN) - exact)).toBeLessThan(0.006);
    });
  });

  it('in two dimensions the level of 39 % runs along the one-σ ellipse', () => {
    const [gx, gy] = [gridOver(x), gridOver(y)];
    const cells = density2d(x, y, gx, gy);
    const level = levelHolding(cells, 0.393);
    const [cx, cy] = [centresOf(gx), centresOf(gy)];
    cells.forEach((row, j) => {
      row.forEach((value, i) => {
        const [a, b] = [((cx[i] ?? 0) - 5800) / 40, ((cy[j] ?? 0) - 4) / 0.1];
        const radius = Math.sqrt((a * a - 1.2 * a * b + b * b) / 0.64);
        if (radius < 0.8) expect(value).toBeGreaterThan(level);
        if (radius > 1.25) expect(value).toBeLessThan(level);
      });
    });
  });

  it('of draws that are all equal are finite', () => {
    const still = new Float64Array(10).fill(4);
    const density = density1d(still, gridOver(still));
    expect(density.every(Number.isFinite)).toBe(true);
    expect(density.reduce((a, b) => a + b)).toBeCloseTo(1, 6);
  });
});

describe('cornerFigure', () => {
  const { data, layout } = cornerFigure(labels, palettes.light);
  const named = (name: string) => data.find((trace) => trace.name === name);

  it('has a contour of two levels for every pair, with the column across and the row up', () => {
    const contours = data.filter((trace) => trace.type === 'contour');
    expect(contours.map(({ name }) => name)).toEqual(['logg against teff', 'Mg against teff', 'Mg against logg']);
    const grids = contours.map((trace) => ('contours' in trace ? trace : null));
    expect(grids[0]?.z).toHaveLength(CELLS);
    const levels = grids[0]?.contours;
    expect((levels?.start ?? 0) + (levels?.size ?? 0)).toBeCloseTo(levels?.end ?? NaN, 12);
    expect(named('logg against teff')).toMatchObject({ xaxis: 'x2', yaxis: 'y2', x: centresOf(gridOver(x)) });
  });

  it('marks quantiles, and the truth where it is known', () => {
    expect(named('50 % of teff')).toMatchObject({ x: [5800, 5800] });
    expect(named('truth of logg')).toMatchObject({ x: [4.05, 4.05] });
    expect(named('truth of Mg')).toBeUndefined();
  });

  it('names the outer axes, with units, and lays panels side by side', () => {
    const axes = new Map(Object.entries(layout));
    expect(axes.get('xaxis4')).toMatchObject({ title: { text: 'T<sub>eff</sub> (K)' }, anchor: 'y4' });
    expect(axes.get('yaxis4')).toMatchObject({ title: { text: '[Mg/Fe]' } });
    expect(axes.get('xaxis')).toMatchObject({ title: { text: '' }, showticklabels: false });
    expect(axes.get('xaxis2')).toMatchObject({ domain: [0.006, 1 / 3 - 0.006] });
  });
});

describe('correlationFigure', () => {
  const matrix = [
    [1, -0.4],
    [-0.4, 1],
  ];
  const { data, layout } = correlationFigure(['teff', 'Mg'], matrix, palettes.light, 'xh');

  it('has a cell for every pair, that says its labels to people and to a click', () => {
    expect(data[0]).toMatchObject({ type: 'heatmap', z: matrix, y: ['T<sub>eff</sub>', '[Mg/H]'], zmin: -1, zmax: 1 });
    const keys = data[0]?.customdata as unknown as readonly (readonly string[])[];
    expect(pairOf(keys[0]?.[1] ?? '')).toEqual(['teff', 'Mg']);
    expect(layout.xaxis?.title?.text).toBe('elements as [X/H]');
  });
  it('leaves empty what is not known', () => {
    expect(correlationFigure(['teff'], [[NaN]], palettes.dark).data[0]).toMatchObject({ z: [[null]] });
  });
});

describe('traceFigure', () => {
  const traces = [
    { label: 'teff', chains: [Float64Array.of(1, 2, 3), Float64Array.of(3, 2, 1)] },
    { label: 'feh', chains: [Float64Array.of(0, 0.1, 0), Float64Array.of(0.1, 0, 0)] },
  ];

  it('draws every chain of every label over one axis of draws', () => {
    const { data, layout } = traceFigure(traces, palettes.dark);
    expect(data.map(({ name }) => name)).toEqual(['teff, chain 1', 'teff, chain 2', 'feh, chain 1', 'feh, chain 2']);
    expect(data.map(({ yaxis }) => yaxis)).toEqual(['y', 'y', 'y2', 'y2']);
    expect(data[3]).toMatchObject({ y: Float64Array.of(0.1, 0, 0) });
    expect(layout.xaxis).toMatchObject({ anchor: 'y2' });
    expect(layout.yaxis?.title?.text).toBe('T<sub>eff</sub> (K)');
  });

  it('is empty, not broken, before the first draw', () => {
    expect(traceFigure([], palettes.light).data).toEqual([]);
  });
});
