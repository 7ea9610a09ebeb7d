/**
 * Measured first ionisation energies and mean energies of the terms (eV) that matter to the continuum in the optical, by TOPbase file and by
 * `ISLP ILV`, from the NIST Atomic Spectra Database (Kramida et al., version 5). Computed thresholds are up to 0.5 eV (400 Å) from them.
 */
export const TERM_ENERGIES: Readonly<
  Partial<Record<string, { readonly ionisation: number; readonly terms: Readonly<Partial<Record<string, number>>> }>>
> = {
  na1: { ionisation: 5.13908, terms: { '200 1': 0, '211 1': 2.1037, '200 2': 3.1913, '220 1': 3.617, '211 2': 3.7533 } },
  mg1: {
    ionisation: 7.64624,
    terms: {
      '100 1': 0,
      '311 1': 2.7142,
      '111 1': 4.3458,
      '300 1': 5.1078,
      '100 2': 5.3937,
      '120 1': 5.7532,
      '311 2': 5.9319,
      '320 1': 5.9459,
      '111 2': 6.1182,
    },
  },
  al1: { ionisation: 5.98577, terms: { '211 1': 0.0093, '200 1': 3.1427, '220 1': 4.0216, '211 2': 4.0862 } },
  si1: { ionisation: 8.15168, terms: { '310 1': 0.0186, '120 1': 0.781, '100 1': 1.9087, '311 1': 4.942, '111 1': 5.0823 } },
  ca1: {
    ionisation: 6.11316,
    terms: {
      '100 1': 0,
      '311 1': 1.8924,
      '320 1': 2.5239,
      '120 1': 2.709,
      '111 1': 2.9325,
      '300 1': 3.9103,
      '100 2': 4.1308,
      '311 2': 4.5331,
      '111 2': 4.5541,
    },
  },
};
