/** One star drawn from the fit's prior, synthesised, injected and sampled: where its labels fall among the draws. */
import { z } from 'zod';
import type { FitService } from '../../src/compute/service.ts';
import type { FitOptions, FitResult } from '../../src/domain/fit.ts';
import type { Result } from '../../src/domain/result.ts';
import type { StellarLabels } from '../../src/domain/labels.ts';
import { tuningFor } from '../../src/fit/tuning.ts';
import { normalCdf } from '../../src/math/distributions.ts';
import type { LabelledSpectrum } from '../../src/synthesis/synthesize.ts';
import type { EmulatorInfo } from '../../src/domain/emulator.ts';
import { brokenConditions } from '../../src/domain/region.ts';
import { drawFromPrior, stellarLabels } from './fitPrior.ts';
import { injectStar } from './inject.ts';
import { INFERENCE_OPTIONS } from './recover.ts';

const labelSchema = z.object({
  name: z.string(),
  truth: z.number(),
  mean: z.number(),
  sigma: z.number(),
  /** Share of draws below the truth; the same for the normal distribution of Laplace's method. */
  place: z.number(),
  laplacePlace: z.number(),
  priorFraction: z.number(),
});

export const sbcSchema = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    star: z.number(),
    converged: z.boolean(),
    seconds: z.number(),
    spectra: z.number(),
    rhat: z.number(),
    leastDraws: z.number(),
    /** Draws within the domain of the truths, of those kept. */
    inside: z.number(),
    labels: z.array(labelSchema),
  }),
  z.object({ ok: z.literal(false), star: z.number(), code: z.string(), message: z.string() }),
]);
export type SbcRecord = z.infer<typeof sbcSchema>;

/** Fewer draws within the domain give no place. */
const FEWEST_DRAWS = 100;

export async function calibrateStar(
  service: FitService,
  synthesize: (labels: StellarLabels) => Result<LabelledSpectrum>,
  { star, seed, snr }: { readonly star: number; readonly seed: number; readonly snr: number },
): Promise<SbcRecord> {
  const { info } = service.emulator;
  const names = info.labels.map(({ name }) => name);
  const truth = drawFromPrior(info, INFERENCE_OPTIONS, tuningFor({ simulated: true }, info), seed, star);
  const failure = (code: string, message: string): SbcRecord => ({ ok: false, star, code, message });
  const spectrum = synthesize(stellarLabels(truth, names));
  if (!spectrum.ok) return failure(spectrum.failure.code, spectrum.failure.message);
  const flux = Float32Array.from(spectrum.value.flux);
  const injection = injectStar({ index: star, labels: truth, flux, derivatives: [] }, info, snr, seed);
  const options: FitOptions = { ...INFERENCE_OPTIONS, seed: star + 1 };
  const laplace = await service.fit(injection.spectrum, options);
  if (!laplace.ok) return failure(laplace.failure.code, laplace.failure.message);
  const sampled = await service.fit(injection.spectrum, { ...options, method: 'mcmc' });
  if (!sampled.ok) return failure(sampled.failure.code, sampled.failure.message);
  return (
    record(info, star, truth, laplace.value, sampled.value) ?? failure('FEW_DRAWS', 'Hardly any draw lies where the stars are drawn from')
  );
}

function record(info: EmulatorInfo, star: number, truth: Float64Array, laplace: FitResult, sampled: FitResult): SbcRecord | null {
  const { posterior } = sampled;
  if (posterior === undefined) return null;
  const { draws } = posterior.sample;
  // Where the stars are drawn from: within the conditions to the digit, of which a fit may overstep by its wall's softness.
  const inside = [...(draws[0]?.keys() ?? [])].filter(
    (k) =>
      brokenConditions(
        info,
        draws.map((series) => series[k] ?? NaN),
      ).length === 0,
  );
  if (inside.length < FEWEST_DRAWS) return null;
  return {
    ok: true,
    star,
    converged: sampled.converged,
    seconds: sampled.seconds,
    spectra: sampled.evaluations,
    rhat: Math.max(...posterior.labels.map(({ rhat }) => rhat)),
    leastDraws: Math.min(...posterior.labels.map(({ essBulk }) => essBulk)),
    inside: inside.length,
    labels: sampled.labels.map((label, i) => {
      const value = truth[i] ?? NaN;
      const below = inside.filter((k) => (draws[i]?.[k] ?? NaN) < value).length;
      const normal = laplace.labels[i];
      return {
        name: label.name,
        truth: value,
        mean: label.value,
        sigma: label.sigma,
        place: (below + 0.5) / (inside.length + 1),
        laplacePlace: normalCdf((value - (normal?.value ?? NaN)) / (normal?.sigma ?? NaN)),
        priorFraction: label.priorFraction,
      };
    }),
  };
}
