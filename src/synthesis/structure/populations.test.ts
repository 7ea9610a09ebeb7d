import { describe, expect, it } from 'vitest';
import type { EosTables } from '../tables/eosTables.ts';
import {
  atomOverPartition,
  hydrogenOverPartition,
  moleculeDensity,
  neutralHelium,
  neutralHydrogen,
  type Populations,
} from './populations.ts';

const layers = 2;
const pop: Populations = {
  layers,
  temperature: Float64Array.of(5000, 6000),
  electrons: new Float64Array(layers),
  hydrogen: new Float64Array(layers),
  density: new Float64Array(layers),
  atoms: Float64Array.from({ length: 9 * layers }, (_, i) => i),
  molecules: Float64Array.of(3, 4, 5, 6),
};

describe('names of populations', () => {
  it('read element, stage and layer', () => {
    expect(atomOverPartition(pop, 1, 0, 1)).toBe(7);
    expect(atomOverPartition(pop, 1, 1, 0)).toBe(8);
    expect(atomOverPartition(pop, 2, 0, 1)).toBe(13);
    expect([...hydrogenOverPartition(pop)]).toEqual([6, 7]);
  });

  it('hydrogen has two states in its ground level, helium one', () => {
    expect(neutralHydrogen(pop, 1)).toBe(14);
    expect(neutralHelium(pop, 0)).toBe(12);
  });

  it('a molecule is found by name, times its partition function', () => {
    const molecule = { name: 'H2', a: 1, b: 1, lnT: new Float64Array(0), log10K: new Float64Array(0), partition: null, mass: 2 };
    const lnT = Float64Array.of(Math.log(1000), Math.log(10_000));
    const withPartition = { ...molecule, name: 'CH', partition: { lnT, lnQ: Float64Array.of(Math.log(7), Math.log(7)) } };
    const eos: EosTables = { partitionLnT: lnT, lnU: [], ionisation: [], molecules: [molecule, withPartition], reactive: [] };
    expect([...moleculeDensity(eos, pop, 'H2')]).toEqual([3, 4]);
    expect(moleculeDensity(eos, pop, 'CH')[1]).toBeCloseTo(42, 10);
    expect([...moleculeDensity(eos, pop, 'TiO')]).toEqual([0, 0]);
  });
});
