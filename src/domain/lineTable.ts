/** Which lines make the features of typical stars: derived numbers that ship with the page (`public/models/lines.json`). */

/** A typical star whose spectrum was synthesised. */
export interface TypicalStar {
  readonly title: string;
  /** K, dex, km/s, dex. */
  readonly teff: number;
  readonly logg: number;
  readonly vmic: number;
  readonly feh: number;
  /** [α/Fe], dex. */
  readonly alpha: number;
}

/** The lines that matter at low resolution, by increasing wavelength, as columns. */
export interface LineTable {
  /** Name and version of the program that made it, and the command. */
  readonly software: string;
  readonly command: string;
  /** The line list, what to cite for it, and sha256 (hex) of its files. */
  readonly list: { readonly name: string; readonly citation: string; readonly sha256: Readonly<Record<string, string>> };
  /** At which shares are taken. */
  readonly resolvingPower: number;
  readonly stars: readonly TypicalStar[];
  /** As astronomers write them: `Fe I`, `Ba II`, `H I`, `CH`. */
  readonly species: readonly string[];
  /** Å, vacuum, rest; of a band, the centre of what it absorbs within one resolution element. */
  readonly wavelength: Float64Array;
  /** Place of each line's species in `species`. */
  readonly speciesOf: Uint8Array;
  /** By star and line: share of the depth, at the resolving power and at the line's wavelength, that the line makes; whole per cent. */
  readonly share: readonly Uint8Array[];
  /** By star and line: equivalent width, mÅ, the line's part of what blended lines absorb together. */
  readonly width: readonly Float64Array[];
}
