import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { StellarLabels } from '../domain/labels.ts';
import { failureOf, valueOf } from '../testing/result.ts';
import { describeWithShared } from '../testing/shared.ts';
import { parseAtmosphere } from './structure/decks.ts';
import { createSynthesizer } from './synthesize.ts';
import { loadTables, type PhysicsTables } from './tables/tables.ts';

const layer = (i: number, t = 4000 + 100 * i): string =>
  `  ${(1e-3 * 1.3 ** i).toExponential(6)}  ${t.toFixed(1)} ${(10 * 1.3 ** i).toExponential(3)} 1.000E+10 1.0E-04`;
const deck = (rows: readonly string[], announced: number): string =>
  ['TITLE made up', `READ DECK6 ${String(announced)} RHOX,T,P,XNE`, ...rows, 'PRADK 1.0'].join('\n');
const rows = Array.from({ length: 20 }, (_, i) => layer(i));

describe('model atmospheres from text', () => {
  it('are whole or refused', () => {
    expect(valueOf(parseAtmosphere(deck(rows, 20))).temperature).toHaveLength(20);
    expect(failureOf(parseAtmosphere(deck(rows.slice(0, 15), 20))).message).toContain('Found 15 layers');
    expect(failureOf(parseAtmosphere(deck(rows, 20).slice(0, 700))).code).toBe('DECK_FORMAT');
    expect(failureOf(parseAtmosphere('nothing')).message).toContain("neither 'READ DECK' nor 'lgTauR'");
  });
  it('name the layer that makes no sense', () => {
    expect(failureOf(parseAtmosphere(deck(rows.with(3, layer(3, -5)), 20))).message).toBe('T = -5 in layer 4.');
    expect(failureOf(parseAtmosphere(deck(rows.with(7, layer(6)), 20))).message).toMatch(/^RHOX = .* in layer 8\.$/);
  });
});

describeWithShared('stars that cannot be made', (shared) => {
  let tables: PhysicsTables;
  beforeAll(() => {
    tables = valueOf(loadTables((path) => readFileSync(join(shared, 'physics', path))));
  }, 60_000);
  const star: StellarLabels = { teff: 5000, logg: 3, vmic: 1.5, feh: 0, xfe: {} };

  it.each<[Partial<StellarLabels>, string, string, RegExp]>([
    [{ teff: 9000 }, 'LABEL_OUT_OF_GRID', 'teff = 9000', /3500 … 8000/],
    [{ teff: NaN }, 'LABEL_OUT_OF_GRID', 'teff = NaN', /3500 … 8000/],
    [{ logg: 5.5 }, 'LABEL_OUT_OF_GRID', 'logg = 5.5', /0 … 5/],
    [{ feh: -3 }, 'LABEL_OUT_OF_GRID', 'feh = -3', /-2.5 … 0.5/],
    [{ xfe: { O: 0.9, Mg: 0.9, Si: 0.9, Ca: 0.9, Ti: 0.9 } }, 'LABEL_OUT_OF_GRID', '[alpha/Fe] = 0.9', /-0.35 … 0.75/],
    [{ vmic: -1 }, 'VMIC_INVALID', 'vmic = -1', /0 and 20/],
    [{ vmic: Infinity }, 'VMIC_INVALID', 'vmic = Infinity', /0 and 20/],
    [{ teff: 7900, logg: 0.2 }, 'ATMOSPHERE_MISSING', 'teff 7900, logg 0.20', /raise logg/],
  ])('%j: %s', (change, code, found, range) => {
    const failure = failureOf(createSynthesizer(tables, { derivatives: false, stepKms: 5 })({ ...star, ...change }));
    expect(failure.code).toBe(code);
    expect(failure.message).toContain(found);
    expect(`${failure.message} ${failure.hint ?? ''}`).toMatch(range);
  });

  it('an atmosphere without an equation of state is named with its layer', () => {
    const atmosphere = valueOf(parseAtmosphere(deck(rows.with(5, layer(5, 1)), 20)));
    const failure = failureOf(createSynthesizer(tables, { derivatives: false, stepKms: 5, atmosphere })(star));
    expect(failure.code).toBe('EOS_NOT_CONVERGED');
    expect(failure.message).toContain('layer 6');
  });

  it('every reference deck is whole', () => {
    const folder = join(shared, 'reference', 'atmospheres');
    for (const name of readdirSync(folder))
      expect(parseAtmosphere(readFileSync(join(folder, name), 'utf8')), name).toMatchObject({ ok: true });
  });
});
