declare const unit: unique symbol;

/** A number that carries its unit in the type. One generic, so two brands can never be equal by accident. */
export type Quantity<U extends string> = number & { readonly [unit]: U };
export type Angstrom = Quantity<'Å'>;

export const angstrom = (value: number): Angstrom => value as Angstrom;

/** Speed of light in km/s (exact, SI 2019). */
export const SPEED_OF_LIGHT_KMS = 299_792.458;
/** FWHM of a Gaussian of unit σ: 2√(2 ln 2). */
export const FWHM_PER_SIGMA = 2.354_820_045_030_949;
