/** Autocovariance at `lag` about the series' own mean, divided by its length (biased, as every estimator here wants it). */
export function autocovariance(series: Float64Array, mean: number, lag: number): number {
  let sum = 0;
  for (let i = lag; i < series.length; i++) sum += (series[i] - mean) * (series[i - lag] - mean);
  return sum / series.length;
}

export const meanOf = (series: Float64Array): number => series.reduce((sum, value) => sum + value, 0) / series.length;

/**
 * Integrated autocorrelation time in steps: 1 + 2 Σ ρ(t), the correlation functions of all walkers averaged, the sum cut at the first lag
 * that is at least five times the time found so far (Sokal 1989, as in emcee 3). Series shorter than 50 times the answer give it too small.
 * NaN where nothing varies.
 */
export function autocorrelationTime(series: readonly Float64Array[], window = 5): number {
  const length = Math.min(...series.map((one) => one.length));
  const moving = series.map((one) => ({ one, mean: meanOf(one) })).map((s) => ({ ...s, variance: autocovariance(s.one, s.mean, 0) }));
  const varied = moving.filter(({ variance }) => variance > 0);
  if (varied.length === 0) return NaN;
  let time = 1;
  for (let lag = 1; lag < length; lag++) {
    let rho = 0;
    for (const { one, mean, variance } of varied) rho += autocovariance(one, mean, lag) / variance;
    time += (2 * rho) / varied.length;
    if (lag >= window * time) break;
  }
  return time;
}
