/** Model atmospheres, and one at given labels by interpolation in their grid. */
import { failed, success, type Result } from '../../domain/result.ts';
import type { AtmosphereGrid } from '../tables/atmosphereGrid.ts';

/** A plane-parallel structure, from the top down; CGS. */
export interface Atmosphere {
  readonly title: string;
  /** Column mass, g cm⁻². */
  readonly rhox: Float64Array;
  /** K */
  readonly temperature: Float64Array;
  /** Gas pressure, dyn cm⁻². */
  readonly pressure: Float64Array;
  /** Electron density of the source, cm⁻³: a starting value; it is solved again for the mixture. */
  readonly electronDensity: Float64Array;
  /** Optical depth at 5000 Å, where the structure is given on that scale. */
  readonly tau5000?: Float64Array;
}

/** How far [α/M] may run beyond the grid's two nodes, by linear extrapolation of a small differential effect, dex. */
const ALPHA_MARGIN = 0.35;

/**
 * Structure at (teff [K], logg [cgs], mh, am [dex]): T, ln ρx, ln P and ln n_e linear in the four labels at fixed layer.
 * Fails with `LABEL_OUT_OF_GRID` naming the label and its range, or `ATMOSPHERE_MISSING` where the grid has a hole.
 */
export function interpolateAtmosphere(grid: AtmosphereGrid, teff: number, logg: number, mh: number, am: number): Result<Atmosphere> {
  const axes: readonly [string, readonly number[], number, number][] = [
    ['teff', grid.teff, teff, 0],
    ['logg', grid.logg, logg, 0],
    ['feh', grid.mh, mh, 0],
    ['[alpha/Fe]', grid.am, am, ALPHA_MARGIN],
  ];
  const cells: [number, number][] = [];
  for (const [name, nodes, value, margin] of axes) {
    const first = nodes[0];
    const last = nodes[nodes.length - 1];
    if (!(value >= first - margin && value <= last + margin)) {
      return failed(
        'LABEL_OUT_OF_GRID',
        `${name} = ${value.toString()} is outside ${String(Number((first - margin).toFixed(6)))} … ${String(Number((last + margin).toFixed(6)))}, the range of the model atmospheres.`,
        `Choose ${name} within that range.`,
      );
    }
    let i = nodes.length - 2;
    while (i > 0 && nodes[i] > value) i--;
    const lo = nodes[i];
    const hi = nodes[i + 1];
    cells.push([i, (value - lo) / (hi - lo)]);
  }
  const n = grid.used;
  const out = {
    rhox: new Float64Array(n),
    temperature: new Float64Array(n),
    pressure: new Float64Array(n),
    electronDensity: new Float64Array(n),
  };
  for (let corner = 0; corner < 16; corner++) {
    let weight = 1;
    let at = 0;
    axes.forEach(([, nodes], a) => {
      const [i, f] = cells[a];
      const up = (corner >> a) & 1;
      weight *= up ? f : 1 - f;
      at = at * nodes.length + i + up;
    });
    if (weight === 0) continue;
    const row = grid.index[at];
    if (row < 0) {
      return failed(
        'ATMOSPHERE_MISSING',
        `No model atmosphere around teff ${teff.toFixed(0)}, logg ${logg.toFixed(2)}, [Fe/H] ${mh.toFixed(2)}, [alpha/Fe] ${am.toFixed(2)}.`,
        'The grid has no converged models there: raise logg or lower teff.',
      );
    }
    for (let k = 0; k < n; k++) {
      const p = row * grid.layers + k;
      out.temperature[k] += weight * grid.temperature[p];
      out.rhox[k] += weight * grid.lnRhox[p];
      out.pressure[k] += weight * grid.lnPressure[p];
      out.electronDensity[k] += weight * grid.lnElectron[p];
    }
  }
  return success({
    title: `ATLAS9 ${teff.toFixed(0)}/${logg.toFixed(2)}/${mh.toFixed(2)}/${am.toFixed(2)}`,
    temperature: out.temperature,
    rhox: out.rhox.map(Math.exp),
    pressure: out.pressure.map(Math.exp),
    electronDensity: out.electronDensity.map(Math.exp),
  });
}
