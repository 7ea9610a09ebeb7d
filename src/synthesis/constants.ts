/** CGS constants, CODATA 2018 (exact where SI 2019 fixes them). */
export const C_CGS = 2.997_924_58e10;
export const H_CGS = 6.626_070_15e-27;
export const K_CGS = 1.380_649e-16;
export const M_E_CGS = 9.109_383_7e-28;
export const E_CGS = 4.803_204_71e-10;
export const AMU_CGS = 1.660_539_07e-24;
/** hc in eV·Å. */
export const HC_EV_ANGSTROM = 12_398.419_84;
/** Boltzmann constant, eV/K. */
export const K_EV = 8.617_333_262e-5;
/** Rydberg energy of hydrogen, eV. */
export const RYDBERG_H_EV = 13.598_434;
/** πe²/(mₑc): integrated cross-section of unit oscillator strength, cm² s⁻¹. */
export const PI_E2_MC = (Math.PI * E_CGS * E_CGS) / (M_E_CGS * C_CGS);
