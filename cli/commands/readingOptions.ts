/** What the terminal may say of a file that the file does not say itself. */
import { failed, success, type Result } from '../../src/domain/result.ts';
import type { ReadOptions } from '../../src/io/readOptions.ts';
import { choiceOption, numberOption } from './args.ts';

export const READING_OPTIONS = {
  medium: { type: 'string' },
  frame: { type: 'string' },
  r: { type: 'string' },
  'error-column': { type: 'string' },
  'flux-unit': { type: 'string' },
  target: { type: 'string' },
  'degrade-to': { type: 'string' },
} as const;

export const READING_HELP = `  --medium air|vacuum   of the wavelengths, whatever the file says
  --frame observed|barycentric|rest
                        of the wavelengths, whatever the file says
  --r R                 resolving power (wavelength over FWHM) of the data, whatever the file says
  --error-column NAME   column (or image) with the errors; none: guess them
  --flux-unit UNIT      unit of the flux
  --target ID           one of many spectra in a file: TARGETID (DESI), name (WEAVE), or its number
  --degrade-to R        convolve data that are sharper to R (default: only what is sharper than the model, to 1800)`;

type Values = Readonly<Partial<Record<keyof typeof READING_OPTIONS, string | undefined>>>;

/** The options that were given. Failure: BAD_OPTION. */
export function readingOptions(values: Values): Result<ReadOptions> {
  const medium = choiceOption<'air' | 'vacuum' | ''>('medium', values.medium, '', ['air', 'vacuum']);
  if (!medium.ok) return medium;
  const frame = choiceOption<NonNullable<ReadOptions['frame']> | ''>('frame', values.frame, '', ['observed', 'barycentric', 'rest']);
  if (!frame.ok) return frame;
  const power = numberOption('r', values.r, 0, { min: 100, max: 1e6 });
  if (!power.ok) return power;
  const degrade = numberOption('degrade-to', values['degrade-to'], 0, { min: 200, max: 1e6 });
  if (!degrade.ok) return degrade;
  for (const name of ['error-column', 'flux-unit', 'target'] as const)
    if (values[name]?.trim() === '') return failed('BAD_OPTION', `--${name} is empty.`, 'Give a value, or leave the option out.');
  return success({
    ...(medium.value === '' ? {} : { medium: medium.value }),
    ...(frame.value === '' ? {} : { frame: frame.value }),
    ...(power.value === 0 ? {} : { resolvingPower: power.value }),
    ...(degrade.value === 0 ? {} : { degradeTo: degrade.value }),
    ...(values['error-column'] === undefined ? {} : { errorColumn: values['error-column'] }),
    ...(values['flux-unit'] === undefined ? {} : { fluxUnit: values['flux-unit'] }),
    ...(values.target === undefined ? {} : { target: values.target }),
  });
}
