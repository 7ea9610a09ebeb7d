import { expect, it } from 'vitest';
import type { LabelName } from '../domain/labels.ts';
import { applyOperator } from '../spectra/lsf.ts';
import { ToyEmulator, toyLabels } from '../testing/toyEmulator.ts';
import { DEFAULT_TUNING } from './defaults.ts';
import { NuisanceModel } from './nuisances.ts';

const LABELS: LabelName[] = ['teff', 'logg', 'vmic', 'feh', 'C', 'Mg', 'Ca', 'Ti', 'Ni'];
const toy = new ToyEmulator({ labels: LABELS, from: 3700, to: 9100, linesPerElement: 8 });

it('columns are the differences of the model along velocity, warp and width', async () => {
  const [native] = await toy.predict([toyLabels(toy, [5400, 3.9, 1.1, -0.4], () => 0.1)]);
  if (native === undefined) throw new Error('no flux');
  const lnObserved = Float64Array.from({ length: 3600 }, (_, p) => Math.log(10) * (Math.log10(3750) + 1e-4 * p));
  const model = new NuisanceModel(toy.info, lnObserved, { kind: 'resolving-power', resolvingPower: 1800 }, DEFAULT_TUNING);
  const at = Float64Array.from({ length: model.count }, (_, k) => (k === 0 ? 83 : ([2, -3, 1, 0.2, -0.1, 0.4][k - 1] ?? 0)));
  const columns = model.columns(at, model.operator(at), native);
  expect(columns).toHaveLength(model.count);
  columns.forEach((column, k) => {
    const step = 0.02 * (model.scale[k] ?? 1);
    const along = (sign: number) => applyOperator(model.operator(at.map((value, i) => (i === k ? value + sign * step : value))), native);
    const [up, down] = [along(1), along(-1)];
    const numeric = up.map((value, p) => (value - (down[p] ?? 0)) / 0.04);
    const largest = Math.max(...numeric.map(Math.abs));
    expect(largest).toBeGreaterThan(1e-3);
    const worst = Math.max(...column.map((value, p) => Math.abs(value - (numeric[p] ?? NaN))));
    expect(worst / largest).toBeLessThan(0.02);
  });
});
