/**
 * Bands and lines of objects that the model does not know, looked for at their places: titanium oxide of M stars, carbon of carbon stars and DQ white
 * dwarfs, helium of hot stars and DB white dwarfs. The flux over the model's lines and over a stiff continuum is compared on both sides of each
 * band's head, so that it does not matter what the fit's own, supple continuum made of the band.
 */
import { windowMean, type Look } from './look.ts';

type Window = readonly [from: number, to: number];
interface Head {
  readonly name: string;
  /** Å in vacuum, in the star's frame. `dark` lies within the band, `bright` beside its head. */
  readonly bright: Window;
  readonly dark: Window;
}

/** Heads of TiO (α, γ′, γ), degraded to the red; after Jørgensen (1994, A&A 284, 179) and the windows of Reid et al. (1995, AJ 110, 1838). */
const TIO: readonly Head[] = [
  { name: 'TiO 4955', bright: [4930, 4952], dark: [4957, 4985] },
  { name: 'TiO 5168', bright: [5148, 5164], dark: [5190, 5225] },
  { name: 'TiO 6160', bright: [6128, 6150], dark: [6162, 6200] },
  { name: 'TiO 6653', bright: [6620, 6646], dark: [6656, 6700] },
  { name: 'TiO 7056', bright: [7038, 7052], dark: [7090, 7140] },
];
/** Heads of the Swan system of C2, degraded to the violet. */
const SWAN: readonly Head[] = [
  { name: 'C2 4738', bright: [4742, 4765], dark: [4705, 4735] },
  { name: 'C2 5167', bright: [5190, 5215], dark: [5130, 5164] },
  { name: 'C2 5637', bright: [5640, 5670], dark: [5600, 5634] },
];
/** Lines of neutral helium, Å in vacuum (NIST). */
const HELIUM: readonly number[] = [4027.3, 4472.7, 4923.3, 5017.1, 5877.2, 6680.0, 7067.1];

export interface Band {
  readonly name: string;
  /** ln of bright over dark (bands), or equivalent width in Å (lines); positive where the band is there. */
  readonly depth: number;
  readonly sigma: number;
  readonly window: Window;
}

function drops(look: Look, heads: readonly Head[]): Band[] {
  const { flux, model, stiff, weight } = look;
  const value = (p: number): number => (flux[p] ?? NaN) / ((model[p] ?? NaN) * (stiff[p] ?? NaN));
  const sigma = (p: number): number => 1 / Math.sqrt(weight[p] ?? NaN) / Math.abs((model[p] ?? NaN) * (stiff[p] ?? NaN));
  return heads.flatMap(({ name, bright, dark }) => {
    const [a, b] = [windowMean(look, bright, value, sigma), windowMean(look, dark, value, sigma)];
    if (a === null || b === null || !(a.mean > 0)) return [];
    // A band that leaves nothing is as deep as its noise.
    const floor = Math.max(b.mean, b.sigma, 0.02);
    const depth = Math.log(a.mean / floor);
    return [
      {
        name,
        depth,
        sigma: Math.hypot(a.sigma / a.mean, b.sigma / floor),
        window: [Math.min(bright[0], dark[0]), Math.max(bright[1], dark[1])],
      },
    ];
  });
}

export const titaniumOxide = (look: Look): Band[] => drops(look, TIO);
export const carbon = (look: Look): Band[] => drops(look, SWAN);

/** Equivalent widths (Å) of what the data have below the model at the lines of helium. */
export function helium(look: Look): Band[] {
  const { flux, model, continuum, weight } = look;
  return HELIUM.flatMap((line) => {
    const half = (1.2 * line) / look.resolvingPower;
    const window: Window = [line - half, line + half];
    const found = windowMean(
      look,
      window,
      (p) => (model[p] ?? NaN) - (flux[p] ?? NaN) / (continuum[p] ?? NaN),
      (p) => 1 / Math.sqrt(weight[p] ?? NaN) / Math.abs(continuum[p] ?? NaN),
    );
    return found === null ? [] : [{ name: `He I ${line.toFixed(0)}`, depth: 2 * half * found.mean, sigma: 2 * half * found.sigma, window }];
  });
}
