import { createRoot } from 'react-dom/client';
import type { Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { success } from '../domain/result.ts';
import { createSession } from '../state/session.ts';
import { SETTINGS_KEY } from '../state/settings.ts';
import { FakeClient } from '../testing/fakeClient.ts';
import { madeCalibration } from '../testing/madeCalibration.ts';
import { App } from './App.tsx';
import './theme.css';

let root: Root;
let client: FakeClient;
let session: ReturnType<typeof createSession>;

beforeEach(async () => {
  await page.viewport(1440, 900);
  localStorage.removeItem(SETTINGS_KEY);
  const place = document.createElement('div');
  place.id = 'root';
  document.body.replaceChildren(place);
  client = new FakeClient();
  session = createSession(client);
  root = createRoot(place);
  root.render(<App session={session} />);
  await expect.element(page.getByRole('listitem').getByText('simulated', { exact: true })).toBeVisible();
});
afterEach(() => {
  root.unmount();
});

const fitButton = () => page.getByRole('button', { name: 'Fit', exact: true });
const abundances = () => page.getByRole('table', { name: /^Abundances/ });
const given = (name: string, size = 1): File => new File([new Uint8Array(size)], name);

describe('the page', () => {
  it('draws a spectrum before any fit, with a panel for its residuals, also where no pixel is masked', async () => {
    const star = await client.star('clean.fits', false);
    client.read = () => Promise.resolve(success([{ ...star, ivar: star.ivar.map((weight) => weight || 1) }]));
    await session.openFiles([given('clean.fits')]);
    const figure = page.getByRole('figure', { name: 'Flux with model' });
    await expect.element(figure.getByText('Residual (σ)')).toBeVisible();
    await expect.poll(() => figure.element().querySelectorAll('.xy .scatterlayer .js-line').length).toBeGreaterThan(0);
    const longest = () =>
      Math.max(...Array.from(figure.element().querySelectorAll('.js-line'), (line) => line.getAttribute('d')?.length ?? 0));
    await expect.poll(longest).toBeGreaterThan(5000);
  });

  it('fits the demo star and fills its four views', async () => {
    await fitButton().click();
    await expect.element(abundances()).toBeVisible();
    await expect.element(page.getByRole('table', { name: 'Stellar parameters' }).getByText('5650').first()).toBeVisible();
    for (const name of ['Flux with model', 'Derivative of the flux', 'Abundances by element'])
      await expect.element(page.getByRole('figure', { name })).toBeVisible();
    await expect.element(page.getByRole('columnheader', { name: 'truth' }).first()).toBeVisible();
  });

  it('draws the model of a slider that is moved, and takes it back with Ctrl+Z', async () => {
    const slider = page.getByRole('slider', { name: 'log g (dex)' });
    slider.element().focus();
    await userEvent.keyboard('{ArrowRight}');
    await expect.element(page.getByText('model (sliders)')).toBeVisible();
    expect(client.redraws).toBeGreaterThan(0);
    (document.activeElement as HTMLElement).blur();
    await userEvent.keyboard('{Control>}z{/Control}');
    await expect.element(page.getByText('model (sliders)')).not.toBeInTheDocument();
  });

  it('shows the derivative of an element chosen in the table', async () => {
    await fitButton().click();
    await page.getByRole('button', { name: 'Derivative of Eu', exact: true }).click();
    await expect.element(page.getByRole('figure', { name: 'Derivative of the flux with respect to [Eu/Fe]' })).toBeVisible();
    await expect.element(page.getByLabelText('Label of the derivative')).toHaveValue('Eu');
  });

  it('tells what a calibrated value rests on in one click, compares two calibrations, and shows raw values alone', async () => {
    client.calibrationFiles = [madeCalibration('first', client.model, 50), madeCalibration('second', client.model, -20)];
    session = createSession(client);
    root.render(<App key="calibrated" session={session} />);
    await expect.poll(() => session.store.getState().calibrations.length).toBe(2);
    await session.openFiles([given('a.fits')]);
    await fitButton().click();
    await page.getByRole('button', { name: 'What the calibrated teff rests on' }).click();
    const card = page.getByRole('region', { name: 'Calibration of T_eff' });
    await expect.element(card.first()).toHaveTextContent('100 in 110 spectra');
    await expect.element(card.first()).toHaveTextContent('3000–8000 K');
    await page.getByRole('combobox', { name: 'Compare with' }).selectOptions('second');
    await expect.poll(() => card.elements().length).toBe(2);
    await page.getByRole('button', { name: 'Close' }).click();
    const teff = () => page.getByRole('table', { name: 'Stellar parameters' }).getByRole('row').nth(1);
    await expect.element(teff()).toHaveTextContent('5600');
    await page.getByRole('combobox', { name: 'Calibration' }).selectOptions('second');
    await expect.element(teff()).toHaveTextContent('5670');
    await page.getByRole('button', { name: 'raw', exact: true }).click();
    await expect.element(teff()).not.toHaveTextContent('5670');
  });

  it('leaves out a stretch that is dragged over the spectrum, lists it, and takes it back', async () => {
    const figure = page.getByRole('figure', { name: 'Flux with model' });
    await expect.poll(() => figure.element().querySelectorAll('.js-line').length).toBeGreaterThan(0);
    const drag = () => userEvent.dragAndDrop(figure, figure, { sourcePosition: { x: 200, y: 80 }, targetPosition: { x: 260, y: 80 } });
    await page.getByRole('button', { name: 'Mask', exact: true }).click();
    await drag();
    const [stretch] = session.store.getState().entries[0]?.stretches ?? [];
    const { width } = figure.element().getBoundingClientRect();
    const { wavelength } = await client.star('same', false);
    const [from, to] = [wavelength[0] ?? NaN, wavelength.at(-1) ?? NaN];
    expect(stretch?.from).toBeCloseTo(from + ((200 - 64) / (width - 78)) * (to - from), -1);
    expect((stretch?.to ?? NaN) - (stretch?.from ?? NaN)).toBeCloseTo((60 / (width - 78)) * (to - from), -1);
    // It masks, and does not zoom.
    expect(session.store.getState().window).toBeNull();
    const box = page.getByLabelText('Mask 1 to (Å)');
    await box.fill('6000');
    await userEvent.keyboard('{Enter}');
    expect(session.store.getState().entries[0]?.stretches?.[0]?.to).toBe(6000);
    await page.getByRole('button', { name: 'Remove mask 1' }).click();
    await expect.element(box).not.toBeInTheDocument();
    await userEvent.keyboard('{Control>}z{/Control}');
    await expect.element(box).toHaveValue('6000.0');
    await page.getByRole('button', { name: 'Mask', exact: true }).click();
    await drag();
    await expect.poll(() => session.store.getState().window).not.toBeNull();
  });

  it('fixes log g, refuses what the model cannot take, and gives it with a σ in the end', async () => {
    await page.getByText('Known labels').click();
    await page.getByLabelText('Label to give').selectOptions('log g');
    await page.getByRole('button', { name: 'Add', exact: true }).first().click();
    const given = () => session.store.getState().entries[0]?.given;
    expect(given()).toMatchObject({ logg: { fixed: expect.any(Number) as number } });
    const box = page.getByLabelText('Known log g (dex)', { exact: true });
    await box.fill('9');
    await userEvent.keyboard('{Enter}');
    await expect.element(page.getByRole('alert')).toHaveTextContent(/^9 is not between/);
    await box.fill('4.42');
    await userEvent.keyboard('{Enter}');
    expect(given()).toEqual({ logg: { fixed: 4.42 } });
    await page.getByLabelText('σ of known log g (dex); empty to fix it').fill('0.02');
    await userEvent.keyboard('{Enter}');
    expect(given()).toEqual({ logg: { mean: 4.42, sigma: 0.02 } });
    await fitButton().click();
    await expect
      .element(page.getByRole('table', { name: 'Stellar parameters' }).getByRole('row', { name: /log g/ }))
      .toHaveTextContent('given 4.42 ± 0.02');
    await page.getByRole('button', { name: 'Set log g free' }).click();
    expect(given()).toEqual({});
    await expect.element(page.getByText('The fit on show was made with known labels of before: press Fit.')).toBeInTheDocument();
  });

  it('reads a spectrum otherwise than its file says, says so, and goes back', async () => {
    const spectrum = () => session.store.getState().entries[0]?.spectrum;
    await fitButton().click();
    await expect.element(page.getByRole('table', { name: 'Stellar parameters' })).toBeVisible();
    await page.getByText('Reading', { exact: true }).click();
    await page.getByLabelText(/^Wavelengths/).selectOptions('air');
    const power = page.getByLabelText('Resolving power λ/FWHM');
    await power.fill('1500');
    await userEvent.keyboard('{Enter}');
    expect(spectrum()).toMatchObject({ medium: 'air', lsf: { kind: 'resolving-power', resolvingPower: 1500 } });
    await expect.element(page.getByText('read as air, R = 1500')).toBeVisible();
    await expect.element(page.getByText('The fit on show was made with the reading of before: press Fit.')).toBeVisible();
    await expect.element(page.getByRole('listitem').getByText('· 2 changes')).toBeVisible();
    await page.getByRole('button', { name: 'Reset what is set for this spectrum' }).click();
    expect(spectrum()).toMatchObject({ medium: 'vacuum', lsf: { resolvingPower: 1800 } });
    await expect.element(power).toHaveValue('');
  });

  it('switches table and plot between [X/H] and [X/Fe]', async () => {
    await fitButton().click();
    await expect.element(page.getByRole('table', { name: 'Abundances [X/H]' })).toBeVisible();
    await page.getByRole('region', { name: 'Results' }).getByRole('button', { name: '[X/Fe]' }).click();
    await expect.element(page.getByRole('table', { name: 'Abundances [X/Fe]' })).toBeVisible();
    await expect.element(page.getByRole('region', { name: 'Abundances' }).getByText('[X/Fe] (dex)')).toBeVisible();
  });

  it('tells of a bad file, keeps the rest, and lets the message be dismissed', async () => {
    await session.openFiles([given('empty.fits', 0), given('good.fits')]);
    await expect.element(page.getByRole('alert')).toHaveTextContent('empty.fits EMPTY_FILE');
    await expect.element(page.getByRole('listitem').filter({ hasText: 'good.fits' })).toBeVisible();
    await page.getByRole('button', { name: 'Dismiss the problem with empty.fits' }).click();
    await expect.element(page.getByRole('alert')).not.toBeInTheDocument();
  });

  it('selects with the arrow keys and fits with F; a cancelled fit is not a failed one', async () => {
    client.steps = 2000;
    await session.openFiles([given('a.fits')]);
    await userEvent.keyboard('{ArrowUp}f');
    const demo = page.getByRole('listitem').filter({ hasText: 'demo star' });
    await expect.element(demo.getByText(/^fitting/)).toBeVisible();
    await expect.element(page.getByText('model (best so far)')).toBeVisible();
    await userEvent.keyboard('{Escape}');
    await expect.element(demo.getByText('cancelled')).toBeVisible();
    await expect.element(page.getByRole('alert')).not.toBeInTheDocument();
  });

  it('takes a typed number with Enter, and says why it takes another not', async () => {
    const box = page.getByLabelText('T_eff (K), number');
    const teff = () => session.store.getState().entries[0]?.manual?.labels[0];
    await box.fill('5100');
    await userEvent.keyboard('{Enter}');
    expect(teff()).toBe(5100);
    await box.fill('5200,5');
    await userEvent.keyboard('{Enter}');
    expect(teff()).toBe(5200.5);
    await box.fill('9000');
    await userEvent.keyboard('{Enter}');
    await expect.element(page.getByRole('alert')).toHaveTextContent('9000 is not between 4000 and 7200.');
    await expect.element(box).toHaveValue('9000');
    expect(teff()).toBe(5200.5);
    await userEvent.keyboard('{Escape}');
    await expect.element(page.getByRole('alert')).not.toBeInTheDocument();
    await userEvent.keyboard('{ArrowUp}');
    expect(teff()).toBe(5206);
  });

  it('refuses a range that ends before it begins, and takes an empty prior for each element its own', async () => {
    await page.getByText('Options').click();
    const fit = () => session.settings.getState().fit;
    const { rangeFrom, rangeTo } = fit();
    await page.getByLabelText('To (Å)', { exact: true }).fill('3900');
    await userEvent.keyboard('{Enter}');
    await expect.element(page.getByRole('alert')).toHaveTextContent(/^3900 is not between/);
    expect(fit()).toMatchObject({ rangeFrom, rangeTo });
    await page.getByLabelText('Prior σ of [X/Fe] (dex)').fill('0.3');
    await userEvent.keyboard('{Enter}');
    expect(fit().priorSigma).toBe(0.3);
    await page.getByLabelText('Prior σ of [X/Fe] (dex)').fill('');
    await userEvent.keyboard('{Enter}');
    expect(fit().priorSigma).toBeNull();
  });

  it('says once why a spectrum could not be fitted', async () => {
    const failure = { code: 'NO_PIXELS', message: 'Nothing of it is in range.', hint: 'Widen the range.' };
    client.fit = () => ({
      result: Promise.resolve({ ok: false, failure }),
      cancel: () => undefined,
      pause: () => undefined,
      resume: () => undefined,
    });
    await fitButton().click();
    await expect.element(page.getByRole('region', { name: 'Results' }).getByRole('alert')).toHaveTextContent(failure.message);
    expect(page.getByText(failure.message).elements()).toHaveLength(1);
    await expect.element(page.getByText(/^Not fitted yet/)).not.toBeInTheDocument();
  });

  it('says of a figure that could not be saved that it was not', async () => {
    vi.spyOn(URL, 'createObjectURL').mockImplementation(() => {
      throw new Error('no room');
    });
    await page.getByRole('button', { name: 'Save Flux and residuals as SVG' }).click();
    await expect.element(page.getByRole('log', { name: 'Problems' }).getByRole('alert')).toHaveTextContent('no room');
    vi.restoreAllMocks();
  });

  it('leaves the keys to a field that is being typed into', async () => {
    await page.getByText('Options').click();
    await page.getByLabelText('Seed').fill('42');
    await userEvent.keyboard('f{Enter}');
    await expect.element(page.getByRole('listitem').getByText('not fitted')).toBeVisible();
  });

  it('says when a faster backend was refused for wrong numbers', async () => {
    const { engine } = session.store.getState();
    if (engine.kind !== 'ready') throw new Error('no engine');
    const backend = { ...engine.engine.backend, refused: 'webgpu was refused: its flux differs by 0.2' };
    session.store.setState({ engine: { kind: 'ready', engine: { ...engine.engine, backend } } });
    await expect.element(page.getByText('not on a faster backend: webgpu was refused: its flux differs by 0.2')).toBeVisible();
  });

  it('tells what the model is, how right, and what it cannot do, when asked', async () => {
    await page.getByRole('button', { name: 'About this model' }).click();
    const card = page.getByRole('dialog', { name: 'Analytic toy' });
    await expect.element(card).toHaveTextContent('Error of the flux on 30 held-out stars');
    await expect.element(card.getByRole('row', { name: 'R = 5000 0.220 % 1.32 %' })).toBeVisible();
    await expect.element(card.getByRole('row', { name: 'R = 1800 0.070 % 0.42 %' })).toBeVisible();
    await expect.element(card.getByRole('img', { name: 'Error of the flux per 100 Å from 3900 to 7000 Å' })).toBeVisible();
    await expect.element(card.getByRole('row', { name: 'Teff 4000 7200 K 3.1 % 0.998 0.4 %' })).toBeInTheDocument();
    await expect.element(card.getByRole('row', { name: /^\[Eu\/Fe\].* little information · 94\.0 %/ })).toBeInTheDocument();
    for (const text of ['Toy atmospheres (Nobody 2000)', 'Toy lines (Nobody 2001)', 'toy 1', 'It is no star.', 'Nobody 2002'])
      await expect.element(card).toHaveTextContent(text);
    await card.getByRole('button', { name: 'Close' }).click();
    await expect.element(card).not.toBeInTheDocument();
  });

  it('says of which label, and by how much, the model on show is an extrapolation', async () => {
    const outside = page.getByRole('status', { name: 'Labels outside the training range' });
    await expect.element(outside).not.toBeInTheDocument();
    const index = client.emulator.info.labels.findIndex(({ name }) => name === 'teff');
    client.solution[index] = 7350;
    await fitButton().click();
    await expect.element(outside).toHaveTextContent('T_eff = 7350 is 150 K outside the training range 4000 to 7200');
  });

  it('offers no choice of a single model', async () => {
    await expect.poll(() => session.store.getState().models.length).toBe(1);
    await expect.element(page.getByLabelText('Model', { exact: true })).not.toBeInTheDocument();
  });

  it('offers models with size and error, changes on choice, and every result says which model made it', async () => {
    client.offers = [
      ...client.offers,
      { id: 'small', title: 'Small and fast', bytes: 812_000, heldOutMae: 0.0041, note: 'for slow machines' },
    ];
    root.unmount();
    session = createSession(client);
    root = createRoot(document.getElementById('root') as HTMLElement);
    root.render(<App session={session} />);
    const select = page.getByLabelText('Model', { exact: true });
    await expect.element(select).toHaveTextContent('Analytic toy · 5.7 MB · error 0.22 %');
    await fitButton().click();
    const results = page.getByRole('region', { name: 'Results' });
    await results.getByText('How it was fitted').click();
    await expect.element(results.getByText(/^toy.* on reference$/)).toBeVisible();
    await select.selectOptions('Small and fast · 0.8 MB · error 0.41 % · for slow machines');
    await expect.element(page.getByText(/model small on/)).toBeVisible();
    await expect.element(results.getByText(/^toy.* on reference$/)).toBeVisible();
    await fitButton().click();
    await expect.element(results.getByText('small on reference')).toBeVisible();
  });

  it('explains flags and keys', async () => {
    await fitButton().click();
    await abundances()
      .getByText(/^prior-dominated/)
      .first()
      .hover();
    await expect.element(page.getByText(/The data hardly constrain this label/)).toBeVisible();
    await userEvent.keyboard('{Shift>}?{/Shift}');
    await expect.element(page.getByRole('dialog', { name: 'Maury' })).toBeVisible();
  });
});
