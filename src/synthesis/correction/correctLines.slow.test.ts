import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { angstrom } from '../../domain/units.ts';
import { readNpz, type NpyArray } from '../../io/npz.ts';
import { randomStream } from '../../math/random.ts';
import { vacuumToAir } from '../../spectra/airVacuum.ts';
import { describeWithShared } from '../../testing/shared.ts';
import { valueOf } from '../../testing/result.ts';
import { computeSpectrum } from '../spectrum.ts';
import { loadTables, type PhysicsTables } from '../tables/tables.ts';
import { gridOf, initialState, prepareObserved } from './comparison.ts';
import { correctLines, rms, type CorrectionResult } from './correctLines.ts';
import { correctedLines } from './jointFit.ts';
import { lineDerivatives } from './lineDerivatives.ts';
import { ownersOf, physicalLines, type PhysicalLine } from './lineGroups.ts';
import { convolve, broadeningSteps, type KnownStar, type ObservedStar } from './observedStar.ts';

const stepKms = 1.5;
const sun: KnownStar = {
  name: 'Sun',
  teff: 5772,
  logg: 4.44,
  vmic: 1,
  feh: 0,
  alphaM: 0,
  xh: new Map(),
  sigmaTeff: 0,
  sigmaVmic: 0.1,
  sigmaXh: 0,
};
const subgiant: KnownStar = { ...sun, name: 'subgiant', teff: 5000, logg: 3.7, sigmaXh: 0.08 };
const empty: ObservedStar = {
  star: sun,
  id: 'Sun',
  wavelength: new Float64Array(0),
  flux: new Float64Array(0),
  fwhm: (w) => w / 60_000,
  broadening: 4,
  knots: 25,
  noise: 0.002,
  from: 5202,
  to: 5238,
  stride: 2,
};

describeWithShared('corrections of lines', (shared) => {
  let tables: PhysicsTables;
  let arrays: ReadonlyMap<string, NpyArray>;
  let lines: readonly PhysicalLine[];
  let owner: Int32Array;
  beforeAll(() => {
    tables = valueOf(loadTables((path) => readFileSync(join(shared, 'physics', path)), 'lines/linemake_vald.npz'));
    arrays = readNpz(readFileSync(join(shared, 'physics/lines/linemake_vald.npz')));
    lines = physicalLines(arrays);
    owner = ownersOf(tables.lines, lines);
  }, 60_000);

  it('rest on derivatives that are the difference of two syntheses', { timeout: 60_000 }, () => {
    const grid = gridOf(empty, stepKms);
    const state = initialState(empty);
    const star = valueOf(prepareObserved(tables, tables.lines, empty, state, grid));
    const g = lines.findIndex((l) => l.species === '26.0' && Math.abs(l.wavelength - 5217.389) < 0.02);
    const strong = lines.findIndex((l) => l.species === '26.0' && Math.abs(l.wavelength - 5232.94) < 0.02);
    const spectrum = lineDerivatives(tables, star, grid, owner, lines.length, new Set([strong]));
    const difference = (change: (list: typeof tables.lines) => typeof tables.lines): Float64Array => {
      const h = 0.01;
      const moved = valueOf(prepareObserved(tables, change(tables.lines), empty, state, grid));
      const { flux, continuum } = computeSpectrum(tables, moved, grid);
      return flux.map((f, i) => (f / (continuum[i] ?? 1) - (spectrum.flux[i] ?? 0)) / h);
    };
    const strength = new Float64Array(lines.length);
    strength[g] = 0.01;
    for (const [window, truth] of [
      [spectrum.strength[g], difference((list) => correctedLines(list, owner, { strength, damping: new Map() }))],
      [
        spectrum.damping.get(strong),
        difference((list) => correctedLines(list, owner, { strength: new Float64Array(lines.length), damping: new Map([[strong, 0.01]]) })),
      ],
    ] as const) {
      expect(window).toBeDefined();
      const peak = truth.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
      expect(peak).toBeGreaterThan(0.02);
      truth.forEach((t, i) => {
        const ours = window?.values[i - window.first] ?? 0;
        expect(Math.abs(ours - t), `point ${String(i)}`).toBeLessThan(0.03 * peak);
      });
    }
  });

  it('find what was done to the lines of two stars', { timeout: 180_000 }, () => {
    // the truth: uncurated lines are wrong by 0.3 dex at random, laboratory lines are right
    const random = randomStream(11);
    const truth = Float64Array.from(lines, (l) => (l.provenance === 'uncurated' ? 0.3 * random.normal() : 0));
    const real = correctedLines(tables.lines, owner, { strength: truth, damping: new Map() });
    const observe = (star: KnownStar): ObservedStar => {
      const bare = { ...empty, star, id: star.name };
      const grid = gridOf(bare, stepKms);
      const { flux, continuum } = computeSpectrum(tables, valueOf(prepareObserved(tables, real, bare, initialState(bare), grid)), grid);
      const seen = convolve(
        flux.map((f, i) => f / (continuum[i] ?? 1)),
        0,
        broadeningSteps(bare, grid, bare.broadening),
        bare.stride,
        true,
      ).values;
      const wavelength = Float64Array.from(seen, (_, p) => Math.exp(grid.lnStart + p * bare.stride * grid.lnStep));
      return {
        ...bare,
        wavelength,
        flux: seen.map((f, p) => f * (1 + 0.05 * Math.sin((wavelength[p] ?? 0) / 9)) * (1 + 0.002 * random.normal())),
      };
    };
    const run = { tables, arrays, lines, observed: [observe(sun), observe(subgiant)], stepKms };
    const messages: string[] = [];
    const result: CorrectionResult = valueOf(
      correctLines(run, {
        rounds: [3, 0],
        missingIn: [],
        confirmedBy: [],
        identifications: [],
        vacuumToAir: (w) => vacuumToAir(angstrom(w)),
        report: (m) => messages.push(m),
      }),
    );
    expect(messages).toHaveLength(3);
    result.after.forEach((c, k) => {
      const before = result.before[k];
      expect(before === undefined ? NaN : rms(c) / rms(before)).toBeLessThan(0.25);
    });
    // well determined lines come back, within their errors
    const sure = [...result.errors].filter(([g, e]) => e.sigma < 0.05 && lines[g]?.provenance === 'uncurated');
    expect(sure.length).toBeGreaterThan(15);
    const error = sure.map(([g]) => (result.state.corrections.strength[g] ?? 0) - (truth[g] ?? 0));
    const size = Math.sqrt(error.reduce((s, x) => s + x * x, 0) / error.length);
    expect(size).toBeLessThan(0.06);
  });

  it('leave out a star that the model atmospheres do not reach, and say so', { timeout: 60_000 }, () => {
    const messages: string[] = [];
    const hot: ObservedStar = {
      ...empty,
      id: 'hot',
      star: { ...sun, name: 'hot', teff: 12_000 },
      wavelength: Float64Array.of(5202, 5238),
      flux: Float64Array.of(1, 1),
    };
    correctLines(
      { tables, arrays, lines, observed: [hot], stepKms },
      { rounds: [0, 0], missingIn: [], confirmedBy: [], identifications: [], vacuumToAir: (w) => w, report: (m) => messages.push(m) },
    );
    expect(messages.join(' ')).toMatch(/hot is left out: .*teff/);
  });
});
