/** The parts of a spectrum that different detectors saw, as far as its reader tells. */
import type { Spectrum } from '../../domain/spectrum.ts';
import type { Part } from './parts.ts';

/** Where a spectrum without stated arms is halved, Å: near the joint of most surveys' arms. */
const HALVED_AT = 5800;

/** The stretches between the joints of arms, with their wavelengths (Å) as names. `wavelength` is observed, in vacuum. */
export function armsOf({ spectrum, wavelength }: { readonly spectrum: Spectrum; readonly wavelength: Float64Array }): Part[] {
  const [first, last] = [wavelength[0] ?? NaN, wavelength.at(-1) ?? NaN];
  const joints = spectrum.arms ?? (first < HALVED_AT - 500 && last > HALVED_AT + 500 ? [HALVED_AT] : [(first + last) / 2]);
  const edges = [-Infinity, ...joints, Infinity];
  return joints.concat(Infinity).map((to, k) => {
    const from = edges[k] ?? -Infinity;
    return {
      name: `${Math.max(first, from).toFixed(0)}–${Math.min(last, to).toFixed(0)} Å`,
      includes: (observed) => observed >= from && observed < to,
    };
  });
}
