/** Injects one ab initio star and fits it as the page would. */
import type { FitService } from '../../src/compute/service.ts';
import type { FitOptions, FitResult } from '../../src/domain/fit.ts';
import { DEFAULT_FIT_OPTIONS } from '../../src/fit/defaults.ts';
import { NuisanceModel } from '../../src/fit/nuisances.ts';
import { PriorModel, priorOf } from '../../src/fit/priors.ts';
import { tuningFor } from '../../src/fit/tuning.ts';
import type { AbInitioStar } from './abInitio.ts';
import { cramerRao } from './cramerRao.ts';
import { drawDistribution, withDrawPrior, type PriorExchange } from './drawPrior.ts';
import { injectStar, type Injection } from './inject.ts';
import { recordSchema, type InferenceRecord } from './record.ts';

export const INFERENCE_OPTIONS: FitOptions = { ...DEFAULT_FIT_OPTIONS, method: 'lm' };

const short = (value: number): number => Number(value.toPrecision(6));

/** A recovery for one model; what depends on the model alone is made once. */
export class Recovery {
  private readonly exchange: PriorExchange;

  constructor(private readonly service: FitService) {
    const { info } = service.emulator;
    const tuning = tuningFor({ simulated: true }, info);
    this.exchange = { info, prior: new PriorModel(info.labels, priorOf(info, INFERENCE_OPTIONS, tuning)), draws: drawDistribution(info) };
  }

  /** One star at one S/N; failures of the fit are records. */
  async recover(star: AbInitioStar, snr: number, seed: number): Promise<InferenceRecord> {
    const injection = injectStar(star, this.service.emulator.info, snr, seed);
    const fit = await this.service.fit(injection.spectrum, INFERENCE_OPTIONS);
    const failure = (code: string, message: string): InferenceRecord => ({ star: star.index, snr, ok: false, code, message });
    if (!fit.ok) return failure(fit.failure.code, fit.failure.message);
    const record = this.record(star, injection, fit.value, snr);
    if (record === null) return failure('NOT_POSITIVE_DEFINITE', 'A covariance could not be inverted');
    // JSON has no NaN.
    return recordSchema.safeParse(record).success ? record : failure('NOT_FINITE', 'A number of the result is not finite');
  }

  private record(star: AbInitioStar, injection: Injection, fit: FitResult, snr: number): InferenceRecord | null {
    const { info } = this.exchange;
    const n = info.labels.length;
    const halfRange = (k: number): number => (info.labels[Math.floor(k / n)]?.halfRange ?? 1) * (info.labels[k % n]?.halfRange ?? 1);
    const scaled = (covariance: Float64Array): Float64Array => covariance.map((value, k) => value / halfRange(k));
    const toZ = (values: ArrayLike<number>): Float64Array =>
      Float64Array.from(info.labels, (label, i) => ((values[i] ?? NaN) - label.centre) / label.halfRange);
    const best = cramerRao(star, injection, fit.problem, this.service.emulator);
    if (best === null) return null;
    const posterior = withDrawPrior(this.exchange, toZ(fit.labels.map((label) => label.value)), scaled(fit.covariance));
    const bound = withDrawPrior(this.exchange, toZ(star.labels), scaled(best));
    if (posterior === null || bound === null) return null;
    const model = new NuisanceModel(
      info,
      injection.spectrum.wavelength.map(Math.log),
      injection.spectrum.lsf,
      fit.problem.data[0].nuisances,
    );
    return {
      star: star.index,
      snr,
      ok: true,
      converged: fit.converged,
      chi2Reduced: short(fit.chi2Reduced),
      seconds: short(fit.seconds),
      rv: { truth: short(model.meanVelocity(injection.nuisances)), value: short(fit.rv.value), sigma: short(fit.rv.sigma) },
      labels: fit.labels.map((label, i) => {
        const { centre, halfRange: half } = info.labels[i] ?? { centre: NaN, halfRange: NaN };
        const sigmaOf = (covariance: Float64Array): number => Math.sqrt(covariance[i * n + i] ?? NaN);
        return {
          name: label.name,
          truth: short(star.labels[i] ?? NaN),
          value: short(label.value),
          sigma: short(label.sigma),
          cramerRao: short(sigmaOf(best)),
          drawValue: short(centre + half * (posterior.mean[i] ?? NaN)),
          drawSigma: short(half * sigmaOf(posterior.covariance)),
          drawCramerRao: short(half * sigmaOf(bound.covariance)),
          priorFraction: short(label.priorFraction),
          flags: [...label.flags],
        };
      }),
    };
  }
}
