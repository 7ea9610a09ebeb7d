import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LABELS } from '../domain/labels.ts';
import { readViewLink, writeViewLink, type ViewLink } from './viewLink.ts';

const optional = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(one, { nil: undefined });
const view = fc
  .record({
    star: optional(fc.constantFrom('sun', 'sample-k-giant', 'demo')),
    file: optional(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }).filter((name) => /^[^\p{Cc}/\\]+$/u.test(name) && name.length <= 200),
    ),
    spectrum: optional(fc.integer({ min: 2, max: 999_999 })),
    model: optional(fc.constantFrom('lte-atlas9-v3', 'lte-atlas9-v3-small')),
    labels: optional(
      fc.dictionary(
        fc.constantFrom(...LABELS),
        fc.integer({ min: -99_999, max: 99_999 }).map((value) => value / 100),
        { minKeys: 1, maxKeys: 8 },
      ),
    ),
    element: optional(fc.constantFrom(...LABELS)),
    window: optional(
      fc
        .tuple(fc.integer({ min: 10_000, max: 90_000 }), fc.integer({ min: 90_001, max: 300_000 }))
        .map(([a, b]) => [a / 10, b / 10] as const),
    ),
    frame: optional(fc.constantFrom('rest', 'observed')),
    scale: optional(fc.constantFrom('xh', 'xfe')),
  })
  .map((record) => Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as ViewLink)
  .filter((one) => Object.keys(one).length > 0);

describe('a view as a link', () => {
  it('reads as the address shows it', () => {
    const sun: ViewLink = {
      star: 'sun',
      model: 'lte-atlas9-v3',
      labels: { teff: 5777, Mg: 0.1 },
      element: 'Mg',
      window: [5100, 5250.5],
      frame: 'rest',
    };
    expect(writeViewLink(sun)).toBe('star=sun&model=lte-atlas9-v3&labels=teff:5777,Mg:0.1&element=Mg&window=5100-5250.5&frame=rest');
  });

  it('comes back as it was written', () => {
    fc.assert(
      fc.property(view, (one) => {
        const fragment = writeViewLink(one);
        fc.pre(fragment.length <= 2000);
        expect(readViewLink(`#${fragment}`)).toEqual({ view: one, unread: [] });
      }),
    );
  });

  it('is no other fragment', () => {
    for (const other of ['', '#', '#learn=magnesium', '#learn=magnesium&element=Mg', '#top', '#__proto__=1', '#constructor=star'])
      expect(readViewLink(other)).toBeNull();
  });

  it.each([
    ['star=nobody', 'star “nobody”'],
    ['star=__proto__', 'star “__proto__”'],
    ['labels=__proto__:1', 'labels “__proto__:1”'],
    ['labels=teff:1e999999999999999999999999', 'labels'],
    ['labels=teff:5777,teff', 'labels'],
    ['labels=teff:NaN', 'labels'],
    ['labels=teff:0x10', 'labels'],
    ['element=toString', 'element “toString”'],
    ['element=<img src=x onerror=alert(1)>', 'element'],
    ['window=5250-5100', 'window “5250-5100”'],
    ['window=0-99999', 'window'],
    ['window=5100', 'window'],
    ['frame=galactic', 'frame'],
    ['scale=', 'scale'],
    ['model=../../secret', 'model “../../secret”'],
    ['model=https://elsewhere.example/', 'model'],
    ['file=../star.fits', 'file'],
    ['file=a%00b', 'file'],
    ['spectrum=1e3', 'spectrum'],
    [`file=${'a'.repeat(201)}`, 'file “aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…”'],
    ['file=%E0%A4%A', 'file'],
  ])('%s is not taken, and what goes with it is', (bad, told) => {
    const read = readViewLink(`#${bad}&star=sun&frame=rest&element=Fe`);
    const own = bad.split('=')[0] ?? '';
    expect(Object.keys(read?.view ?? {}).every((name) => ['star', 'frame'].includes(name) || name === own)).toBe(true);
    if (bad === 'file=%E0%A4%A') return;
    expect(read?.unread.join()).toContain(told);
    expect(Object.hasOwn(read?.view ?? {}, own)).toBe(false);
  });

  it('of any text it reads known names alone, and never throws', () => {
    const known = ['star', 'file', 'spectrum', 'model', 'labels', 'element', 'window', 'frame', 'scale'];
    const hostile = fc
      .array(fc.tuple(fc.constantFrom(...known, '__proto__', 'constructor', 'x'), fc.string()).map((pair) => pair.join('=')))
      .map((all) => all.join('&'));
    fc.assert(
      fc.property(hostile, (text) => {
        const read = readViewLink(text);
        for (const name of Object.keys(read?.view ?? {})) expect(known).toContain(name);
        for (const value of Object.values(read?.view.labels ?? {})) expect(Number.isFinite(value)).toBe(true);
      }),
    );
    expect(readViewLink(`#star=sun&x=${'y'.repeat(5000)}`)).toMatchObject({
      view: {},
      unread: [expect.stringContaining('longer') as string],
    });
  });
});
