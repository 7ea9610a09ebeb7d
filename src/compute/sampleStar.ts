/** The spectrum of a sample star: read from the site, or made by the model that is open. */
import type { Emulator } from '../domain/emulator.ts';
import { failed, success, type Result } from '../domain/result.ts';
import { BLIND_STAR, SAMPLE_STARS } from '../domain/sampleStars.ts';
import type { Spectrum } from '../domain/spectrum.ts';
import { randomStream } from '../math/random.ts';
import { simulateSpectrum } from '../spectra/simulate.ts';
import type { Assets } from './assets.ts';
import { readStar } from './demoStar.ts';

const RESOLVING_POWER = 1800;
const SNR = 80;
/** The velocity is drawn within this, km/s. */
const VELOCITY = 80;
const SUN: Readonly<Record<string, number>> = { teff: 5772, logg: 4.438, vmic: 1, feh: 0 };

/** Failures `SAMPLE_UNKNOWN`, and those of `readStar`. */
export async function sampleStar(id: string, emulator: Emulator, assets: Assets): Promise<Result<Spectrum>> {
  const star = [...SAMPLE_STARS, BLIND_STAR].find((one) => one.id === id);
  if (star === undefined)
    return failed('SAMPLE_UNKNOWN', `There is no sample star "${id}".`, `There are ${SAMPLE_STARS.map((one) => one.id).join(', ')}.`);
  if (star.labels === null) return readStar(assets, `demo/${id}.json`);
  const { info } = emulator;
  const named = star.labels;
  const labels = Float64Array.from(info.labels, ({ name, min, max }) => Math.min(max, Math.max(min, named[name] ?? SUN[name] ?? 0)));
  const [flux] = await emulator.predict([labels]);
  if (flux === undefined) return failed('SAMPLE_UNKNOWN', `The model gave no spectrum for ${star.title}.`, 'Try another sample star.');
  const random = randomStream(star.seed);
  // The first numbers of neighbouring small seeds resemble one another.
  for (let i = 0; i < 32; i++) random.uniform();
  const spectrum = simulateSpectrum(
    { flux, grid: info.grid, resolvingPower: info.resolvingPower },
    {
      id,
      object: star.title,
      lsf: { kind: 'resolving-power', resolvingPower: RESOLVING_POWER },
      snr: SNR,
      rv: star === BLIND_STAR ? 0 : Math.round(10 * VELOCITY * (2 * random.uniform() - 1)) / 10,
      seed: star.seed,
      ...(star === BLIND_STAR ? {} : { truth: Object.fromEntries(info.labels.map(({ name }, i) => [name, labels[i] ?? NaN])) }),
    },
  );
  const note = `Simulated: the model ${info.id} itself at R = ${String(RESOLVING_POWER)}, with noise of S/N ${String(SNR)}. Its fit shows what noise does, not how true the model is.`;
  return success({ ...spectrum, meta: { ...spectrum.meta, note } });
}
