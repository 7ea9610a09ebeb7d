import { describe, expect, it } from 'vitest';
import { hdu, imageHdu } from '../../testing/fitsBuilder.ts';
import { failureOf, valueOf } from '../../testing/result.ts';
import { readHeader } from './header.ts';
import { openFits } from './openFits.ts';

const header = (...cards: string[]) => valueOf(readHeader(hdu(cards), 0)).header;

describe('header cards', () => {
  it.each([
    ["OBJECT  = 'O''HARA '           / a name", 'OBJECT', "O'HARA"],
    ["SLASH   = 'a/b     '           / not a comment before", 'SLASH', 'a/b'],
    ['FLAG    =                    T / yes', 'FLAG', true],
    ['COUNT   =                  -42', 'COUNT', -42],
    ['DOUBLE  =          1.5D-3 / Fortran exponent', 'DOUBLE', 1.5e-3],
    ['NOTHING =                      / undefined', 'NOTHING', null],
    ['COMPLEX = (1.0, 2.0)', 'COMPLEX', '(1.0, 2.0)'],
    ['HIERARCH ESO DET WIN1 NX = 4096 / pixels', 'ESO DET WIN1 NX', 4096],
    ["HIERARCH ESO TPL NAME = 'a name'", 'ESO TPL NAME', 'a name'],
  ])('%s', (card, keyword, value) => {
    expect(header(card).get(keyword)).toBe(value);
  });

  it('joins CONTINUE cards and takes the first of repeated keywords', () => {
    const h = header(
      "LONG    = 'one &'",
      "CONTINUE  'two &'",
      "CONTINUE  'three'",
      'LONG    = 7',
      "AMP     = 'ends with &'",
      'NEXT    = 1',
    );
    expect(h.get('LONG')).toBe('one two three');
    expect(h.get('AMP')).toBe('ends with &');
    expect(h.number('NEXT')).toBe(1);
  });

  it('does not give text as a number nor blank text at all', () => {
    const h = header("A       = '12'", "B       = '   '");
    expect(h.number('A')).toBeUndefined();
    expect(h.text('B')).toBeUndefined();
  });
});

describe('a file that is not whole', () => {
  const whole = imageHdu([100], new Float64Array(100), [['CRVAL1', 4000]]);

  it('names both sizes where data are missing', () => {
    const failure = failureOf(openFits(whole.subarray(0, 3000)));
    expect(failure.code).toBe('FITS_TRUNCATED');
    expect(failure.message).toContain('asks for 3680 bytes');
    expect(failure.message).toContain('has 3000');
  });
  it('says so where the header has no end', () => {
    expect(failureOf(openFits(whole.subarray(0, 240))).message).toContain('no END card');
  });
  it('forgives missing padding', () => {
    expect(valueOf(openFits(whole.subarray(0, 3680))).hdus).toHaveLength(1);
  });
  it('warns of what follows the last HDU', () => {
    const result = openFits(new Uint8Array([...whole, ...new TextEncoder().encode('scribble')]));
    expect(result.ok && result.warnings[0]).toContain('8 bytes after the last HDU');
  });
  it.each([
    [[['SIMPLE', true] as const, ['BITPIX', 12] as const, ['NAXIS', 0] as const], 'BITPIX is 12'],
    [[['SIMPLE', true] as const, ['BITPIX', 8] as const], 'NAXIS is undefined'],
    [[['SIMPLE', true] as const, ['BITPIX', 8] as const, ['NAXIS', 1] as const, ['NAXIS1', -4] as const], 'NAXIS1 is -4'],
  ])('quotes what is wrong in a bad header', (cards, quoted) => {
    const failure = failureOf(openFits(hdu(cards)));
    expect(failure.code).toBe('FITS_BAD_HEADER');
    expect(failure.message).toContain(quoted);
  });
  it('quotes how another file begins', () => {
    const failure = failureOf(openFits(new TextEncoder().encode('GIF89a...')));
    expect(failure).toMatchObject({ code: 'FITS_NOT' });
    expect(failure.message).toContain('GIF89a');
  });
  it('recognises a file whose bytes were replaced as text', () => {
    const mangled = new TextEncoder().encode(new TextDecoder().decode(imageHdu([10], new Float64Array(10).fill(-1.1))));
    const failure = failureOf(openFits(mangled));
    expect(failure.code).toBe('FITS_DAMAGED_AS_TEXT');
    expect(failure.message).toMatch(/\d+ of its bytes/);
  });
});
