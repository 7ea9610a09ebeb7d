import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { describeWithShared } from '../../testing/shared.ts';
import { failureOf } from '../../testing/result.ts';
import { atmosphereGrid } from './atmosphereGrid.ts';
import { buildLineList } from './lineList.ts';
import { readNpz, writeNpz, type NpyArray } from '../../io/npz.ts';
import { loadTables } from './tables.ts';
import { completeLines, numberRows } from './tableChecks.ts';
import type { EosTables } from './eosTables.ts';

const array = (...shape: readonly number[]): NpyArray => ({ shape, data: new Float64Array(shape.reduce((a, b) => a * b, 1)).fill(1) });

describe('tables of a wrong shape', () => {
  const list = (): Map<string, NpyArray> =>
    new Map([
      ...['wave', 'ep', 'loggf', 'abo_loggam', 'abo_alpha', 'gamrad'].map((name) => [name, array(3)] as const),
      ['species', { ...array(3), text: ['26.0', '26.0', '26.0'] }],
    ]);
  const eos: EosTables = {
    partitionLnT: new Float64Array(0),
    lnU: [],
    ionisation: Array.from({ length: 93 }, () => [Infinity, Infinity]),
    molecules: [],
    reactive: [],
  };
  it('a line list needs columns of one length', () => {
    expect(buildLineList(list(), eos).count).toBe(3);
    for (const name of list().keys()) {
      expect(() => buildLineList(new Map([...list(), [name, array(2)]]), eos)).toThrow(
        /expected .*\[3\], found \[2\]|expected .*\[2\], found \[3\]/,
      );
      expect(() => buildLineList(new Map([...list()].filter(([other]) => other !== name)), eos)).toThrow(`expected an array '${name}'`);
    }
    expect(() => buildLineList(new Map([...list(), ['loggf', { shape: [3], data: Float64Array.of(0, NaN, 0) }]]), eos)).toThrow(
      "'loggf', found NaN at 1",
    );
  });

  it('atmospheres need layers for every model', () => {
    const labels = ['teff', 'logg', 'mh', 'am'].map((name) => [name, array(4)] as const);
    const layers = [...['T', 'rhox', 'P_gas', 'n_e'].map((name) => [name, array(4, 5)] as const), ['logtau_ross', array(5)] as const];

    expect(atmosphereGrid(new Map([...labels, ...layers])).layers).toBe(5);
    for (const name of ['rhox', 'P_gas', 'n_e'])
      expect(() => atmosphereGrid(new Map([...labels, ...layers, [name, array(4, 4)]]))).toThrow(
        `expected '${name}' of shape [4, 5], found [4, 4]`,
      );
    expect(() => atmosphereGrid(new Map([...labels, ...layers, ['T', { shape: [4, 5], data: new Float64Array(20) }]]))).toThrow('positive');
  });

  it('an array shorter than its head says is not read', () => {
    const bytes = writeNpz({ a: { dtype: '<f8', shape: [4], data: Float64Array.of(1, 2, 3) } });
    expect(() => readNpz(bytes)).toThrow('expected 32 bytes for shape (4), found 24');
  });

  it('a text cut short is noticed, also inside its last number', () => {
    expect(completeLines('1 2\r\n3 4\n')).toEqual(['1 2', '3 4']);
    expect(() => completeLines('1 2\n3 4')).toThrow('cut short');
    expect(() => completeLines('')).toThrow();
    expect(() => numberRows(['# head', '1 2', '3'], 2)).toThrow('expected 2 numbers, found "3"');
  });
});

describeWithShared('physics tables cut short', (shared) => {
  const files = new Map<string, Uint8Array>();
  const read = (path: string): Uint8Array => {
    const bytes = files.get(path) ?? readFileSync(join(shared, 'physics', path));
    files.set(path, bytes);
    return bytes;
  };
  beforeAll(() => {
    for (const list of ['lines/linemake_merged.npz', 'lines/linemake_vald.npz']) expect(loadTables(read, list).ok).toBe(true);
  }, 60_000);

  /** Loads the tables with one of them changed; the failure must name it. */
  const refused = (path: string, change: (bytes: Uint8Array) => Uint8Array): void => {
    const list = path.startsWith('lines/') ? path : undefined;
    const failure = failureOf(loadTables((other) => (other === path ? change(read(other)) : read(other)), list));
    expect(failure.code).toBe('TABLES_UNREADABLE');
    expect(failure.message).toContain(`'${path}'`);
    expect(failure.message).toMatch(path.endsWith('.npz') ? /zip|expected/ : /expected/);
  };
  const shortened = (bytes: Uint8Array, share: number): Uint8Array => bytes.subarray(0, Math.floor(bytes.length * share));

  it('every file is named, wherever it ends', { timeout: 120_000 }, () => {
    expect(files.size).toBeGreaterThan(20);
    [...files.keys()].forEach((path, i) => {
      const share = [0, 0.2, 0.5, 0.8, 1][i % 5];
      refused(path, (bytes) => (share === 1 ? bytes.subarray(0, -1) : shortened(bytes, share)));
    });
  });

  it('a text that ends with a whole line is noticed by what is missing', { timeout: 120_000 }, () => {
    for (const [i, path] of [...files.keys()].entries()) {
      if (path.endsWith('.npz') || (path.endsWith('.xs') && i % 3 !== 0)) continue;
      refused(path, (bytes) => {
        const share = path.includes('McLaughlin') ? 0.01 : path.includes('gaunt') ? 0.3 : 0.97;
        return bytes.subarray(0, shortened(bytes, share).lastIndexOf(10) + 1);
      });
    }
  });

  it('a level less, at the end of a whole level, is noticed', () => {
    refused('continuum/topbase_bound_free/c1.xs', (bytes) => {
      const lines = new TextDecoder().decode(bytes).split('\n');
      const last = lines.findLastIndex((line) => line.trim().split(/\s+/).length === 7);
      return new TextEncoder().encode(`${lines.slice(0, last).join('\n')}\n`);
    });
  });
});
