import type { Layout, LayoutAxis } from 'plotly.js';
import type { OwnLines } from '../domain/ownLines.ts';
import type { AxisRange, Figure, Trace } from './figure.ts';
import { axis, baseLayout } from './frame.ts';
import { landmarksInView } from './knownLines.ts';
import { contributorsTexts, namesInView, type LinesOfStar } from './lineNames.ts';
import { maskedBoxes, stretchBoxes } from './masks.ts';
import type { Palette } from './palette.ts';
import { fluxRange, residualRange } from './ranges.ts';

/** What residuals are counted in. */
export type ResidualUnit = 'everything' | 'noise';

/** A curve to compare with, in the unit of the flux: `wavelength` in Å, vacuum, in the frame that is shown. */
export interface ComparedCurve {
  readonly name: string;
  readonly wavelength: Float64Array;
  readonly flux: Float64Array;
  readonly dashed: boolean;
}

/** One spectrum with what lies over it. All arrays run over its pixels. */
export interface SpectrumPlot {
  readonly id: string;
  /** Å, vacuum, in `frame`. */
  readonly wavelength: Float64Array;
  readonly frame: 'rest' | 'observed';
  readonly flux: Float64Array;
  readonly ivar: Float64Array;
  readonly fluxUnit: string;
  readonly model: Float64Array | null;
  /** σ of the model's error, in the unit of the flux; null where none is known. */
  readonly modelSigma: Float64Array | null;
  /** A model kept to compare with, in the unit of the flux; null or absent for none. */
  readonly frozen?: Float64Array | null;
  /** What it is compared with: another model over the same pixels, or another star's spectrum; absent or null for nothing. */
  readonly compared?: ComparedCurve | null;
  readonly continuum: Float64Array | null;
  /** (flux − model)/σ, NaN where masked. */
  readonly residuals: Float64Array | null;
  /** Which σ: of noise and model, or of the noise alone. */
  readonly residualUnit: ResidualUnit;
  /** 0 where the pixel is masked. */
  readonly used: Uint8Array;
  /** Stretches that a person leaves out, Å in `frame`. */
  readonly stretches: readonly (readonly [from: number, to: number])[];
  /** 1 where the pixel was clipped as a cosmic ray or a fault of the detector; null before a fit. */
  readonly clipped: Uint8Array | null;
  /** Shift of the landmarks: λ in `frame` over rest λ. */
  readonly shift: number;
  readonly showLines: boolean;
  /** What lines are named by; null or absent where that is not known. */
  readonly lines?: LinesOfStar | null;
  /** Whether the names of all lines that find room stand over the spectrum. */
  readonly nameAllLines?: boolean;
  /** A person's own list of lines; null or absent for none. */
  readonly ownLines?: OwnLines | null;
  /** Of the whole figure in CSS pixels, as far as it is known: names of lines keep apart by it. */
  readonly width?: number;
  readonly window: AxisRange;
}

/** Pixels around the axes of the figure. */
export const SPECTRUM_MARGIN = { l: 64, r: 14, t: 18, b: 36 } as const;

/** A figure whose width nobody told, CSS pixels: that of a small screen. */
const NARROW = 560;

/** Shares of the height that the two panels take, from below. */
export const SPECTRUM_PANELS = { flux: [0.32, 1], residuals: [0, 0.28] } as const;

/** Wavelengths that a plot shows, Å. */
export function shownRange({ wavelength, window }: Pick<SpectrumPlot, 'wavelength' | 'window'>): readonly [number, number] {
  return window ?? [wavelength[0] ?? 0, wavelength[wavelength.length - 1] ?? 1];
}

const FULL: Trace = { type: 'scatter', mode: 'lines' };
const quiet: Trace = { hoverinfo: 'skip' };
/** A name that plotly makes a class of: curves that a dragged slider moves are hidden by it meanwhile (views.module.css). */
const following = (name: string): Partial<Trace> => ({ uid: `follows-${name}` });

