import type { Angstrom } from '../domain/units.ts';
import { angstrom } from '../domain/units.ts';

/** Below this wavelength (Å) spectra are kept in vacuum by convention, and the formulae are not used. */
const UV_LIMIT = 2000;

/** Refractive index of dry air (15 °C, 101 325 Pa, 450 ppm CO2) at wavenumber² s² in µm⁻². Birch & Downs (1994, Metrologia 31, 315). */
function refractionFromVacuum(s2: number): number {
  return 1 + 0.0000834254 + 0.02406147 / (130 - s2) + 0.00015998 / (38.9 - s2);
}

/** Air wavelength of a vacuum wavelength, both in Å. Birch & Downs (1994). */
export function vacuumToAir(vacuum: Angstrom): Angstrom {
  return vacuum < UV_LIMIT ? vacuum : angstrom(vacuum / refractionFromVacuum((1e4 / vacuum) ** 2));
}

/**
 * Vacuum wavelength of an air wavelength, both in Å. Birch & Downs (1994, Metrologia 31, 315), in the inverse form that
 * N. Piskunov derived for VALD (https://www.astro.uu.se/valdwiki/Air-to-vacuum%20conversion).
 */
export function airToVacuum(air: Angstrom): Angstrom {
  if (air < UV_LIMIT) return air;
  const s2 = (1e4 / air) ** 2;
  const n = 1 + 0.00008336624212083 + 0.02408926869968 / (130.1065924522 - s2) + 0.0001599740894897 / (38.92568793293 - s2);
  return angstrom(air * n);
}

/** Vacuum wavelengths of air wavelengths, Å. */
export function airToVacuumArray(air: Float64Array): Float64Array {
  return air.map((value) => airToVacuum(angstrom(value)));
}

/** Air wavelengths of vacuum wavelengths, Å. */
export function vacuumToAirArray(vacuum: Float64Array): Float64Array {
  return vacuum.map((value) => vacuumToAir(angstrom(value)));
}
