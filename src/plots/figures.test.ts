import { landmarksInView } from './knownLines.ts';
import { describe, expect, it } from 'vitest';
import { abundanceFigure } from './abundanceFigure.ts';
import type { AbundancePoint } from './abundanceFigure.ts';
import type { DerivativePlot } from './derivativeFigure.ts';
import { derivativeFigure } from './derivativeFigure.ts';
import { forPaper } from './forPaper.ts';
import { maskedBoxes } from './masks.ts';
import { palettes } from './palette.ts';
import { strongestPeaks } from './peaks.ts';
import { fluxRange, residualRange } from './ranges.ts';
import { spectrumFigure } from './spectrumFigure.ts';
import type { SpectrumPlot } from './spectrumFigure.ts';
import { pixelOf, wavelengthAt } from './wavelengthAt.ts';

const wavelength = Float64Array.from({ length: 200 }, (_, i) => 5000 + i);
const flat = new Float64Array(200).fill(10);

const plot: SpectrumPlot = {
  id: 'a star',
  wavelength,
  frame: 'rest',
  flux: flat,
  ivar: new Float64Array(200).fill(4),
  fluxUnit: 'arbitrary',
  model: flat,
  modelSigma: new Float64Array(200).fill(0.3),
  continuum: flat,
  residuals: new Float64Array(200),
  residualUnit: 'everything',
  used: Uint8Array.from(wavelength, (value) => (value >= 5010 && value < 5020 ? 0 : 1)),
  stretches: [],
  clipped: null,
  shift: 1,
  showLines: true,
  window: null,
};

const named = (figure: { data: readonly object[] }, name: string) => figure.data.filter((trace) => 'name' in trace && trace.name === name);

describe('spectrumFigure', () => {
  it('titles every axis with its unit', () => {
    const { layout } = spectrumFigure(plot, palettes.light);
    expect(layout.xaxis?.title?.text).toBe('Wavelength (Å, vacuum), rest frame');
    expect(layout.yaxis?.title?.text).toBe('Flux (arbitrary)');
    expect(layout.yaxis2?.title?.text).toBe('Residual (σ)');
  });

  it('draws flux and residuals over one wavelength axis', () => {
    const figure = spectrumFigure(plot, palettes.light);
    expect(figure.layout.xaxis?.anchor).toBe('y2');
    expect(named(figure, 'residual')).toMatchObject([{ yaxis: 'y2' }]);
    expect(figure.data.some((trace) => trace.xaxis !== undefined)).toBe(false);
  });

  it('puts the 1σ band at flux ± 1/√ivar', () => {
    const figure = spectrumFigure(plot, palettes.light);
    expect(named(figure, 'flux − 1σ')).toMatchObject([{ y: new Float64Array(200).fill(9.5) }]);
    expect(named(figure, '± 1σ')).toMatchObject([{ y: new Float64Array(200).fill(10.5), fill: 'tonexty' }]);
  });

  it('puts the model’s error around the model, and nothing where none is known', () => {
    const figure = spectrumFigure(plot, palettes.light);
    expect(named(figure, 'error of the model')).toMatchObject([{ y: new Float64Array(200).fill(10.3), fill: 'tonexty' }]);
    expect(named(spectrumFigure({ ...plot, modelSigma: null }, palettes.light), 'error of the model')).toEqual([]);
  });

  it('shades what a person leaves out in both panels, and draws nothing where that is nothing', () => {
    const drawn = named(spectrumFigure({ ...plot, stretches: [[5040, 5060]] }, palettes.light), 'masked by hand');
    expect(drawn).toMatchObject([{ yaxis: 'y3', x: [5040, 5040, 5060, 5060, 5040, null] }, { yaxis: 'y4' }]);
    expect(named(spectrumFigure(plot, palettes.light), 'masked by hand')).toEqual([]);
  });

  it('finds the wavelength under a point of the figure, and the point of a wavelength', () => {
    const range = [5000, 5100] as const;
    const { layout } = spectrumFigure({ ...plot, window: [5000, 5100] }, palettes.light);
    const { l = NaN, r = NaN } = layout.margin ?? {};
    expect(wavelengthAt(l, 600, range)).toEqual({ wavelength: 5000, inside: true });
    expect(wavelengthAt(600 - r, 600, range)).toEqual({ wavelength: 5100, inside: true });
    expect(wavelengthAt(l - 5, 600, range)).toEqual({ wavelength: 5000, inside: false });
    expect(wavelengthAt(pixelOf(5025, 600, range), 600, range).wavelength).toBeCloseTo(5025, 9);
  });

  it('says what residuals are counted in', () => {
    const { layout } = spectrumFigure({ ...plot, residualUnit: 'noise' }, palettes.light);
    expect(layout.yaxis2?.title?.text).toBe('Residual (σ of noise)');
  });

  it('marks each clipped pixel on the flux, and nothing where none was', () => {
    const clipped = new Uint8Array(200);
    clipped[42] = 1;
    const marks = named(spectrumFigure({ ...plot, clipped }, palettes.light), 'clipped');
    expect(marks).toMatchObject([{ x: [wavelength[42]], y: [flat[42]], mode: 'markers' }]);
    expect(named(spectrumFigure({ ...plot, clipped: new Uint8Array(200) }, palettes.light), 'clipped')).toEqual([]);
  });

  it('leaves out what is not there yet', () => {
    const figure = spectrumFigure({ ...plot, model: null, continuum: null, residuals: null }, palettes.dark);
    expect(['model', 'continuum'].flatMap((name) => named(figure, name))).toEqual([]);
    expect(named(figure, 'residual')).toMatchObject([{ y: new Float64Array(200).fill(NaN) }]);
    expect(named(figure, 'data')).toHaveLength(1);
  });

  it('keeps the window it is given and names the lines within it at their shifted place', () => {
    const { layout } = spectrumFigure({ ...plot, window: [5100, 5190], shift: 1.001 }, palettes.light);
    expect(layout.xaxis?.range).toEqual([5100, 5190]);
    expect(layout.annotations).toMatchObject([{ text: 'Mg b', x: 5174.13 * 1.001 }]);
  });
});