/** Flux over residuals on one wavelength axis: data with its 1σ band, model, continuum, masked pixels shaded. */
export function spectrumFigure(plot: SpectrumPlot, palette: Palette): Figure {
  const { wavelength: x, flux, model, continuum, residuals, window } = plot;
  const sigma = plot.ivar.map((weight) => (weight > 0 ? 1 / Math.sqrt(weight) : 0));
  const boxes = maskedBoxes(x, plot.used);
  const masked: Trace = { ...FULL, ...boxes, ...quiet, fill: 'toself', fillcolor: palette.masked, line: { width: 0 } };
  const byHand: Trace = { ...masked, ...stretchBoxes(plot.stretches), name: 'masked by hand', fillcolor: palette.byHand };
  const edge: Trace = { ...FULL, ...quiet, x, line: { width: 0, color: palette.band } };
  const data: Trace[] = [
    { ...masked, name: 'masked', yaxis: 'y3' },
    { ...masked, name: 'masked', yaxis: 'y4', showlegend: false },
    ...(plot.stretches.length === 0
      ? []
      : [
          { ...byHand, yaxis: 'y3' },
          { ...byHand, yaxis: 'y4', showlegend: false },
        ]),
    { ...edge, name: 'flux − 1σ', showlegend: false, y: flux.map((value, i) => value - (sigma[i] ?? 0)) },
    { ...edge, name: '± 1σ', y: flux.map((value, i) => value + (sigma[i] ?? 0)), fill: 'tonexty', fillcolor: palette.band },
    { ...FULL, name: 'data', x, y: flux, line: { width: 1, color: palette.data }, ...hoverOf(plot) },
  ];
  if (plot.frozen != null)
    data.push({ ...FULL, name: 'kept model', x, y: plot.frozen, line: { width: 1.5, color: palette.axis }, hovertemplate: '%{y:.4~g}' });
  if (plot.compared != null)
    data.push({
      ...FULL,
      name: plot.compared.name,
      x: plot.compared.wavelength,
      y: plot.compared.flux,
      line: { width: 1, color: palette.calibrated, dash: plot.compared.dashed ? 'dash' : 'solid' },
      hovertemplate: '%{y:.4~g}',
    });
  if (continuum !== null)
    data.push({
      ...FULL,
      ...quiet,
      name: 'continuum',
      ...following('continuum'),
      x,
      y: continuum,
      line: { width: 1, color: palette.continuum, dash: 'dot' },
    });
  if (model !== null && plot.modelSigma !== null) data.push(...modelBand(x, model, plot.modelSigma, palette));
  if (model !== null)
    data.push({
      ...FULL,
      name: 'model',
      ...following('model'),
      x,
      y: model,
      line: { width: 1, color: palette.model },
      hovertemplate: '%{y:.4~g}',
    });
  const outliers = clippedMarks(plot, palette);
  if (outliers !== null) data.push(outliers);
  // Always there, if only as gaps: without a trace of its own the lower panel, and the axis that both share, would not be drawn.
  data.push({
    ...FULL,
    name: 'residual',
    ...following('residual'),
    showlegend: false,
    x,
    y: residuals ?? new Float64Array(x.length).fill(NaN),
    yaxis: 'y2',
    line: { width: 1, color: palette.residual },
    hovertemplate: '%{y:.1f} σ',
  });
  const reach = residualRange(x, residuals ?? [], window);
  if (residuals !== null) data.push(...largeResiduals(x, residuals, reach[1], palette));
  const shown = shownRange(plot);
  const names = upright(plot, shown, palette);
  const hidden: Partial<LayoutAxis> = { overlaying: 'y', range: [0, 1], visible: false, fixedrange: true };
  return {
    data,
    layout: {
      ...baseLayout(palette, plot.id),
      margin: SPECTRUM_MARGIN,
      xaxis: axis(palette, `Wavelength (Å, vacuum), ${plot.frame === 'rest' ? 'rest frame' : 'observed frame'}`, {
        anchor: 'y2',
        range: [...shown],
        tickformat: 'd',
        hoverformat: '.1f',
      }),
      yaxis: axis(palette, `Flux (${plot.fluxUnit})`, {
        domain: [...SPECTRUM_PANELS.flux],
        range: withRoom(fluxWithKept(plot), names.length > 0),
        fixedrange: true,
      }),
      yaxis2: axis(palette, plot.residualUnit === 'noise' ? 'Residual (σ of noise)' : 'Residual (σ)', {
        domain: [...SPECTRUM_PANELS.residuals],
        range: reach,
        fixedrange: true,
        zeroline: true,
        zerolinecolor: palette.axis,
        nticks: 5,
      }),
      yaxis3: hidden,
      yaxis4: { ...hidden, overlaying: 'y2' },
      shapes: ownMarks(plot, shown, palette),
      annotations: [...(plot.showLines ? landmarks(plot, shown, palette) : []), ...names],
    },
  };
}

/** The flux axis, with room for a model that is kept to compare with. */
function fluxWithKept({ wavelength, flux, frozen, window }: SpectrumPlot): [number, number] {
  const own = fluxRange(wavelength, flux, window);
  if (frozen == null) return own;
  const kept = fluxRange(wavelength, frozen, window);
  return [Math.min(own[0], kept[0]), Math.max(own[1], kept[1])];
}

/** Model ± its own error. */
function modelBand(x: Float64Array, model: Float64Array, sigma: Float64Array, palette: Palette): Trace[] {
  const edge: Trace = { ...FULL, ...quiet, x, line: { width: 0, color: palette.modelBand } };
  return [
    { ...edge, ...following('lower'), name: 'model − 1σ', showlegend: false, y: model.map((value, i) => value - (sigma[i] ?? NaN)) },
    {
      ...edge,
      ...following('upper'),
      name: 'error of the model',
      y: model.map((value, i) => value + (sigma[i] ?? NaN)),
      fill: 'tonexty',
      fillcolor: palette.modelBand,
    },
  ];
}

