import { z } from 'zod';
import { failed, success, type Result } from '../domain/result.ts';
import type { Spectrum } from '../domain/spectrum.ts';
import { SIMULATED, unknownSurvey } from '../domain/survey.ts';
import { readJson, type Assets } from './assets.ts';

/** `demo/star.json` and `demo/sun.json`: a spectrum on pixels equal in log10 λ, with its truth. */
const schema = z.object({
  format: z.literal('maury-demo-star-1'),
  id: z.string(),
  object: z.string(),
  /** How it was made. */
  note: z.string(),
  /** log10 of the first wavelength (Å, vacuum), and the step. */
  start: z.number(),
  step: z.number().positive(),
  flux: z.array(z.number()),
  /** 1σ per pixel; 0 where there is no information. */
  sigma: z.array(z.number().nonnegative()),
  fluxUnit: z.string(),
  resolvingPower: z.number().positive(),
  snr: z.number(),
  meta: z.record(z.string(), z.union([z.string(), z.number()])),
  truth: z.record(z.string(), z.number()),
  /** False for an observation; absent for what we simulated. */
  simulated: z.exactOptional(z.boolean()),
});
export type DemoStar = z.infer<typeof schema>;

/** The file's spectrum. */
export function demoSpectrum(star: DemoStar): Spectrum {
  return {
    id: star.id,
    survey: star.simulated === false ? unknownSurvey(star.object) : SIMULATED,
    object: star.object,
    wavelength: Float64Array.from(star.flux, (_, i) => 10 ** (star.start + i * star.step)),
    medium: 'vacuum',
    frame: 'barycentric',
    flux: Float64Array.from(star.flux),
    ivar: Float64Array.from(star.sigma, (sigma) => (sigma > 0 ? 1 / sigma ** 2 : 0)),
    // Those of an observation here are set, not measured.
    ivarIsMeasured: star.simulated !== false,
    fluxUnit: star.fluxUnit,
    lsf: { kind: 'resolving-power', resolvingPower: star.resolvingPower },
    snr: star.snr,
    simulated: star.simulated ?? true,
    meta: { ...star.meta, note: star.note },
    truth: star.truth,
  };
}

/** The simulated star that the page opens with. Failures: those of `readStar`. */
export const loadDemoStar = (assets: Assets): Promise<Result<Spectrum>> => readStar(assets, 'demo/star.json');

/** A star that is a file of the site. Failures `ASSET_MISSING`, `ASSET_NOT_JSON`, `DEMO_INVALID`. */
export async function readStar(assets: Assets, path: string): Promise<Result<Spectrum>> {
  const json = await readJson(assets, path);
  if (!json.ok) return json;
  const parsed = schema.safeParse(json.value);
  if (!parsed.success || parsed.data.flux.length !== parsed.data.sigma.length)
    return failed(
      'DEMO_INVALID',
      `${path} is not a demo star: ${parsed.error?.issues[0]?.message ?? 'flux and sigma differ in length'}.`,
      'Make it again: npm run --silent maury -- demo',
    );
  return success(demoSpectrum(parsed.data));
}
