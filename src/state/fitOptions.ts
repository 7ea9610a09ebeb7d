import type { EmulatorInfo } from '../domain/emulator.ts';
import type { FitOptions } from '../domain/fit.ts';
import { isElement } from '../domain/labels.ts';
import { DEFAULT_FIT_OPTIONS } from '../fit/defaults.ts';
import { DEFAULT_FIT_SETTINGS } from './settings.ts';
import type { FitSettings } from './settings.ts';

/** The options of a fit from what the person set: a prior σ other than the default goes to every element of the model. */
export function fitOptions(settings: FitSettings, info: EmulatorInfo): FitOptions {
  const elements = info.labels.filter(({ name }) => isElement(name));
  return {
    ...DEFAULT_FIT_OPTIONS,
    method: settings.method,
    seed: settings.seed,
    priorSigma:
      settings.priorSigma === DEFAULT_FIT_SETTINGS.priorSigma
        ? DEFAULT_FIT_OPTIONS.priorSigma
        : Object.fromEntries(elements.map(({ name }) => [name, settings.priorSigma])),
    range: [Math.min(settings.rangeFrom, settings.rangeTo), Math.max(settings.rangeFrom, settings.rangeTo)],
    knotSpacing: settings.knotSpacing,
    maskDiffuseBands: settings.maskDiffuseBands,
  };
}
