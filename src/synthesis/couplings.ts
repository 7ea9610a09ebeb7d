import type { ElementResponse } from './response.ts';

/** A species' response that differs from the common one through n_e by less than this (in ln, per dex) is the common one. */
const RESIDUAL = 2e-3;

/** An element a species answers to, with ∂ln(n/U) per dex of every layer. */
export interface Coupling {
  readonly element: number;
  readonly residual: Float64Array;
}

export interface CommonResponse {
  /** ∂ln(n/U)/∂ln n_e by [species·layers + layer]. */
  readonly perElectron: Float64Array;
}

/** How every species follows n_e, read off the responses to Mg (to Si for the species of Mg itself). */
export function commonResponse(responses: readonly ElementResponse[], species: number, layers: number): CommonResponse | null {
  const mg = responses.find((r) => r.z === 12);
  const si = responses.find((r) => r.z === 14);
  if (!mg?.lnPopulation || !si?.lnPopulation) return null;
  const perElectron = new Float64Array(species * layers);
  for (let s = 0; s < species; s++) {
    // the donor whose own species this is not: its response is the smaller one
    const size = (r: ElementResponse): number =>
      Math.max(...(r.lnPopulation ?? new Float64Array(0)).subarray(s * layers, (s + 1) * layers).map(Math.abs));
    const donor = size(mg) <= size(si) || size(si) > 1 ? mg : si;
    for (let layer = 0; layer < layers; layer++) {
      const electrons = donor.lnElectrons[layer] ?? 0;
      perElectron[s * layers + layer] = Math.abs(electrons) > 1e-7 ? (donor.lnPopulation?.[s * layers + layer] ?? 0) / electrons : 0;
    }
  }
  return { perElectron };
}

/** Elements to which a species answers beyond the common way through n_e, with that rest per layer. */
export function couplingsOf(
  species: number,
  z: number,
  responses: readonly ElementResponse[],
  common: CommonResponse,
  layers: number,
): Coupling[] {
  const out: Coupling[] = [];
  responses.forEach((response, element) => {
    const residual = new Float64Array(layers);
    let largest = 0;
    for (let layer = 0; layer < layers; layer++) {
      const at = species * layers + layer;
      const rest =
        response.lnPopulation === null
          ? response.z === z
            ? Math.LN10
            : 0
          : (response.lnPopulation[at] ?? 0) - (common.perElectron[at] ?? 0) * (response.lnElectrons[layer] ?? 0);
      residual[layer] = rest;
      largest = Math.max(largest, Math.abs(rest));
    }
    if (largest > RESIDUAL) out.push({ element, residual });
  });
  return out;
}
