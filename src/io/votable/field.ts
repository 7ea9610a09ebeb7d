/** A column of a VOTable as its FIELD element describes it: its attributes and its description. */
export interface VotField {
  readonly name: string;
  readonly datatype: string;
  /** '' for a scalar, `*`, `12`, `2x3` … */
  readonly arraysize: string;
  readonly unit: string | null;
  readonly ucd: string | null;
  readonly utype: string | null;
  readonly nullValue: string | null;
  description: string;
}
