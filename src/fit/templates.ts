/** Label vectors that span the stars a bundle knows: templates of the velocity search, and starts of the fit. */
import type { EmulatorInfo } from '../domain/emulator.ts';
import { isElement } from '../domain/labels.ts';
import { empiricalVmic } from './priors.ts';

/** T_eff, log g, [Fe/H] along the dwarf, subgiant and giant sequences of old and young, metal-rich and metal-poor stars. */
const SEQUENCE: readonly (readonly [number, number, number])[] = [
  [4150, 1.2, -0.2],
  [4300, 0.9, -1.4],
  [4500, 2.1, 0.1],
  [4600, 1.5, -2.0],
  [4750, 2.6, -0.4],
  [5000, 2.8, 0],
  [5000, 2.2, -1.8],
  [4250, 4.7, -0.1],
  [4700, 4.6, 0.1],
  [5000, 4.6, -0.8],
  [5300, 3.7, -0.3],
  [5300, 4.5, 0.1],
  [5600, 3.3, -2.0],
  [5650, 4.5, -0.9],
  [5800, 4.4, 0.1],
  [5950, 4.2, -0.4],
  [6100, 4.3, -1.7],
  [6300, 4.1, 0],
  [6450, 4.2, -0.7],
  [6700, 4.1, 0.1],
  [7050, 4.1, -0.2],
];
const ALPHA = ['O', 'Mg', 'Si', 'S', 'Ca', 'Ti'];

/** Templates inside the bundle's box (clipped to it), without repeats; [α/Fe] rises to 0.3 at [Fe/H] ≤ −1 as it does in the Galaxy. */
export function templateLabels(info: EmulatorInfo): Float64Array[] {
  const seen = new Set<string>();
  const out: Float64Array[] = [];
  for (const [teff, logg, feh] of SEQUENCE) {
    const alpha = Math.min(0.3, Math.max(0, -0.3 * feh));
    const vector = Float64Array.from(info.labels, ({ name, min, max }) => {
      const value = isElement(name) ? (ALPHA.includes(name) ? alpha : 0) : { teff, logg, feh, vmic: empiricalVmic(teff, logg, feh) }[name];
      return Math.min(max, Math.max(min, value));
    });
    const key = vector.join(' ');
    if (!seen.has(key)) out.push(vector);
    seen.add(key);
  }
  return out;
}

/** Indices of the best start and of the best one that is a different kind of star (600 K, 1 dex in log g or [Fe/H] away). */
export function distinctStarts(info: EmulatorInfo, templates: readonly Float64Array[], chi2: Float64Array): number[] {
  const order = templates.map((_, i) => i).sort((a, b) => (chi2[a] ?? Infinity) - (chi2[b] ?? Infinity));
  const first = order[0];
  if (first === undefined) return [];
  const scale: Readonly<Record<string, number>> = { teff: 600, logg: 1, feh: 1 };
  const differs = (i: number) =>
    info.labels.some(({ name }, k) => {
      const unit = scale[name];
      return unit !== undefined && Math.abs((templates[i]?.[k] ?? 0) - (templates[first]?.[k] ?? 0)) >= unit;
    });
  const second = order.find(differs);
  return second === undefined ? [first] : [first, second];
}
