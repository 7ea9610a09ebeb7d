/** The grid of model atmospheres as it is read from its archive. */
import type { NpyArray } from '../../io/npz.ts';
import { arrayOf, checkFinite, checkPositive } from './tableChecks.ts';

/** The regular grid of models; missing nodes are NaN in `index`. */
export interface AtmosphereGrid {
  readonly teff: readonly number[];
  readonly logg: readonly number[];
  readonly mh: readonly number[];
  readonly am: readonly number[];
  /** Row of the model at (teff, logg, mh, am), −1 where there is none. */
  readonly index: Int32Array;
  /** Layers of a model, and those used: nothing emerges from below log τ_Ross = DEEPEST. */
  readonly layers: number;
  readonly used: number;
  readonly temperature: Float64Array;
  /** Natural logarithms. */
  readonly lnRhox: Float64Array;
  readonly lnPressure: Float64Array;
  readonly lnElectron: Float64Array;
}

/** log τ_Ross of the deepest layer used (τ = 18). */
const DEEPEST = 1.25;

const axis = (values: Float64Array): number[] => [...new Set(values)].sort((a, b) => a - b);

/** Grid from the arrays of an ATLAS9 archive (teff, logg, mh, am [N]; rhox, T, P_gas, n_e [N, layers]). */
export function atmosphereGrid(npz: ReadonlyMap<string, NpyArray>): AtmosphereGrid {
  const teffs = arrayOf(npz, 'teff', [null]).data;
  const label = (name: string): Float64Array => arrayOf(npz, name, [teffs.length]).data;
  const [loggs, mhs, ams] = [label('logg'), label('mh'), label('am')];
  for (const [name, values] of Object.entries({ teff: teffs, logg: loggs, mh: mhs, am: ams })) checkFinite(name, values);
  const [teff, logg, mh, am] = [axis(teffs), axis(loggs), axis(mhs), axis(ams)];
  const index = new Int32Array(teff.length * logg.length * mh.length * am.length).fill(-1);
  teffs.forEach((t, row) => {
    const i = teff.indexOf(t);
    const j = logg.indexOf(loggs[row]);
    const k = mh.indexOf(mhs[row]);
    const l = am.indexOf(ams[row]);
    index[((i * logg.length + j) * mh.length + k) * am.length + l] = row;
  });
  const layers = arrayOf(npz, 'T', [teffs.length, null]).shape[1];
  const structure = (name: string): Float64Array => {
    const { data } = arrayOf(npz, name, [teffs.length, layers]);
    checkPositive(name, data);
    return data;
  };
  return {
    teff,
    logg,
    mh,
    am,
    index,
    layers,
    used: arrayOf(npz, 'logtau_ross', [layers]).data.filter((x) => x <= DEEPEST + 1e-6).length,
    temperature: structure('T'),
    lnRhox: structure('rhox').map(Math.log),
    lnPressure: structure('P_gas').map(Math.log),
    lnElectron: structure('n_e').map(Math.log),
  };
}
