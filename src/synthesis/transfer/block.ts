/** One block of the grid: continuum, Planck function and hydrogen at its wavelengths. */
import { addHydrogenLines } from '../opacity/hydrogenLines.ts';
import type { HydrogenProfiles, HydrogenState } from '../opacity/hydrogen.ts';
import { planck } from './transfer.ts';
import type { ContinuumField } from './continuumField.ts';
import type { LineContext, LnGrid } from '../opacity/lineContext.ts';
import { hydrogenOverPartition, type Populations } from '../structure/populations.ts';

/** Points of one block of the grid. */
export const BLOCK = 256;
/** Hydrogen's profiles are smooth: they are computed on every fourth point. */
const HYDROGEN_STRIDE = 4;

/** Wavelengths λ_i of points start … start + count, Å. */
export const blockWavelengths = (grid: LnGrid, start: number, count: number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => Math.exp(grid.lnStart + (start + i) * grid.lnStep));

/** Linear interpolation of continuum arrays [layer·n + k] to the block's wavelengths, into [layer·count + i]. */
export function fromContinuum(
  field: { readonly wavelength: Float64Array },
  values: Float64Array,
  lambda: Float64Array,
  layers: number,
  out: Float64Array,
): void {
  const n = field.wavelength.length;
  const first = field.wavelength[0];
  const step = field.wavelength[1] - first;
  const count = lambda.length;
  const place = lambda.map((w) => (w - first) / step);
  for (let layer = 0; layer < layers; layer++) {
    for (let i = 0; i < count; i++) {
      const x = place[i];
      const k = x | 0;
      const f = x - k;
      const at = layer * n + k;
      out[layer * count + i] = (1 - f) * values[at] + f * values[at + 1];
    }
  }
}

/** Planck function of every layer at the block's wavelengths: linear between both ends, which over ~6 Å is right to 1e-5. */
export function blockPlanck(lambda: Float64Array, temperature: Float64Array, out: Float64Array): void {
  const count = lambda.length;
  const last = lambda[count - 1];
  const first = lambda[0];
  for (let layer = 0; layer < temperature.length; layer++) {
    const b0 = planck(first, temperature[layer]);
    const slope = count > 1 ? (planck(last, temperature[layer]) - b0) / (last - first) : 0;
    for (let i = 0; i < count; i++) out[layer * count + i] = b0 + slope * (lambda[i] - first);
  }
}

/** What hydrogen's lines need of a star's populations. */
export const hydrogenState = (pop: Populations): HydrogenState => ({
  temperature: pop.temperature,
  electrons: pop.electrons,
  neutral: hydrogenOverPartition(pop),
});

/** Hydrogen-line opacity of the block by [layer·count + i]. False where no line reaches: all is zero. */
export function blockHydrogen(
  { lines }: { readonly lines: LineContext },
  lambda: Float64Array,
  profiles: HydrogenProfiles,
  out: Float64Array,
): boolean {
  const count = lambda.length;
  const coarse = Math.ceil((count - 1) / HYDROGEN_STRIDE) + 1;
  const ratio = lambda[1] / lambda[0];
  const coarseLambda = Float64Array.from({ length: coarse }, (_, i) => lambda[0] * ratio ** (i * HYDROGEN_STRIDE));
  const { layers } = lines;
  const k = Math.min(Math.max(Math.round((lambda[0] - lines.continuumStart) / lines.continuumStep), 0), lines.continuumCount - 1);
  const limit = lines.limit.subarray(k * layers, (k + 1) * layers);
  const sparse = new Float64Array(layers * coarse);
  const any = addHydrogenLines(sparse, coarseLambda, profiles, limit);
  if (any) refine(sparse, layers, count, out);
  else out.fill(0);
  return any;
}

/** From every HYDROGEN_STRIDE-th point to all, linearly. */
function refine(sparse: Float64Array, layers: number, count: number, out: Float64Array): void {
  const coarse = sparse.length / layers;
  for (let layer = 0; layer < layers; layer++) {
    for (let i = 0; i < count; i++) {
      const k = (i / HYDROGEN_STRIDE) | 0;
      const f = i / HYDROGEN_STRIDE - k;
      const at = layer * coarse + k;
      const p = sparse[at];
      out[layer * count + i] = f === 0 ? p : p + f * (sparse[at + 1] - p);
    }
  }
}

/** Continuum flux at the block's wavelengths, linear between the points where it is computed. */
export function continuumFluxAt(field: ContinuumField, values: Float64Array, lambda: number): number {
  const step = field.wavelength[1] - field.wavelength[0];
  const x = (lambda - field.wavelength[0]) / step;
  const k = Math.floor(x);
  const f = x - k;
  return (1 - f) * values[k] + f * values[k + 1];
}
