import { describe, expect, it } from 'vitest';
import type { FittedLabel, LabelFlag } from '../domain/fit.ts';
import type { LabelName } from '../domain/labels.ts';
import type { Spectrum } from '../domain/spectrum.ts';
import { unknownSurvey } from '../domain/survey.ts';
import { randomStream } from '../math/random.ts';
import { madeUpSpectrum } from '../testing/fit.ts';
import type { FittedSpectrum } from './plausibility.ts';
import { judge } from './plausibility.ts';

const SIGMA = 0.02;
const WAVELENGTH = Float64Array.from({ length: 800 }, (_, p) => 5000 + p);
/** A spectrum of lines every 20 Å, and noise of σ = 0.02. */
const random = randomStream(3);
const MODEL = WAVELENGTH.map((value) => 1 - 0.5 * Math.exp(-0.5 * (((value % 20) - 10) / 2) ** 2));
const FLUX = MODEL.map((value) => value + SIGMA * random.normal());

const label = (name: LabelName, ...flags: LabelFlag[]): FittedLabel => ({ name, value: 0, sigma: 1, priorFraction: 0.1, flags });
const LABELS = (['teff', 'logg', 'feh', 'Mg', 'Ca', 'Ti', 'Ni', 'Na', 'Al'] as const).map((name) => label(name));

function codes(changes: Partial<FittedSpectrum> = {}, spectrum: Partial<Spectrum> = {}): string[] {
  const given = madeUpSpectrum(60, { survey: unknownSurvey(), meta: {}, snr: 50, ...spectrum });
  const alerts = judge({
    spectrum: given,
    labels: LABELS,
    rv: { value: 10, sigma: 1 },
    wavelength: WAVELENGTH,
    flux: FLUX,
    model: MODEL,
    continuum: WAVELENGTH.map(() => 1),
    edges: [],
    weight: WAVELENGTH.map(() => 1 / SIGMA ** 2),
    ivar: WAVELENGTH.map(() => 1 / SIGMA ** 2),
    ...changes,
  });
  for (const { message, hint } of alerts) expect(`${message} ${hint ?? ''}`).not.toMatch(/NaN|undefined|Infinity/);
  return alerts.map(({ code, spoilsLabels }) => `${code}${spoilsLabels ? '!' : ''}`);
}

describe('is the result to be believed?', () => {
  it('a fit within its noise is', () => {
    expect(codes()).toEqual([]);
  });

  it('a misfit beyond noise and model error spoils it; the same χ² from noise that was understated does not', () => {
    const other = MODEL.map((_, p) => MODEL[(p + 3) % 800] ?? 1);
    expect(codes({ model: other })).toEqual(['POOR_FIT!']);
    const noisy = MODEL.map((value) => value + 4 * SIGMA * random.normal());
    expect(codes({ flux: noisy })).toEqual([]);
  });

  it('labels at the edge of the box: T_eff, two parameters, or five elements', () => {
    const at = (...names: readonly LabelName[]) =>
      codes({ labels: LABELS.map((one) => (names.includes(one.name) ? label(one.name, 'at-bound') : one)) });
    expect(at('teff')).toEqual(['EDGE_OF_MODEL!']);
    expect(at('logg')).toEqual([]);
    expect(at('logg', 'feh')).toEqual(['EDGE_OF_MODEL!']);
    // A warm star at the wall of metal-poor stars, or of giants: one that is hotter still.
    const warm = (name: LabelName, value: number) =>
      codes({
        labels: LABELS.map((one) => ({
          ...(one.name === name ? label(name, 'at-bound') : one),
          value: one.name === 'teff' ? 6700 : value,
        })),
      });
    expect([warm('feh', -2.5), warm('logg', 0.5)]).toEqual([['EDGE_OF_MODEL!'], ['EDGE_OF_MODEL!']]);
    expect([warm('feh', 0.5), warm('logg', 5)]).toEqual([[], []]);
    expect(at('Mg', 'Ca', 'Ti', 'Ni')).toEqual([]);
    expect(at('Mg', 'Ca', 'Ti', 'Ni', 'Na')).toEqual(['EDGE_OF_MODEL!']);
  });

  it('a condition that joins two labels is one edge, unless the star is so warm that it may be a hotter one', () => {
    const edges = [{ text: '', labels: ['logg', 'teff'], otherAtEdge: false }] as const;
    const at = (teff: number, otherAtEdge = false) =>
      codes({
        edges: edges.map((edge) => ({ ...edge, otherAtEdge })),
        labels: LABELS.map((one) => {
          if (one.name === 'teff') return { ...label('teff', 'at-bound'), value: teff };
          return one.name === 'logg' ? { ...label('logg', 'at-bound'), value: 2.2 } : one;
        }),
      });
    expect(at(6000)).toEqual([]);
    expect(at(6000, true)).toEqual(['EDGE_OF_MODEL!']);
    expect(at(6500)).toEqual(['EDGE_OF_MODEL!']);
    const joint = (otherAtEdge: boolean) =>
      codes({
        edges: [{ text: '', labels: ['Mg', 'Ca'], otherAtEdge }],
        labels: LABELS.map((one) => (['Mg', 'Ca', 'Ti', 'Ni', 'Na'].includes(one.name) ? label(one.name, 'at-bound') : one)),
      });
    expect(joint(false)).toEqual([]);
    expect(joint(true)).toEqual(['EDGE_OF_MODEL!']);
  });

  it('83 km/s of the sign that a wrong medium gives', () => {
    const known = { name: 'LAMOST', mediumKnown: true };
    const rv = (value: number, spectrum: Partial<Spectrum> = {}) => codes({ rv: { value, sigma: 1 } }, spectrum);
    expect(rv(-80)).toEqual(['WRONG_MEDIUM']);
    expect(rv(80)).toEqual([]);
    expect(rv(80, { medium: 'air' })).toEqual(['WRONG_MEDIUM']);
    expect(rv(80, { frame: 'rest' })).toEqual(['WRONG_MEDIUM']);
    expect(rv(-80, { survey: known })).toEqual([]);
    expect(rv(-120, { survey: { ...known, pipelineVelocity: -38 } })).toEqual(['WRONG_MEDIUM']);
    expect(rv(-80, { survey: { ...unknownSurvey(), pipelineVelocity: -78 } })).toEqual([]);
  });

  it('little signal, little spectrum', () => {
    expect(codes({}, { snr: 2.5 })).toEqual(['LOW_SIGNAL']);
    expect(codes({ weight: WAVELENGTH.map((value) => (value < 5200 ? 1 / SIGMA ** 2 : 0)) })).toEqual(['SHORT_RANGE']);
  });

  it('errors that cannot be errors, where the file gives them', () => {
    const tooLarge = { ivar: WAVELENGTH.map(() => 1 / (5 * SIGMA) ** 2) };
    expect(codes(tooLarge)).toEqual(['ERRORS_DOUBTFUL']);
    expect(codes(tooLarge, { ivarIsMeasured: false })).toEqual([]);
    expect(codes({}, { snr: 6000 })).toEqual(['ERRORS_DOUBTFUL']);
  });

  it('what spoils every label comes first', () => {
    const other = MODEL.map((_, p) => MODEL[(p + 3) % 800] ?? 1);
    expect(codes({ model: other }, { snr: 2 })).toEqual(['POOR_FIT!', 'LOW_SIGNAL']);
  });
});
