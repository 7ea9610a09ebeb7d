import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { describeWithShared } from '../testing/shared.ts';
import { valueOf } from '../testing/result.ts';
import { atomicNumber } from './tables/elements.ts';
import { composition, solveEquationOfState } from './structure/eos.ts';
import { createSynthesizer } from './synthesize.ts';
import { drawLabels, elementRange, lowestLogg, PARAMETER_RANGES, REGION } from './draw.ts';
import { ELEMENTS } from '../domain/labels.ts';
import { emergentFlux, fluxGradient, opticalDepthWeights, transferWork } from './transfer/transfer.ts';
import { expint3, expint4 } from './transfer/exponentialIntegral.ts';
import { interpolateAtmosphere } from './structure/atmosphere.ts';
import { loadTables, type PhysicsTables } from './tables/tables.ts';
import { readNpz, toFloat16, writeNpz } from '../io/npz.ts';

describe('exponential integrals', () => {
  // Abramowitz & Stegun (1964), table 5.4
  it.each([
    [0, 0.5, 1 / 3],
    [0.5, 0.221_604_4, 0.165_242_8],
    [1, 0.109_691_97, 0.086_062_49],
    [2, 0.030_133_38, 0.025_022_84],
  ])('at τ = %f', (tau, e3, e4) => {
    expect(expint3(tau)).toBeCloseTo(e3, 6);
    expect(expint4(tau)).toBeCloseTo(e4, 6);
  });
});

/** A grey atmosphere of constant opacity: τ = ρx. */
function grey(count: number, layers: number, opacity: (layer: number) => number) {
  const rhox = Float64Array.from({ length: layers }, (_, k) => 10 ** (-5 + (7 * k) / (layers - 1)));
  const density = new Float64Array(layers).fill(1);
  const fill = (f: (k: number) => number) => Float64Array.from({ length: layers * count }, (_, i) => f(Math.floor(i / count)));
  const block = {
    count,
    layers,
    absorption: fill(opacity),
    scattering: fill(() => 0),
    planck: fill((k) => 1 + 1.5 * rhox[k]),
    meanIntensity: fill(() => 0),
  };
  return { rhox, density, block, weights: opticalDepthWeights(rhox, density) };
}

describe('transfer', () => {
  it('gives Eddington–Barbier: S = a + bτ emits π(a + 2b/3)', () => {
    const { rhox, block, weights } = grey(2, 72, () => 1);
    const flux = new Float64Array(2);
    emergentFlux(block, weights, rhox[0], 1, transferWork(72, 2), flux);
    expect(flux[0] / (Math.PI * 2)).toBeCloseTo(1, 3);
  });
  it('has the gradient of its own flux', () => {
    const { rhox, block, weights } = grey(1, 40, (k) => 1 + 0.3 * Math.sin(k));
    const flux = new Float64Array(1);
    const work = transferWork(40, 1);
    emergentFlux(block, weights, rhox[0], 1, work, flux);
    const [gradient, scattering] = [new Float64Array(40), new Float64Array(40)];
    fluxGradient(block, weights, rhox[0], 1, work, gradient, scattering);
    const base = flux[0];
    for (const layer of [5, 20, 26, 30, 35]) {
      const absorption = block.absorption.slice();
      const step = 1e-5 * absorption[layer];
      absorption[layer] += step;
      emergentFlux({ ...block, absorption }, weights, rhox[0], 1, transferWork(40, 1), flux);
      expect((flux[0] - base) / step).toBeCloseTo(gradient[layer], 4);
    }
  });
});

