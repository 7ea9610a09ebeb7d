import { beforeEach, describe, expect, it, vi } from 'vitest';
import { file, startedSession } from '../testing/startedSession.ts';
import { shownLabels } from './shownLabels.ts';
import { viewFragment } from './viewLinks.ts';

beforeEach(() => {
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined, removeItem: () => undefined });
});

type Started = Awaited<ReturnType<typeof startedSession>>;
const sliders = ({ state }: Started) => {
  const { engine, entries, selected } = state();
  if (engine.kind !== 'ready') throw new Error('no model');
  return [...shownLabels(engine.engine, entries.find(({ key }) => key === selected) ?? null)];
};
const fragmentOf = ({ state, session }: Started) => viewFragment(state(), session.settings.getState()) ?? '';

describe('a link', () => {
  it('shows a sample star elsewhere with the same sliders, wavelengths, element and frame; undo takes the display back', async () => {
    const here = await startedSession();
    await here.session.openSample('sun');
    await vi.waitUntil(() => here.state().entries.find(({ key }) => key === 'sun')?.run.kind === 'done');
    here.session.setLabel(0, 5400);
    here.session.setWindow([5100, 5250]);
    here.session.settings.getState().setDerivative('Ca');
    here.session.settings.getState().setFrame('observed');
    here.session.settings.getState().setScale('xfe');
    const fragment = fragmentOf(here);
    expect(fragment).toMatch(/^star=sun&model=.*&labels=teff:5400&element=Ca&window=5100-5250&frame=observed&scale=xfe$/);

    const there = await startedSession();
    await there.session.openLink(`#${fragment}`);
    expect(sliders(there)).toEqual(sliders(here));
    expect(there.state()).toMatchObject({ selected: 'sun', window: [5100, 5250], notices: [] });
    expect(there.session.settings.getState()).toMatchObject({ derivative: 'Ca', frame: 'observed', scale: 'xfe' });
    expect(fragmentOf(there)).toBe(fragment);
  });

  it('of a file asks for it, and is shown when it is opened and fitted', async () => {
    const there = await startedSession();
    const opened = there.session.openLink('#file=my%20star.fits&window=6500-6600&labels=logg:3.5');
    await vi.waitUntil(() => there.state().awaited === 'my star.fits');
    await there.session.dropFiles([file('other.fits')]);
    expect(there.state().awaited).toBe('my star.fits');
    await there.session.dropFiles([file('my star.fits')]);
    await opened;
    expect(there.state()).toMatchObject({ awaited: null, selected: 'my star.fits', window: [6500, 6600] });
    expect(there.state().entries.find(({ key }) => key === 'my star.fits')?.run.kind).toBe('done');
    expect(sliders(there)[1]).toBe(3.5);
  });

  it('that is given up shows nothing of a file', async () => {
    const there = await startedSession();
    const opened = there.session.openLink('#file=a.fits&window=6500-6600');
    await vi.waitUntil(() => there.state().awaited !== null);
    there.session.forgetAwaited();
    await opened;
    await there.session.dropFiles([file('a.fits')]);
    expect(there.state().window).toBeNull();
  });

  it('of a model that is not there says so, and shows the rest', async () => {
    const there = await startedSession();
    await there.session.openLink('#star=demo&model=nonesuch&element=Ti&window=5000-6000&star=x&frame=sideways');
    expect(there.state().notices.map(({ failure }) => failure.code)).toEqual(['LINK_PARTLY_READ', 'LINK_MODEL_UNKNOWN']);
    expect(there.state().window).toEqual([5000, 6000]);
    expect(there.session.settings.getState().derivative).toBe('Ti');
  });
});
