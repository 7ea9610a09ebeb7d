/** Noise models that are compared: what is used today without a measurement, each part of a measured one alone, and all of it. */
import type { EmulatorInfo } from '../../src/domain/emulator.ts';
import type { Nature } from '../../src/domain/nature.ts';
import { tuningFor } from '../../src/fit/tuning.ts';
import { ALL, measure } from './measure.ts';
import { RESIDUAL_GRID, type StarResidual } from './residual.ts';

export const VARIANTS = ['floor', 'pixels', 'shapes', 'lines', 'all'] as const;
export type Variant = (typeof VARIANTS)[number];

export const VARIANT_TITLE: Readonly<Record<Variant, string>> = {
  floor: 'floor of 0.8–7 %, widened',
  pixels: 'an error per pixel and type',
  shapes: 'floor and shared shapes',
  lines: 'error that grows with the lines',
  all: 'all three',
};

type About = Pick<Nature, 'model' | 'date' | 'command'>;

/** The model's error by one variant, from the residuals of stars; null for the floor. */
export function natureOf(variant: Variant, stars: readonly StarResidual[], info: EmulatorInfo, about: About): Nature | null {
  if (variant === 'floor') return null;
  if (variant === 'all') return measure(stars, ALL, about);
  if (variant === 'pixels') return measure(stars, { shapes: 0, pixels: true, lines: false }, about);
  if (variant === 'lines') return measure(stars, { shapes: 0, pixels: false, lines: true }, about);
  const shared = measure(stars, { ...ALL, pixels: false, lines: false }, about);
  const { errorFloor } = tuningFor({ simulated: false }, info);
  const wavelength = Array.from({ length: 60 }, (_, i) => 3900 + 88 * i);
  return {
    ...shared,
    // The floor has what neighbours share in it.
    correlation: RESIDUAL_GRID.lnStep,
    law: { wavelength, constant: wavelength.map(errorFloor), depth: wavelength.map(() => 0) },
  };
}
