import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Spectrum } from '../domain/spectrum.ts';
import { readReplay } from '../results/replay.ts';
import { FakeClient } from '../testing/fakeClient.ts';
import { exportedRecords, exportedSpectrum, thisRun } from './exports.ts';
import { asRead, overruled, overruledOf } from './overruling.ts';
import { changedSinceFit, ownChanges } from './ownSettings.ts';
import { createSession } from './session.ts';

beforeEach(() => {
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined, removeItem: () => undefined });
});

const source = { name: 'a.fits', sha256: null, index: 0, reading: { fluxUnit: 'Jy' } };
const star = async (): Promise<Spectrum> => ({ ...(await new FakeClient().star('a.fits', false)), source });

describe('a spectrum that is read otherwise than its file says', () => {
  it('keeps its numbers and what the file said, and goes back to that', async () => {
    const file = await star();
    const said = { medium: 'air', frame: 'rest', resolvingPower: 2000 } as const;
    const other = overruled(file, said);
    expect(other).toMatchObject({ medium: 'air', frame: 'rest', lsf: { kind: 'resolving-power', resolvingPower: 2000 } });
    expect(other.wavelength).toBe(file.wavelength);
    expect(overruledOf(other)).toEqual(said);
    expect(asRead(other)).toEqual({ medium: 'vacuum', frame: 'barycentric', lsf: file.lsf, reading: { fluxUnit: 'Jy' } });
    expect(other.source?.reading).toEqual({ fluxUnit: 'Jy', ...said });
    expect(overruledOf(overruled(other, { frame: 'rest' }))).toEqual({ frame: 'rest' });
    expect(overruled(other, {})).toEqual(file);
    const simulated = await new FakeClient().star('a.fits', true);
    expect(overruled(overruled(simulated, said), {})).toEqual(simulated);
  });

  it('is fitted so; the fit of before stays and says of what it was; undo and reset bring the file back', async () => {
    const session = createSession(new FakeClient());
    const entries = () => session.store.getState().entries;
    const entry = () => {
      const found = entries().find(({ key }) => key === 'a.txt');
      if (found === undefined) throw new Error('not there');
      return found;
    };
    await vi.waitUntil(() => session.store.getState().engine.kind === 'ready' && entries().length > 0);
    await session.openFiles([{ name: 'a.txt', arrayBuffer: () => Promise.resolve(new ArrayBuffer(1)) }]);
    session.select('a.txt');
    session.fitSelected();
    await vi.waitUntil(() => entry().run.kind === 'done');
    session.overrule({ medium: 'air', resolvingPower: 1500 });
    expect(entry().run.kind).toBe('done');
    expect(ownChanges(entry())).toEqual(['read as air', 'R = 1500']);
    expect(changedSinceFit(entry())).toEqual(['the reading']);
    const medium = () => exportedRecords(entries(), thisRun()).flatMap((record) => (record.ok ? [record.provenance.medium] : []));
    expect(medium(), 'the result of before').toEqual(['vacuum']);
    expect(exportedSpectrum(entry(), thisRun()), 'the spectrum that its model lies over').toMatch(/vacuum/);
    expect(exportedSpectrum(entry(), thisRun())).not.toMatch(/\bair\b/);
    session.fitSelected();
    await vi.waitUntil(() => entry().run.kind === 'done' && changedSinceFit(entry()).length === 0);
    expect(medium()).toEqual(['air']);
    expect(readReplay(JSON.stringify(exportedRecords(entries(), thisRun()))).ok).toBe(true);
    session.resetOwn();
    expect(ownChanges(entry())).toEqual([]);
    session.undo();
    expect(ownChanges(entry())).toEqual(['read as air', 'R = 1500']);
    session.undo();
    expect(ownChanges(entry())).toEqual([]);
    // The file is still at hand for an answer.
    session.overrule({ frame: 'rest' });
    await session.answer('a.txt', { medium: 'air' });
    expect(entry().spectrum.medium).toBe('air');
    expect(session.store.getState().notices).toEqual([]);
  });
});