describe('forPaper', () => {
  it('adds a title and a key with one entry for each thing drawn', () => {
    const { data, layout } = forPaper(spectrumFigure(plot, palettes.light), { title: 'a star', about: 'model m' });
    expect(layout).toMatchObject({ showlegend: true, title: { text: 'a star<br><span style="font-size: 10px">model m</span>' } });
    expect(data.filter(({ showlegend }) => showlegend !== false).map(({ name }) => name)).toEqual([
      'masked',
      '± 1σ',
      'data',
      'continuum',
      'error of the model',
      'model',
    ]);
  });
});

describe('maskedBoxes', () => {
  it('closes a box around each run, from half a pixel before to half a pixel after', () => {
    const { x, y } = maskedBoxes(wavelength, plot.used);
    expect(x).toEqual([5009.5, 5009.5, 5019.5, 5019.5, 5009.5, null]);
    expect(y).toEqual([0, 1, 1, 0, 0, null]);
  });

  it('reaches the ends of the spectrum', () => {
    const { x } = maskedBoxes(Float64Array.of(1, 2, 3), Uint8Array.of(0, 1, 0));
    expect(x).toEqual([1, 1, 1.5, 1.5, 1, null, 2.5, 2.5, 3, 3, 2.5, null]);
  });

  it('is empty when every pixel is used', () => {
    expect(maskedBoxes(wavelength, new Uint8Array(200).fill(1)).x).toEqual([]);
  });
});

describe('ranges', () => {
  it('does not let one hot pixel squeeze the spectrum', () => {
    const spiked = Float64Array.from(wavelength, (_, i) => (i === 50 ? 1e6 : 10 + Math.sin(i)));
    const [low, high] = fluxRange(wavelength, spiked, null);
    expect(low).toBeLessThan(9.01);
    expect(high).toBeGreaterThan(10.99);
    expect(high).toBeLessThan(13);
  });

  it('looks only at what is in view', () => {
    const ramp = wavelength.map((value) => value);
    const [low, high] = fluxRange(wavelength, ramp, [5050, 5060]);
    expect(low).toBeGreaterThan(5040);
    expect(high).toBeLessThan(5070);
  });

  it('gives residuals a symmetric axis of at least ±4', () => {
    expect(residualRange(wavelength, new Float64Array(200), null)).toEqual([-4, 4]);
    const [low, high] = residualRange(wavelength, new Float64Array(200).fill(-8), null);
    expect(low).toBeCloseTo(-9.2);
    expect(high).toBe(-low);
  });

  it('survives a spectrum without a finite pixel', () => {
    expect(fluxRange(wavelength, new Float64Array(200).fill(NaN), null)).toEqual([0, 1]);
    expect(residualRange(wavelength, [], null)).toEqual([-4, 4]);
  });
});

describe('strongestPeaks', () => {
  const bumps = Float32Array.from(wavelength, (value) => -Math.exp(-((value - 5040) ** 2)) + 0.5 * Math.exp(-((value - 5120) ** 2)));

  it('finds extrema of either sign, strongest first', () => {
    expect(strongestPeaks(wavelength, bumps, null, 2, 5).map((i) => wavelength[i])).toEqual([5040, 5120]);
  });

  it('keeps to the window and to the distance asked for', () => {
    expect(strongestPeaks(wavelength, bumps, [5100, 5150], 5, 100).map((i) => wavelength[i])).toEqual([5120]);
  });
});

