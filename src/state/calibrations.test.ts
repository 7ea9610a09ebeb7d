import { describe, expect, test } from 'vitest';
import { FakeClient } from '../testing/fakeClient.ts';
import { madeCalibration } from '../testing/madeCalibration.ts';
import { exportedRecords } from './exports.ts';
import type { NamedFile } from './reading.ts';
import { createSession } from './session.ts';

const file = (name: string, content: unknown): NamedFile => ({
  name,
  arrayBuffer: () => Promise.resolve(new TextEncoder().encode(JSON.stringify(content)).buffer),
});

async function fitted() {
  const client = new FakeClient();
  client.calibrationFiles = [madeCalibration('first', client.model, 50), madeCalibration('foreign', client.model, 0, 'other weights')];
  const session = createSession(client);
  await expect.poll(() => session.store.getState().calibrations.length).toBe(1);
  await session.openFiles([file('a.fits', {})]);
  session.fitSelected();
  await expect.poll(() => session.store.getState().entries.some(({ run }) => run.kind === 'done')).toBe(true);
  return { client, session };
}
type Session = Awaited<ReturnType<typeof fitted>>['session'];
const done = (session: Session) => {
  const entry = session.store.getState().entries.find(({ run, spectrum }) => run.kind === 'done' && !spectrum.simulated);
  if (entry?.run.kind !== 'done') throw new Error('no fit');
  return { calibrated: entry.run.calibrated, raw: entry.run.result.labels.find(({ name }) => name === 'teff')?.value ?? NaN };
};

describe('choosing a calibration', () => {
  test('the site’s are listed if they fit the weights, and the first one applies', async () => {
    const { session } = await fitted();
    const { calibrated, raw } = done(session);
    expect(calibrated.calibration).toBe('first');
    expect(calibrated.parameters['teff']?.calibrated).toBeCloseTo(raw - 50, 6);
  });

  test('one that is dropped is listed, chosen and applied to what is there', async () => {
    const { client, session } = await fitted();
    await session.openFiles([file('mine.json', madeCalibration('mine', client.model, -80))]);
    expect(session.store.getState().calibration).toBe('mine');
    expect(done(session).calibrated.parameters['teff']?.calibrated).toBeCloseTo(done(session).raw + 80, 6);
    session.chooseCalibration('first');
    expect(done(session).calibrated.parameters['teff']?.calibrated).toBeCloseTo(done(session).raw - 50, 6);
    session.chooseCalibration(null);
    expect(done(session).calibrated).toMatchObject({ calibration: 'none', parameters: { teff: { calibrated: null } } });
  });

  test('one for other weights is refused by name, and nothing changes', async () => {
    const { client, session } = await fitted();
    await session.openFiles([file('old.json', madeCalibration('old', client.model, -80, 'older'))]);
    expect(session.store.getState().notices.map(({ failure }) => failure.code)).toEqual(['CALIBRATION_OTHER_MODEL']);
    expect(session.store.getState().calibration).toBe('first');
  });

  test('raw alone leaves no calibrated value in an export', async () => {
    const { session } = await fitted();
    const { entries } = session.store.getState();
    const run = { software: { name: 'maury', version: '0', commit: null }, date: '' } as unknown as Parameters<typeof exportedRecords>[1];
    const [star] = exportedRecords(entries, run, 'raw');
    expect(star?.ok === true ? [star.calibration, star.labels['teff']?.calibrated] : []).toEqual(['none', null]);
    const [other] = exportedRecords(entries, run, 'calibrated');
    expect(other?.ok === true ? other.calibration : '').toBe('first');
  });
});
