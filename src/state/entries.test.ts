import { describe, expect, it } from 'vitest';
import { FakeClient } from '../testing/fakeClient.ts';
import * as list from './entries.ts';

const star = await new FakeClient().star('a.fits', false);
const three = list.addSpectra(list.EMPTY, [star, { ...star, id: 'b.fits' }, { ...star, id: 'c.fits' }], []);

describe('the list of spectra', () => {
  it('selects the first of what was added and numbers a name that is taken', () => {
    expect(three.selected).toBe('a.fits');
    const more = list.addSpectra(three, [star, star], []);
    expect(more.entries.map(({ key }) => key)).toEqual(['a.fits', 'b.fits', 'c.fits', 'a.fits (2)', 'a.fits (3)']);
    expect(more.selected).toBe('a.fits (2)');
  });

  it('selects the neighbour of what was removed, and puts it back where it was', () => {
    const middle = { ...three, selected: 'b.fits' };
    const without = list.removeEntry(middle, 'b.fits');
    expect(without.selected).toBe('c.fits');
    const [, removed] = three.entries;
    if (removed === undefined) throw new Error('no second entry');
    expect(list.restoreEntry(without, removed, 1)).toEqual(middle);
  });

  it('leaves nothing selected when the last one goes', () => {
    const one = list.addSpectra(list.EMPTY, [star], []);
    expect(list.removeEntry(one, 'a.fits')).toEqual(list.EMPTY);
  });

  it('steps through the spectra and stops at the ends', () => {
    expect(list.stepSelection(three, 1).selected).toBe('b.fits');
    expect(list.stepSelection(three, -1).selected).toBe('a.fits');
    expect(list.stepSelection({ ...three, selected: 'c.fits' }, 1).selected).toBe('c.fits');
  });

  it('keeps problems until they are dismissed', () => {
    const failure = { code: 'X', message: 'x' };
    const two = list.addNotice(list.addNotice(list.EMPTY, 'a', failure), 'b', failure);
    const [first] = two.notices;
    expect(list.dismissNotice(two, first?.key ?? '').notices.map(({ about }) => about)).toEqual(['b']);
  });
});
