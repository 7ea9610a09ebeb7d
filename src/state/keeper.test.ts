/** The store in the browser, by an IndexedDB in memory: what is put comes back, and an earlier version of the page is refused. */
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { indexedDbKeeper } from './keeper.ts';

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
});

describe('the keeper', () => {
  it('gives back what was put, typed arrays included', async () => {
    const keeper = indexedDbKeeper();
    const record = { id: 'a', flux: Float64Array.of(1, 2.5, NaN), nested: { ivar: new Float32Array(3) } };
    await keeper.put('a', record);
    await keeper.put('b', { id: 'b' });
    expect(await keeper.get('a')).toEqual(record);
    expect([...(await keeper.all()).keys()].sort()).toEqual(['a', 'b']);
  });

  it('replaces and removes', async () => {
    const keeper = indexedDbKeeper();
    await keeper.put('a', { value: 1 });
    await keeper.put('a', { value: 2 });
    expect(await keeper.get('a')).toEqual({ value: 2 });
    await keeper.remove('a');
    expect(await keeper.get('a')).toBeUndefined();
    expect((await keeper.all()).size).toBe(0);
    await keeper.remove('never there');
  });

  it('of another name, or opened anew, is another store, or the same', async () => {
    await indexedDbKeeper().put('a', { value: 1 });
    expect(await indexedDbKeeper().get('a')).toEqual({ value: 1 });
    expect(await indexedDbKeeper('other').get('a')).toBeUndefined();
  });

  it('rejects what cannot be copied, and goes on', async () => {
    const keeper = indexedDbKeeper();
    await expect(keeper.put('a', { f: () => 1 })).rejects.toThrow();
    await keeper.put('a', { value: 1 });
    expect(await keeper.get('a')).toEqual({ value: 1 });
  });

  it('rejects where the browser does not allow it, and tries again the next time', async () => {
    const real = indexedDB;
    vi.stubGlobal('indexedDB', {
      open: () => {
        throw new DOMException('not in a private window', 'SecurityError');
      },
    });
    const keeper = indexedDbKeeper();
    await expect(keeper.all()).rejects.toThrow('not in a private window');
    vi.stubGlobal('indexedDB', real);
    await keeper.put('a', { value: 1 });
    expect((await keeper.all()).size).toBe(1);
  });

  it('gives way to a later version of the page, which finds the records', async () => {
    const keeper = indexedDbKeeper();
    await keeper.put('a', { value: 1 });
    const later = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('maury', 99);
      request.onsuccess = () => {
        resolve(request.result);
      };
      request.onerror = () => {
        reject(request.error ?? new Error('cannot be opened'));
      };
    });
    expect([...later.objectStoreNames]).toEqual(['stars']);
    await expect(keeper.get('a')).rejects.toThrow();
    later.close();
  });
});
