/** What is kept of one ab initio fit. */
import { z } from 'zod';
import { LINE_LIST_NAMES } from '../../cli/files/lineLists.ts';
import type { Solution } from '../../src/domain/fit.ts';
import { LABELS, type LabelName } from '../../src/domain/labels.ts';
import type { Spectrum } from '../../src/domain/spectrum.ts';
import type { StartingFit } from '../../src/fit/refitSpectrum.ts';
import { median } from '../../src/math/statistics.ts';

const labelName = z.custom<LabelName>((value) => LABELS.some((name) => name === value));

export const recordSchema = z.object({
  star: z.string(),
  lines: z.enum(LINE_LIST_NAMES),
  failure: z.nullable(z.string()),
  converged: z.boolean(),
  chi2Reduced: z.nullable(z.number()),
  rv: z.object({ value: z.number(), sigma: z.number() }),
  labels: z.array(
    z.object({ name: labelName, value: z.number(), sigma: z.number(), priorFraction: z.number(), flags: z.array(z.string()) }),
  ),
  nuisances: z.array(z.number()),
  /** Median |data − model| of each 100 Å of the rest frame, as a fraction of the continuum. */
  misfit: z.array(z.object({ from: z.number(), size: z.number() })),
  jacobians: z.number(),
  spectra: z.number(),
  cpuSeconds: z.number(),
});
export type FitRecord = z.infer<typeof recordSchema>;

export const failedRecord = (star: string, lines: FitRecord['lines'], failure: string): FitRecord => ({
  star,
  lines,
  failure,
  converged: false,
  chi2Reduced: null,
  rv: { value: 0, sigma: 0 },
  labels: [],
  nuisances: [],
  misfit: [],
  jacobians: 0,
  spectra: 0,
  cpuSeconds: 0,
});

const WINDOW = 100;

/** Median |data − model| over the continuum, by 100 Å of rest wavelength. */
function misfitOf(spectrum: Spectrum, fit: Solution): FitRecord['misfit'] {
  const windows = new Map<number, number[]>();
  spectrum.flux.forEach((flux, p) => {
    if (fit.used[p] !== 1) return;
    const from = WINDOW * Math.floor((fit.restWavelength[p] ?? NaN) / WINDOW);
    const size = Math.abs(flux - (fit.modelFlux[p] ?? NaN)) / (fit.continuum[p] ?? NaN);
    windows.set(from, [...(windows.get(from) ?? []), size]);
  });
  return [...windows].map(([from, sizes]) => ({ from, size: Number(median(sizes).toPrecision(4)) }));
}

/** The record of a fit. */
export function recordOf(
  star: string,
  lines: FitRecord['lines'],
  spectrum: Spectrum,
  fit: Solution,
  cost: Pick<FitRecord, 'jacobians' | 'spectra' | 'cpuSeconds'>,
): FitRecord {
  return {
    star,
    lines,
    failure: null,
    converged: fit.converged,
    chi2Reduced: fit.chi2Reduced,
    rv: fit.rv,
    labels: fit.labels.map(({ name, value, sigma, priorFraction, flags }) => ({ name, value, sigma, priorFraction, flags: [...flags] })),
    nuisances: [...fit.nuisances],
    misfit: misfitOf(spectrum, fit),
    ...cost,
  };
}

/** A record as the start of another fit of the same star. */
export const startOf = (record: FitRecord): StartingFit => ({
  model: record.lines,
  rv: record.rv,
  nuisances: Float64Array.from(record.nuisances),
  labels: record.labels.map(({ name, value, sigma, priorFraction }) => ({ name, value, sigma, priorFraction, flags: [] })),
});
