/** Doubts from the light itself, on a model and a spectrum made for each; whole fits of odd stars are in `odd.slow.test.ts`. */
import { describe, expect, it } from 'vitest';
import type { FittedLabel } from '../../domain/fit.ts';
import { SPEED_OF_LIGHT_KMS } from '../../domain/units.ts';
import { randomStream } from '../../math/random.ts';
import { madeUpSpectrum } from '../../testing/fit.ts';
import { templateLabels } from '../templates.ts';
import { ToyEmulator } from '../../testing/toyEmulator.ts';
import { DEFAULT_FIT_OPTIONS } from '../defaults.ts';
import { Objective } from '../objective.ts';
import { Pacer } from '../pacer.ts';
import { poseProblem } from '../pose.ts';
import { prepareSpectrum } from '../prepare.ts';
import { tuningFor } from '../tuning.ts';
import { weightsAtVelocity, firstLevel } from '../restFrame.ts';
import { valueOf } from '../../testing/result.ts';
import { convolveLnGrid } from '../../spectra/lsf.ts';
import type { Spectrum } from '../../domain/spectrum.ts';
import { armVelocities, pipelineSays } from './contradictions.ts';
import { askWhetherKnown } from './known.ts';
import { lookAt } from './look.ts';

const emulator = new ToyEmulator({ from: 3900, to: 7200 });
const labels = templateLabels(emulator.info)[14] ?? new Float64Array(0);
const { lnStart, lnStep } = emulator.info.grid;
const WAVELENGTH = Float64Array.from({ length: 2500 }, (_, p) => 4000 * 10 ** (1e-4 * p));
const SNR = 80;

/** Light of the toy's star at R = 1800 and velocity v (km/s). */
async function light(v = 0, at = labels, R = 1800): Promise<Float64Array> {
  const [native = new Float32Array(0)] = await emulator.predict([at]);
  const blunt = convolveLnGrid(native, lnStep, emulator.info.resolvingPower, R);
  return WAVELENGTH.map((w) => {
    const x = (Math.log(w / (1 + v / SPEED_OF_LIGHT_KMS)) - lnStart) / lnStep;
    const i = Math.floor(x);
    return (1 - x + i) * (blunt[i] ?? NaN) + (x - i) * (blunt[i + 1] ?? NaN);
  });
}

interface Asked {
  readonly resolvingPower?: number;
  readonly survey?: Partial<Spectrum['survey']>;
  readonly teff?: number;
  readonly leftOut?: readonly [number, number];
}

/** What is asked of a fit that found the star's true labels, velocity 0 and the width of R = `resolvingPower`. */
async function ask(flux: Float64Array, { resolvingPower = 1800, survey = {}, teff = 5800, leftOut }: Asked = {}) {
  const random = randomStream(5);
  const noisy = flux.map((f) => 1000 * (f + random.normal() / SNR));
  const spectrum = madeUpSpectrum(60, {
    wavelength: WAVELENGTH,
    flux: noisy,
    ivar: noisy.map(() => (SNR / 1000) ** 2),
    snr: SNR,
    survey: { name: 'test', mediumKnown: true, ...survey },
  });
  const tuning = tuningFor(spectrum, emulator.info);
  const maskedRegions = leftOut === undefined ? [] : [{ from: leftOut[0], to: leftOut[1], why: 'test' }];
  const options = { ...DEFAULT_FIT_OPTIONS, maskedRegions };
  const prepared = valueOf(prepareSpectrum(spectrum, emulator.info, options, tuning));
  const level = valueOf(firstLevel(prepared));
  const [native = new Float32Array(0)] = await emulator.predict([labels]);
  const first = valueOf(weightsAtVelocity(prepared, emulator.info, options, tuning, { rv: 0, nuisances: null, native, level }));
  const problem = poseProblem(spectrum, prepared, first, emulator.info, options, tuning);
  const objective = new Objective(emulator, problem, new Pacer(undefined));
  const nuisances = objective.first.nuisances.start(0);
  nuisances.fill((1800 / resolvingPower) ** 2 - 1, nuisances.length - 2);
  const at = await objective.linearise(objective.pack(labels, nuisances));
  if (at === null) throw new Error('no model');
  const told = emulator.info.labels.map(({ name }, i): FittedLabel => {
    const value = name === 'teff' ? teff : (labels[i] ?? NaN);
    return { name, value, sigma: 1, priorFraction: 0.1, flags: [] };
  });
  const look = lookAt(objective, at, { labels: told, rv: { value: 0, sigma: 1 }, resolvingPower });
  const { alerts, apart } = askWhetherKnown(look);
  for (const { message, hint } of alerts) expect(`${message} ${hint ?? ''}`).not.toMatch(/NaN|undefined|Infinity/);
  return { codes: alerts.map(({ code, spoilsLabels }) => `${code}${spoilsLabels ? '!' : ''}`), alerts, apart, look };
}

