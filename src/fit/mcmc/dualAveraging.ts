/** Adapts a step so that a statistic has a wanted mean: dual averaging, Hoffman & Gelman (2014, section 3.2), their constants. */
export interface DualAveraging {
  readonly count: number;
  readonly wanted: number;
  readonly shrinkTo: number;
  readonly error: number;
  readonly logStep: number;
  readonly logAverage: number;
}

const GAMMA = 0.05;
const T0 = 10;
const KAPPA = 0.75;

export function startAveraging(step: number, wanted: number): DualAveraging {
  const logStep = Math.log(step);
  return { count: 0, wanted, shrinkTo: Math.log(10) + logStep, error: 0, logStep, logAverage: logStep };
}

/** With one more value of the statistic (acceptance, 0…1); the step stays below `largest`. */
export function average(state: DualAveraging, statistic: number, largest: number): DualAveraging {
  const count = state.count + 1;
  const error = state.error + (state.wanted - statistic - state.error) / (count + T0);
  const logStep = Math.min(Math.log(largest), state.shrinkTo - (Math.sqrt(count) / GAMMA) * error);
  const weight = count ** -KAPPA;
  return { ...state, count, error, logStep, logAverage: weight * logStep + (1 - weight) * state.logAverage };
}
