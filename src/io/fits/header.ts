import { failed, success, type Result } from '../../domain/result.ts';

export const FITS_BLOCK = 2880;
const CARD = 80;

export type HeaderValue = string | number | boolean | null;

/** One keyword of a header. Complex values stay text; an undefined value is null. */
export interface HeaderCard {
  readonly keyword: string;
  readonly value: HeaderValue;
  /** What follows the slash; empty where nothing does. */
  readonly comment: string;
}

/** The keywords of one HDU; where a keyword repeats, the first counts. */
export class FitsHeader {
  readonly cards: readonly HeaderCard[];
  readonly #byKeyword = new Map<string, HeaderValue>();

  constructor(cards: readonly HeaderCard[]) {
    this.cards = cards;
    for (const { keyword, value } of cards) if (!this.#byKeyword.has(keyword)) this.#byKeyword.set(keyword, value);
  }

  has(keyword: string): boolean {
    return this.#byKeyword.has(keyword);
  }
  get(keyword: string): HeaderValue | undefined {
    return this.#byKeyword.get(keyword);
  }
  /** A finite number, or undefined where the keyword is absent or something else. */
  number(keyword: string): number | undefined {
    const value = this.#byKeyword.get(keyword);
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  }
  /** Text without surrounding blanks, or undefined where absent, empty or not text. */
  text(keyword: string): string | undefined {
    const value = this.#byKeyword.get(keyword);
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
  }
  /** What a header says in words: COMMENT and HISTORY cards, texts of keywords that describe the axis, and the comments behind the slashes. */
  get remarks(): readonly string[] {
    return this.cards.flatMap(({ keyword, value, comment }) => {
      if (keyword === 'COMMENT' || keyword === 'HISTORY') return typeof value === 'string' ? [value] : [];
      const text = /^(WAT1|CTYPE1|CUNIT1|TCOMM|WAVE|LAMBDA)/.test(keyword) && typeof value === 'string' ? `${keyword} ${value}` : '';
      const about = /^(WAT1|CTYPE1|CUNIT1|CRVAL1|CDELT1|CD1_1|COEFF|TTYPE|TUNIT|TCOMM|WAVE|LAMBDA|WMIN|WMAX|W1|WPC)/.test(keyword)
        ? comment
        : '';
      return [text, about].filter((line) => line !== '');
    });
  }
  isTrue(keyword: string): boolean {
    return this.#byKeyword.get(keyword) === true;
  }
}

/**
 * The header that starts at byte `offset`, and where its data unit starts. FITS standard 4.0, section 4, with the CONTINUE (4.2.1.2)
 * and HIERARCH conventions: `HIERARCH ESO DET WIN1 NX` is found as `ESO DET WIN1 NX`.
 */
export function readHeader(bytes: Uint8Array, offset: number): Result<{ header: FitsHeader; dataOffset: number }> {
  const cards: HeaderCard[] = [];
  let continued = '';
  let continuing: string | null = null;
  for (let at = offset; at + CARD <= bytes.length; at += CARD) {
    // Some programs pad cards, or the block after END, with NUL instead of blanks.
    const card = latin1(bytes.subarray(at, at + CARD)).replace(/\0/g, ' ');
    const keyword = card.slice(0, 8).trimEnd();
    if (keyword === 'END' && card.slice(8).trim() === '') {
      const dataOffset = offset + Math.ceil((at + CARD - offset) / FITS_BLOCK) * FITS_BLOCK;
      return success({ header: new FitsHeader(cards), dataOffset });
    }
    if (keyword === 'CONTINUE' && continuing !== null) {
      const part = parseValue(card.slice(8));
      const text = typeof part === 'string' ? part : '';
      const more = text.endsWith('&');
      continued += more ? text.slice(0, -1) : text;
      cards[cards.length - 1] = { keyword: continuing, value: continued, comment: '' };
      if (!more) continuing = null;
      continue;
    }
    const parsed = parseCard(card, keyword);
    cards.push(parsed);
    continuing = null;
    if (typeof parsed.value === 'string' && parsed.value.endsWith('&')) {
      continuing = parsed.keyword;
      continued = parsed.value.slice(0, -1);
    }
  }
  return failed(
    'FITS_TRUNCATED',
    `The FITS header at byte ${offset} has no END card: the file stops at byte ${bytes.length}.`,
    'The file is incomplete; download or copy it again.',
  );
}

function parseCard(card: string, keyword: string): HeaderCard {
  if (card.slice(8, 10) === '= ') return { keyword, value: parseValue(card.slice(10)), comment: commentOf(card.slice(10)) };
  if (keyword === 'HIERARCH') {
    const equals = card.indexOf('=');
    if (equals > 0) return { keyword: card.slice(8, equals).trim(), value: parseValue(card.slice(equals + 1)), comment: '' };
  }
  return { keyword, value: card.slice(8).trimEnd(), comment: '' };
}

/** What follows the slash of a value field, beyond a quoted string. */
function commentOf(field: string): string {
  const rest = field.trimStart().startsWith("'") ? field.replace(/^\s*'(?:[^']|'')*'/, '') : field;
  const slash = rest.indexOf('/');
  return slash < 0 ? '' : rest.slice(slash + 1).trim();
}

function parseValue(field: string): HeaderValue {
  const text = field.trimStart();
  if (text.startsWith("'")) return parseString(text);
  const bare = (text.split('/', 1)[0] ?? '').trim();
  if (bare === '') return null;
  if (bare === 'T' || bare === 'F') return bare === 'T';
  return /^[+-]?(\d+\.?\d*|\.\d+)([EDed][+-]?\d+)?$/.test(bare) ? Number(bare.replace(/[Dd]/, 'E')) : bare;
}

/** A quoted string: doubled quotes are one quote, trailing blanks do not count. */
function parseString(text: string): string {
  let value = '';
  for (let i = 1; i < text.length; i++) {
    if (text.charAt(i) !== "'") value += text.charAt(i);
    else if (text.charAt(i + 1) === "'") {
      value += "'";
      i++;
    } else break;
  }
  return value.trimEnd();
}

/** Bytes as characters, one to one. */
export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
