/** Whether two optimisers end at the same place. */
import { z } from 'zod';
import type { FitService } from '../../src/compute/service.ts';
import type { Emulator } from '../../src/domain/emulator.ts';
import type { FitOptions, Solution } from '../../src/domain/fit.ts';
import { Objective } from '../../src/fit/objective.ts';
import { Pacer } from '../../src/fit/pacer.ts';
import { solveSymmetric } from '../../src/math/symmetric.ts';
import type { AbInitioStar } from '../inference/abInitio.ts';
import { injectStar } from '../inference/inject.ts';
import { INFERENCE_OPTIONS } from '../inference/recover.ts';

const outcome = z.object({ objective: z.number(), converged: z.boolean(), evaluations: z.number(), seconds: z.number() });

export const pairSchema = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    star: z.number(),
    snr: z.number(),
    lm: outcome,
    cmaes: outcome,
    /** Between the two, in the metric of the posterior: √(Δᵀ C⁻¹ Δ); and the largest |Δ|/σ of a label. */
    distance: z.number(),
    largest: z.number(),
  }),
  z.object({ ok: z.literal(false), star: z.number(), snr: z.number(), code: z.string(), message: z.string() }),
]);
export type OptimiserPair = z.infer<typeof pairSchema>;

/** −2 ln of the posterior at a solution. */
export async function objectiveOf({ problem, z }: Solution, emulator: Emulator): Promise<number> {
  const [at] = await new Objective(emulator, problem, new Pacer(undefined)).evaluateMany([z]);
  return at?.objective ?? NaN;
}

/** Distance of two results in the metric of the first one's covariance; NaN where that is not positive definite. */
export function posteriorDistance(a: Solution, b: Solution): number {
  const difference = Float64Array.from(a.labels, (label, i) => (b.labels[i]?.value ?? NaN) - label.value);
  // In units of σ, so that mixed units do no harm.
  const n = difference.length;
  const sigma = a.labels.map((label) => label.sigma);
  const correlation = a.covariance.map((value, k) => value / ((sigma[Math.floor(k / n)] ?? NaN) * (sigma[k % n] ?? NaN)));
  const scaled = difference.map((value, i) => value / (sigma[i] ?? NaN));
  const solved = solveSymmetric(correlation, scaled);
  return solved === null ? NaN : Math.sqrt(scaled.reduce((sum, value, i) => sum + value * (solved[i] ?? NaN), 0));
}

/** Fits one injected star by both. */
export async function compareOptimisers(service: FitService, star: AbInitioStar, snr: number, seed: number): Promise<OptimiserPair> {
  const { info } = service.emulator;
  const { spectrum } = injectStar(star, info, snr, seed);
  const options: FitOptions = { ...INFERENCE_OPTIONS, seed: star.index + 1 };
  const lm = await service.fit(spectrum, options);
  const cmaes = await service.fit(spectrum, { ...options, method: 'cmaes' });
  const bad = !lm.ok ? lm : !cmaes.ok ? cmaes : null;
  if (bad !== null) return { ok: false, star: star.index, snr, code: bad.failure.code, message: bad.failure.message };
  if (!lm.ok || !cmaes.ok) throw new Error('unreachable');
  const told = async (result: Solution): Promise<z.infer<typeof outcome>> => ({
    objective: await objectiveOf(result, service.emulator),
    converged: result.converged,
    evaluations: result.evaluations,
    seconds: result.seconds,
  });
  const pair: OptimiserPair = {
    ok: true,
    star: star.index,
    snr,
    lm: await told(lm.value),
    cmaes: await told(cmaes.value),
    distance: posteriorDistance(lm.value, cmaes.value),
    largest: Math.max(...lm.value.labels.map((label, i) => Math.abs((cmaes.value.labels[i]?.value ?? NaN) - label.value) / label.sigma)),
  };
  // JSON has no NaN.
  return pairSchema.safeParse(pair).success
    ? pair
    : { ok: false, star: star.index, snr, code: 'NOT_FINITE', message: 'A number of the comparison is not finite' };
}
