import type { Lsf, Spectrum } from '../../domain/spectrum.ts';
import type { FitsHeader } from '../fits/header.ts';

/** What is taken where a file does not say; each adds a warning that says so. */
export const ASSUMED_RESOLVING_POWER = 1800;

export function assumedMedium(warnings: string[]): 'vacuum' {
  warnings.push('The file does not say whether its wavelengths are in air or vacuum: vacuum is assumed.');
  return 'vacuum';
}

/** SPEC_RES where the header has it. */
export function assumedLsf(header: FitsHeader, warnings: string[]): Lsf {
  const stated = header.number('SPEC_RES');
  if (stated !== undefined && stated > 0) return { kind: 'resolving-power', resolvingPower: stated };
  return unknownLsf(warnings);
}

export function unknownLsf(warnings: string[]): Lsf {
  warnings.push(`The file does not state its resolving power: R = ${ASSUMED_RESOLVING_POWER} is assumed.`);
  return { kind: 'resolving-power', resolvingPower: ASSUMED_RESOLVING_POWER };
}

/** SPECSYS (Greisen et al. 2006, table 11), or HELIO; observed where nothing tells. */
export function frameOf(header: FitsHeader): Spectrum['frame'] {
  const system = header.text('SPECSYS') ?? '';
  if (system === 'SOURCE') return 'rest';
  return system === 'BARYCENT' || system === 'HELIOCEN' || header.get('HELIO') === true ? 'barycentric' : 'observed';
}