const times = (flux: Float64Array, factor: (wavelength: number) => number): Float64Array =>
  flux.map((f, p) => f * factor(WAVELENGTH[p] ?? NaN));
const plus = (flux: Float64Array, share: number, at: number, fwhm = at / 1800): Float64Array =>
  flux.map((f, p) => f + share * Math.exp(-4 * Math.LN2 * (((WAVELENGTH[p] ?? NaN) - at) / fwhm) ** 2));
/** Bands that begin at a head and fade over 150 Å to the red (sign 1) or violet (−1). */
const bands =
  (heads: readonly number[], depth: number, sign: 1 | -1) =>
  (w: number): number =>
    heads.reduce((f, head) => (sign * (w - head) > 0 ? f * (1 - depth * Math.exp((-sign * (w - head)) / 150)) : f), 1);

describe('is it a star that the model knows?', () => {
  it('one that it knows is asked without an alert, and its arms agree', async () => {
    const { codes, look } = await ask(await light());
    expect(codes).toEqual([]);
    const velocities = armVelocities(look);
    expect(velocities.length).toBe(2);
    for (const { value, sigma } of velocities) expect(Math.abs(value)).toBeLessThan(4 * sigma);
  });

  it('bands of TiO, and of C2, are told with their wavelengths; a tenth of their depth is not', async () => {
    const star = await light();
    const oxide = await ask(times(star, bands([4956, 5168, 6159, 6652, 7055], 0.25, 1)));
    expect(oxide.codes).toContain('MOLECULAR_BANDS!');
    expect(oxide.alerts[0]?.message).toMatch(/TiO 6160 \(\d{4}–\d{4} Å\)/);
    expect((await ask(times(star, bands([4738, 5166, 5637], 0.3, -1)))).alerts[0]?.message).toContain('C2');
    expect((await ask(times(star, bands([4956, 5168, 6159, 6652, 7055], 0.025, 1)))).codes).toEqual([]);
  });

  it('helium', async () => {
    const lines = [4027.3, 4472.7, 4923.3, 5017.1, 6680];
    const star = await light();
    expect((await ask(lines.reduce((flux, at) => plus(flux, -0.2, at), star))).codes).toEqual(['HELIUM_LINES!']);
    expect((await ask(plus(star, -0.2, 4472.7))).codes).toEqual([]);
  });

  it('emission within the lines of hydrogen, and of gas', async () => {
    const star = await light();
    const active = await ask(plus(plus(star, 0.4, 6564.61), 0.15, 4862.69));
    expect(active.codes).toEqual(['EMISSION!']);
    expect(active.alerts[0]?.message).toMatch(/Hα \(6565 Å, \d+ %/);
    expect(active.alerts[0]?.where?.map((ends) => ends.map(Math.round))).toEqual([
      [4853, 4873],
      [6555, 6575],
    ]);
    expect((await ask(plus(plus(plus(star, 0.3, 6585.27), 0.2, 6718.29), 0.3, 5008.24))).codes).toEqual(['EMISSION']);
    expect((await ask(plus(star, 0.02, 6564.61))).codes).toEqual([]);
  });

  it('the stretch that the model misses most, where no other alert stands; not a spike, and not what is left out', async () => {
    const star = await light();
    const { alerts } = await ask(plus(plus(star, 0.5, 6060, 12), 0.3, 5400, 12));
    expect(alerts).toMatchObject([{ code: 'WORST_STRETCH', spoilsLabels: false }]);
    expect(alerts[0]?.message).toMatch(/^60\d\d–60\d\d Å stand \+\d+ σ from the model \(\+\d+ % of the continuum\): emission/);
    const [from, to] = alerts[0]?.where?.[0] ?? [NaN, NaN];
    expect(from).toBeLessThan(6055);
    expect(to).toBeGreaterThan(6065);
    expect(to - from).toBeLessThan(60);
    expect((await ask(plus(star, -0.4, 6060, 12))).alerts[0]?.message).toMatch(/Å stand −\d+ σ .*\(−\d+ %/);
    expect((await ask(plus(star, 0.5, 6060, 1))).codes).toEqual([]);
    expect((await ask(plus(star, 0.5, 6060, 12), { leftOut: [6000, 6120] })).codes).toEqual([]);
  });

  it('a continuum that follows broad lines', async () => {
    const star = await light();
    const broad = (depth: number) =>
      ask(times(star, (w) => [4340, 4860, 5300, 6300].reduce((f, at) => f - depth / (1 + ((w - at) / 60) ** 2), 1)));
    expect((await broad(0.4)).codes).toContain('CONTINUUM_SHAPE!');
    expect((await broad(0.02)).codes).toEqual([]);
  });

  it('no line at all', async () => {
    expect((await ask(WAVELENGTH.map(() => 1))).codes).toContain('FEW_LINES!');
  });

  it('arms that differ in velocity, with an error that reaches both', async () => {
    const [blue, red] = [await light(), await light(45)];
    const joined = blue.map((f, p) => ((WAVELENGTH[p] ?? 0) < 5800 ? f : (red[p] ?? NaN)));
    const { codes, apart, alerts } = await ask(joined);
    expect(codes).toEqual(['ARMS_DISAGREE']);
    expect(apart).toBeGreaterThan(35);
    expect(apart).toBeLessThan(55);
    expect(alerts[0]?.message).toMatch(/4000–5800 Å: −?-?\d+ ± /);
    const far = await light(100);
    expect((await ask(blue.map((f, p) => ((WAVELENGTH[p] ?? 0) < 5800 ? f : (far[p] ?? NaN))))).codes).toContain('ARMS_DISAGREE!');
  });

  it('parts that want other temperatures', async () => {
    const at = (teff: number) =>
      light(
        0,
        labels.map((value, i) => (emulator.info.labels[i]?.name === 'teff' ? teff : value)),
      );
    const [cool, warm] = [await at(4700), await at(6900)];
    const { codes } = await ask(warm.map((f, p) => ((WAVELENGTH[p] ?? 0) < 5800 ? f : (cool[p] ?? NaN))));
    expect(codes).toContain('PARTS_DISAGREE!');
  });

  it('broad lines, and two stars in one spectrum', async () => {
    expect((await ask(await light(0, labels, 1200), { resolvingPower: 1200 })).codes).toEqual(['BROAD_LINES']);
    expect((await ask(await light(0, labels, 700), { resolvingPower: 700 })).codes).toContain('BROAD_LINES!');
    const [a, b] = [await light(-160), await light(160)];
    const { codes, alerts } = await ask(
      a.map((f, p) => 0.55 * f + 0.45 * (b[p] ?? NaN)),
      { resolvingPower: 800 },
    );
    expect(codes).toContain('TWO_STARS!');
    expect(alerts.find(({ code }) => code === 'TWO_STARS')?.message).toMatch(/at -1[4-8]0 and 1[4-8]0 km\/s/);
  });

  it.each([
    ['STAR M2', true],
    ['GALAXY', true],
    ['STAR sdM5', true],
    ['STAR WD', true],
    ['QSO BROADLINE', true],
    ['STAR A1V', true],
    ['STAR F9', false],
    ['STAR K5', false],
    ['STAR A9', false],
  ])('what the pipeline takes for %s', (pipelineClass, other) => {
    const spectrum = madeUpSpectrum(60, { survey: { name: 'test', mediumKnown: true, pipelineClass } });
    const alert = pipelineSays({ spectrum, rv: { value: 0, sigma: 1 } });
    expect(alert?.code ?? null).toBe(other ? 'PIPELINE_DISAGREES' : null);
    expect(alert?.spoilsLabels ?? false).toBe(other);
  });

  it('another velocity by the pipeline does not spoil the labels; a T_eff below the models’ molecules is told', async () => {
    expect((await ask(await light(), { survey: { pipelineVelocity: 300 }, teff: 4200 })).codes).toEqual([
      'PIPELINE_DISAGREES',
      'COOL_STAR!',
    ]);
  });
});
