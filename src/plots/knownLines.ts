/** A feature every stellar spectroscopist looks for. */
export interface KnownLine {
  readonly name: string;
  /** Å, vacuum, rest. */
  readonly wavelength: number;
  /** 1 for those looked for first: where two names would touch, they keep theirs. */
  readonly rank: number;
}

/** Landmarks of FGK spectra. Vacuum wavelengths: NIST Atomic Spectra Database; the G band by its usual centre. */
const KNOWN_LINES: readonly KnownLine[] = [
  { name: 'Ca II K', wavelength: 3934.78, rank: 2 },
  { name: 'Ca II H', wavelength: 3969.59, rank: 5 },
  { name: 'Hδ', wavelength: 4102.89, rank: 4 },
  { name: 'G band', wavelength: 4305, rank: 3 },
  { name: 'Hγ', wavelength: 4341.69, rank: 4 },
  { name: 'Hβ', wavelength: 4862.69, rank: 2 },
  { name: 'Mg b', wavelength: 5174.13, rank: 1 },
  { name: 'Na D', wavelength: 5894.57, rank: 2 },
  { name: 'Hα', wavelength: 6564.61, rank: 1 },
  { name: 'O I', wavelength: 7774.1, rank: 5 },
  { name: 'Ca II', wavelength: 8500.36, rank: 5 },
  { name: 'Ca II', wavelength: 8544.44, rank: 3 },
  { name: 'Ca II', wavelength: 8664.52, rank: 4 },
];

/** Width of a letter of a name, and the least gap between two names, in CSS pixels. */
const LETTER = 6;
const GAP = 4;

/** The landmarks in view (`shown`, Å; λ there is rest λ times `shift`) whose names do not touch on an axis `pixels` wide, with where they stand. */
export function landmarksInView(
  shift: number,
  shown: readonly [number, number],
  pixels: number,
): readonly { readonly name: string; readonly at: number }[] {
  const perPixel = (shown[1] - shown[0]) / Math.max(1, pixels);
  const standing: { readonly name: string; readonly at: number; readonly half: number }[] = [];
  for (const { name, wavelength } of [...KNOWN_LINES].sort((a, b) => a.rank - b.rank)) {
    const at = wavelength * shift;
    const half = (LETTER * name.length) / 2;
    if (at < shown[0] || at > shown[1]) continue;
    if (standing.every((other) => Math.abs(at - other.at) >= (half + other.half + GAP) * perPixel)) standing.push({ name, at, half });
  }
  return standing.sort((a, b) => a.at - b.at);
}
