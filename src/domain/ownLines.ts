/** A person's own list of lines, to be marked over a spectrum. */
export interface OwnLines {
  /** Name of the file. */
  readonly name: string;
  /** By increasing wavelength, Å, vacuum, rest. */
  readonly lines: readonly { readonly wavelength: number; readonly name: string }[];
}
