import { success, type Result } from '../../src/domain/result.ts';
import { numberOption } from '../../cli/commands/args.ts';

/** Texts of `--stars`, `--snr`, `--seed` and `--workers`, as the validations on injected stars have them. */
interface Texts {
  readonly stars?: string | undefined;
  readonly snr?: string | undefined;
  readonly seed?: string | undefined;
  readonly workers?: string | undefined;
}

export interface InjectionOptions {
  readonly stars: number;
  readonly snr: number;
  readonly seed: number;
  /** Null: one per core. */
  readonly workers: number | null;
}

/** Their numbers; S/N 50 unless asked. Failure `BAD_OPTION`. */
export function injectionOptions(texts: Texts, defaults: { readonly stars: number; readonly seed: number }): Result<InjectionOptions> {
  const stars = numberOption('stars', texts.stars, defaults.stars, { min: 1, integer: true });
  if (!stars.ok) return stars;
  const snr = numberOption('snr', texts.snr, 50, { min: 3, max: 1e4 });
  if (!snr.ok) return snr;
  const seed = numberOption('seed', texts.seed, defaults.seed, { min: 0, max: 1e6, integer: true });
  if (!seed.ok) return seed;
  const workers = numberOption('workers', texts.workers, 0, { min: 1, max: 256, integer: true });
  if (!workers.ok) return workers;
  return success({ stars: stars.value, snr: snr.value, seed: seed.value, workers: workers.value === 0 ? null : workers.value });
}