describe('training labels', () => {
  it('stay in the box, and a star of an index does not depend on the others', () => {
    for (let i = 0; i < 300; i++) {
      const labels = drawLabels(1, i);
      for (const name of ['teff', 'logg', 'vmic', 'feh'] as const) {
        expect(labels[name]).toBeGreaterThanOrEqual(PARAMETER_RANGES[name][0]);
        expect(labels[name]).toBeLessThanOrEqual(PARAMETER_RANGES[name][1]);
      }
      expect((labels.xfe.C ?? 0) - (labels.xfe.O ?? 0)).toBeLessThanOrEqual(REGION.mostCarbonOverOxygen);
      expect(labels.logg).toBeGreaterThanOrEqual(lowestLogg(labels.teff) - 1e-12);
      for (const x of ELEMENTS) {
        expect(labels.xfe[x]).toBeGreaterThanOrEqual(elementRange(x)[0]);
        expect(labels.xfe[x]).toBeLessThanOrEqual(elementRange(x)[1]);
      }
    }
    expect(drawLabels(1, 7)).toEqual(drawLabels(1, 7));
    expect(drawLabels(1, 7)).not.toEqual(drawLabels(2, 7));
  });
});

describe('npz', () => {
  it('reads what it writes', () => {
    const back = readNpz(
      writeNpz({
        a: { dtype: '<f8', shape: [2, 2], data: Float64Array.of(1, 2, 3, 4) },
        b: { dtype: '<i4', shape: [1], data: Int32Array.of(-7) },
        c: { dtype: '<f2', shape: [5], data: Uint16Array.from([-2, 0.5, 65504, 2 ** -24, 2 ** -15], toFloat16) },
      }),
    );
    expect(back.get('c')?.data).toEqual(Float64Array.of(-2, 0.5, 65504, 2 ** -24, 2 ** -15));
    expect(back.get('a')).toMatchObject({ shape: [2, 2], data: Float64Array.of(1, 2, 3, 4) });
    expect(back.get('b')?.data[0]).toBe(-7);
  });
  it.each([
    [1, 0x3c00],
    [-2, 0xc000],
    [0.1, 0x2e66],
    [65504, 0x7bff],
    [1e9, 0x7c00],
    [2 ** -24, 1],
    [0, 0],
  ])('%f as float16', (value, bits) => {
    expect(toFloat16(value)).toBe(bits);
  });
});

describeWithShared('equation of state and labels', (shared) => {
  let tables: PhysicsTables;
  beforeAll(() => {
    tables = valueOf(loadTables((path) => readFileSync(join(shared, 'physics', path))));
  }, 60_000);

  it("finds the grid's electron densities within 15 % where lines form", () => {
    for (const [teff, logg] of [
      [5777, 4.44],
      [4500, 2],
      [6500, 4],
    ] as const) {
      const atmosphere = valueOf(interpolateAtmosphere(tables.atmospheres, teff, logg, 0, 0));
      const solved = valueOf(solveEquationOfState(tables.eos, atmosphere, composition(0, new Map())));
      for (let layer = 16; layer < 64; layer++)
        expect(Math.abs(Math.log(solved.electrons[layer] / atmosphere.electronDensity[layer]))).toBeLessThan(0.15);
    }
  });

  it('raises oxygen and CH weakens', () => {
    const atmosphere = valueOf(interpolateAtmosphere(tables.atmospheres, 4500, 2, 0, 0));
    const ch = tables.eos.molecules.findIndex((m) => m.name === 'CH');
    const at = (o: number): number =>
      valueOf(solveEquationOfState(tables.eos, atmosphere, composition(0, new Map([[atomicNumber('O'), o]])))).molecules[ch * 72 + 40];
    expect(at(0.2)).toBeLessThan(0.85 * at(0));
  });

  it('names the label that leaves the grid, and the range', () => {
    const synthesize = createSynthesizer(tables, { derivatives: false });
    const hot = synthesize({ teff: 12_000, logg: 4, vmic: 1, feh: 0, xfe: {} });
    expect(hot.ok ? '' : hot.failure.code).toBe('LABEL_OUT_OF_GRID');
    expect(hot.ok ? '' : hot.failure.message).toContain('teff = 12000');
  });

  it('says which table is missing', { timeout: 60_000 }, () => {
    const broken = loadTables((path) => {
      if (path.includes('stehle')) throw new Error('no such file');
      return readFileSync(join(shared, 'physics', path));
    });
    expect(broken.ok ? '' : broken.failure.message).toContain('stehle_hutcheon_1999.npz');
  });
});
