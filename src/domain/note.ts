/** What a person thinks of a star after a look at it: no part of the fit, which it does not change. */

/** A person's verdict. */
export type NoteVerdict = 'good' | 'bad' | 'unsure';

export const NOTE_VERDICTS: readonly NoteVerdict[] = ['good', 'bad', 'unsure'];

export interface StarNote {
  /** Null while none is given. */
  readonly verdict: NoteVerdict | null;
  /** One line of text; empty for none. */
  readonly comment: string;
}

export const NO_NOTE: StarNote = { verdict: null, comment: '' };

/** The longest comment, characters. */
export const LONGEST_COMMENT = 200;