/** The pixels that the fit took for cosmic rays, each marked on the flux; null where there are none. */
function clippedMarks({ wavelength, flux, clipped }: SpectrumPlot, palette: Palette): Trace | null {
  const at = [...wavelength.keys()].filter((p) => clipped?.[p] === 1);
  if (at.length === 0) return null;
  return {
    type: 'scatter',
    mode: 'markers',
    name: 'clipped',
    x: at.map((p) => wavelength[p] ?? NaN),
    y: at.map((p) => flux[p] ?? NaN),
    marker: { symbol: 'x-thin', size: 7, line: { width: 1.5, color: palette.clipped } },
    hovertemplate: 'clipped: %{y:.4~g}',
  };
}

/** Beyond this many σ a residual is drawn in the colour of what is clipped. */
const LARGE = 3;

/** Residuals beyond 3 σ, and at the edge of the axis those that do not fit on it, pointing outwards. */
function largeResiduals(x: Float64Array, residuals: Float64Array, reach: number, palette: Palette): Trace[] {
  const large = residuals.map((value) => (Math.abs(value) > LARGE && Math.abs(value) <= reach ? value : NaN));
  const beyond = [...residuals.keys()].filter((p) => Math.abs(residuals[p] ?? NaN) > reach);
  const edge: Trace = { type: 'scatter', mode: 'markers', yaxis: 'y2', showlegend: false };
  const traces: Trace[] = [];
  if (large.some(Number.isFinite))
    traces.push({ ...edge, ...quiet, name: 'beyond 3 σ', x, y: large, marker: { symbol: 'circle', size: 3, color: palette.clipped } });
  if (beyond.length > 0)
    traces.push({
      ...edge,
      name: 'off the axis',
      x: beyond.map((p) => x[p] ?? NaN),
      y: beyond.map((p) => 0.94 * reach * Math.sign(residuals[p] ?? NaN)),
      customdata: beyond.map((p) => residuals[p] ?? NaN),
      marker: {
        symbol: beyond.map((p) => ((residuals[p] ?? 0) > 0 ? 'triangle-up' : 'triangle-down')),
        size: 7,
        color: palette.clipped,
      },
      hovertemplate: 'off the axis: %{customdata:.1f} σ',
    });
  return traces;
}

/** Names of well-known lines above the flux panel, those that fall in view and not on each other. */
function landmarks(
  { shift, width = NARROW }: SpectrumPlot,
  shown: readonly [number, number],
  palette: Palette,
): NonNullable<Layout['annotations']> {
  return landmarksInView(shift, shown, width - SPECTRUM_MARGIN.l - SPECTRUM_MARGIN.r).map(({ name, at }) => ({
    x: at,
    y: 1,
    yref: 'paper',
    yanchor: 'bottom',
    text: name,
    showarrow: false,
    font: { size: 10, color: palette.axis },
  }));
}

/** What the pointer is told of the data: the flux, and the lines within one resolution element where they are known. */
function hoverOf({ wavelength, lines, shift }: SpectrumPlot): Trace {
  if (lines == null) return { hovertemplate: '%{y:.4~g}' };
  return { text: contributorsTexts(lines, wavelength, shift), hovertemplate: '%{y:.4~g}%{text}' };
}

/** Share of the flux axis that upright names take at its top. */
const NAMES_ROOM = 0.36;
const withRoom = ([low, high]: [number, number], names: boolean): [number, number] =>
  names ? [low, high + ((high - low) * NAMES_ROOM) / (1 - NAMES_ROOM)] : [low, high];

/** Names of own lines and, where they are wanted, of all that find room, upright along the top of the flux panel. */
function upright(
  { lines, nameAllLines, ownLines, shift, width = NARROW }: SpectrumPlot,
  shown: readonly [number, number],
  palette: Palette,
): NonNullable<Layout['annotations']> {
  const all = nameAllLines === true ? (lines ?? null) : null;
  const pixels = width - SPECTRUM_MARGIN.l - SPECTRUM_MARGIN.r;
  return namesInView(all, shift, shown, pixels, ownLines?.lines).map(({ text, at, own }) => ({
    x: at,
    y: 1,
    yref: 'paper',
    yanchor: 'top',
    textangle: -90,
    text,
    showarrow: false,
    font: { size: 10, color: own === true ? palette.calibrated : palette.text },
  }));
}

/** At most so many own lines are marked at once: more would hide the spectrum. */
const MOST_MARKS = 300;

/** A dotted line at each line of a person's own list, up to where names stand. */
function ownMarks({ ownLines, shift }: SpectrumPlot, shown: readonly [number, number], palette: Palette): NonNullable<Layout['shapes']> {
  const inView = (ownLines?.lines ?? []).map(({ wavelength }) => wavelength * shift).filter((at) => at >= shown[0] && at <= shown[1]);
  return inView.slice(0, MOST_MARKS).map((at) => ({
    type: 'line',
    x0: at,
    x1: at,
    yref: 'paper',
    y0: SPECTRUM_PANELS.flux[0],
    y1: 1 - NAMES_ROOM * (SPECTRUM_PANELS.flux[1] - SPECTRUM_PANELS.flux[0]),
    line: { width: 1, dash: 'dot', color: palette.calibrated },
  }));
}