describe('derivativeFigure', () => {
  const derivative = Float32Array.from(wavelength, (value) => -0.2 * Math.exp(-((value - 5050) ** 2) / 4));

  const plain: DerivativePlot = {
    label: 'Mg',
    wavelength,
    frame: 'rest',
    shift: 1,
    derivative,
    window: null,
    abinitio: null,
    carriers: null,
  };

  it('lays the ab initio derivative over it, dashed and named, and shades the pixels that carry the label', () => {
    const pixels = Uint8Array.from(wavelength, (value) => (value >= 5048 && value < 5052 ? 1 : 0));
    const abinitio = {
      name: 'ab initio, a star',
      near: true,
      wavelength: Float64Array.of(5000, 5100),
      derivative: Float32Array.of(0, -0.1),
    };
    const figure = derivativeFigure({ ...plain, abinitio, carriers: { wavelength, pixels } }, palettes.light);
    expect(named(figure, 'ab initio, a star')).toMatchObject([{ line: { dash: 'dash' }, y: abinitio.derivative }]);
    const far = derivativeFigure({ ...plain, abinitio: { ...abinitio, near: false } }, palettes.light);
    expect(named(figure, 'ab initio, a star')).toMatchObject([{ line: { color: palettes.light.model } }]);
    expect(named(far, 'ab initio, a star')).toMatchObject([{ line: { color: palettes.light.axis } }]);
    const [shade] = named(figure, '90 % of the information');
    expect(shade).toMatchObject({ fill: 'toself', yaxis: 'y2', y: [0, 1, 1, 0, 0, null] });
    expect(derivativeFigure(plain, palettes.light).data).toHaveLength(1);
  });

  it('says the label and the unit of the derivative, and names features by rest wavelength', () => {
    const { layout } = derivativeFigure({ ...plain, label: 'Mg', frame: 'observed', shift: 1.01 }, palettes.light);
    expect(layout.yaxis?.title?.text).toBe('∂F/∂[Mg/Fe] (dex⁻¹)');
    expect(layout.xaxis?.title?.text).toBe('Wavelength (Å, vacuum), observed frame');
    expect(layout.annotations).toMatchObject([{ x: 5050, text: '5000' }]);
  });

  it('prints T_eff with a lowered subscript, per kelvin', () => {
    const { layout } = derivativeFigure({ ...plain, label: 'teff' }, palettes.light);
    expect(layout.yaxis?.title?.text).toBe('∂F/∂T<sub>eff</sub> (K⁻¹)');
  });
});

describe('abundanceFigure', () => {
  const point: AbundancePoint = {
    element: 'Mg',
    value: 0.2,
    sigma: 0.05,
    calibrated: 0.1,
    sigmaCalibrated: 0.07,
    scatter: 0.05,
    priorDominated: false,
    unreliable: false,
    truth: null,
  };
  const points = [
    point,
    {
      ...point,
      element: 'Eu',
      value: 3,
      sigma: 0.4,
      calibrated: null,
      sigmaCalibrated: null,
      scatter: null,
      priorDominated: true,
      truth: -1,
    },
  ];

  it('draws raw values of all, calibrated and true values where there are some', () => {
    const figure = abundanceFigure(points, 'xh', 'Eu', palettes.light);
    expect(named(figure, 'raw')).toMatchObject([{ y: [0.2, 3], error_y: { array: [0.05, 0.4] } }]);
    expect(named(figure, 'calibrated')).toMatchObject([{ y: [0.1] }]);
    expect(named(figure, 'truth')).toMatchObject([{ x: [1], y: [-1] }]);
  });

  it('draws a prior-dominated element faint', () => {
    const figure = abundanceFigure(points, 'xh', '', palettes.light);
    expect(named(figure, 'raw')).toMatchObject([{ marker: { color: [palettes.light.raw, palettes.light.faint] } }]);
  });

  it('draws an unreliable value as a faint cross', () => {
    const figure = abundanceFigure([point, { ...point, unreliable: true }], 'xh', '', palettes.light);
    expect(named(figure, 'raw')).toMatchObject([
      { marker: { color: [palettes.light.raw, palettes.light.faint], symbol: ['circle-open', 'x-thin'] } },
    ]);
  });

  it('holds every value with its error, names the scale, and marks the chosen element', () => {
    const { layout } = abundanceFigure(points, 'xfe', 'Eu', palettes.light);
    expect(layout.yaxis?.title?.text).toBe('[X/Fe] (dex)');
    const [low, high] = (layout.yaxis?.range ?? []) as number[];
    expect(low).toBeLessThan(-1);
    expect(high).toBeGreaterThan(3.4);
    expect(layout.shapes).toMatchObject([
      { x0: -0.36, x1: 0.42 },
      { x0: 0.5, x1: 1.5 },
    ]);
  });
});

describe('landmarks', () => {
  it('keep Mg b at the whole range on any screen, and never touch', () => {
    for (const pixels of [250, 500, 900, 1800]) {
      const names = landmarksInView(1, [3700, 9100], pixels);
      expect(names.map(({ name }) => name)).toContain('Mg b');
      const left = names.map(({ name, at }) => ((at - 3700) / 5400) * pixels - 3 * name.length);
      const right = names.map(({ name, at }) => ((at - 3700) / 5400) * pixels + 3 * name.length);
      for (let i = 1; i < names.length; i++) expect(left[i]).toBeGreaterThan(right[i - 1] ?? NaN);
    }
    expect(landmarksInView(1, [3700, 9100], 1800).length).toBeGreaterThan(landmarksInView(1, [3700, 9100], 250).length);
  });
});
