/** What a file that holds a problem or a solution must have. Strict objects: what is not known is named rather than dropped. */
import { z } from 'zod';
import type { ManifestLabel } from '../domain/emulator.ts';
import type { Solution } from '../domain/fit.ts';
import { FLAG_ORDER, type LabelFlag } from '../domain/fit.ts';
import type { Posterior } from '../domain/posterior.ts';
import { FIT_REASONS, SOLUTION_FORMAT, type DataSet, type Problem } from '../domain/problem.ts';
import type { Spectrum } from '../domain/spectrum.ts';
import { labelSchema, methodSchema, optionsSchema, readingSchema, samplerSchema } from './optionsSchema.ts';

/** NaN and infinities too: of a value that could not be had, say. */
const number = z.custom<number>((value) => typeof value === 'number', 'must be a number');
const float64 = z.instanceof(Float64Array);
const bytes = z.instanceof(Uint8Array);
const format = z.literal(SOLUTION_FORMAT);

const manifestLabel = z.strictObject({
  name: labelSchema,
  unit: z.enum(['K', 'dex', 'km/s']),
  min: z.number(),
  max: z.number(),
  centre: z.number(),
  halfRange: z.number().positive(),
}) satisfies z.ZodType<ManifestLabel>;

const curve = z.strictObject({ wavelength: z.array(number), value: z.array(number) });
const lsf = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('resolving-power'), resolvingPower: number }),
  z.strictObject({ kind: z.literal('fwhm'), fwhm: number }),
  z.strictObject({ kind: z.literal('table'), wavelength: z.array(number), resolvingPower: z.array(number) }),
]);
const survey = z.strictObject({
  name: z.string(),
  mediumKnown: z.boolean(),
  noise: z.exactOptional(curve),
  velocityScatter: z.exactOptional(number),
  maskBits: z.exactOptional(
    z.array(z.strictObject({ bit: number, name: z.string(), action: z.enum(['reject', 'warn']), meaning: z.string() })),
  ),
  pipelineVelocity: z.exactOptional(number),
  pipelineClass: z.exactOptional(z.string()),
});

const spectrum = z.strictObject({
  id: z.string(),
  survey,
  object: z.exactOptional(z.string()),
  wavelength: float64,
  medium: z.enum(['air', 'vacuum']),
  frame: z.enum(['observed', 'barycentric', 'rest']),
  flux: float64,
  ivar: float64,
  ivarIsMeasured: z.boolean(),
  mask: z.exactOptional(z.instanceof(Int32Array)),
  reason: z.exactOptional(bytes),
  arms: z.exactOptional(z.array(number)),
  reading: z.exactOptional(
    z.strictObject({ layout: z.string(), unsaid: z.array(z.enum(['medium', 'resolvingPower', 'errorColumn', 'fluxUnit'])) }),
  ),
  fluxUnit: z.string(),
  lsf,
  snr: number,
  simulated: z.boolean(),
  meta: z.record(z.string(), z.union([z.string(), number])),
  asRead: z.exactOptional(
    z.strictObject({
      medium: z.enum(['air', 'vacuum']),
      frame: z.enum(['observed', 'barycentric', 'rest']),
      lsf,
      reading: z.exactOptional(readingSchema),
    }),
  ),
  source: z.exactOptional(
    z.strictObject({
      name: z.string(),
      sha256: z.string().nullable(),
      index: z.int().nonnegative(),
      reading: z.exactOptional(readingSchema),
    }),
  ),
  truth: z.exactOptional(z.record(z.string(), number)),
}) satisfies z.ZodType<Spectrum>;

const dataSet = z
  .strictObject({
    spectrum,
    scale: z.number().positive(),
    lnWavelength: float64,
    flux: float64,
    ivar: float64,
    surveyWeight: float64,
    weight: float64,
    modelError: z.exactOptional(
      z.strictObject({
        source: z.enum(['measured', 'floor', 'emulator']),
        sigma: float64,
        network: float64,
        shared: number,
        shapes: z.array(float64),
      }),
    ),
    reason: bytes,
    errorScale: number,
    nuisances: z.strictObject({
      warpNodes: z.array(z.number()),
      warpSigma: number,
      broadeningNodes: z.array(z.number()),
      broadeningSigma: number,
    }),
    knotSpacing: z.number().positive(),
  })
  .refine(
    ({ spectrum: { wavelength, flux, ivar }, ...own }) =>
      [
        ...[flux, ivar, own.lnWavelength, own.flux, own.ivar, own.surveyWeight, own.weight, own.reason],
        ...(own.modelError === undefined ? [] : [own.modelError.sigma, own.modelError.network, ...own.modelError.shapes]),
      ].every(({ length }) => length === wavelength.length),
    'the arrays of pixels are not equally long',
  )
  .refine(({ reason }) => reason.every((code) => code < FIT_REASONS.length), 'a pixel has an unknown reason') satisfies z.ZodType<DataSet>;

const labelPrior = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('flat') }),
  z.strictObject({ kind: z.literal('normal'), mean: z.number(), sigma: z.number().positive() }),
  z.strictObject({ kind: z.literal('vmic-relation'), sigma: z.number().positive() }),
  z.strictObject({ kind: z.literal('fixed'), value: z.number() }),
]);

const region = z.strictObject({
  lowestLogg: z.exactOptional(
    z.strictObject({ floor: z.number(), ceiling: z.number(), from: z.number(), kelvinPerDex: z.number().positive() }),
  ),
  mostCarbonOverOxygen: z.exactOptional(z.number()),
});

export const problemSchema = z
  .strictObject({
    format,
    model: z.strictObject({ id: z.string(), weights: z.string() }),
    labels: z.array(manifestLabel),
    options: optionsSchema,
    prior: z.strictObject({ labels: z.array(labelPrior), wallSigma: z.number().positive(), region: z.exactOptional(region) }),
    priorDominated: number,
    data: z.tuple([dataSet], dataSet),
  })
  .refine(({ labels, prior }) => prior.labels.length === labels.length, 'not every label has a prior') satisfies z.ZodType<Problem>;

const posterior = z.strictObject({
  sampler: samplerSchema,
  labels: z.array(
    z.strictObject({
      name: labelSchema,
      mean: number,
      sigma: number,
      quantiles: z.tuple([number, number, number, number, number]),
      rhat: number,
      essBulk: number,
      essTail: number,
      tau: number,
      converged: z.boolean(),
    }),
  ),
  covariance: float64,
  acceptance: number,
  steps: number,
  sample: z.strictObject({ chains: number, draws: z.array(float64) }),
}) satisfies z.ZodType<Posterior>;

const valueWithError = z.strictObject({ value: number, sigma: number });

export const solutionSchema = z
  .strictObject({
    format,
    problem: problemSchema,
    z: float64,
    curvature: z.strictObject({ data: float64, prior: float64 }),
    scaledCovariance: float64,
    spectrumId: z.string(),
    simulated: z.boolean(),
    model: z.string(),
    backend: z.strictObject({
      name: z.enum(['webgpu', 'wasm', 'reference']),
      reason: z.string(),
      refused: z.exactOptional(z.string()),
    }),
    method: methodSchema,
    seed: number,
    seconds: number,
    evaluations: number,
    converged: z.boolean(),
    chi2Reduced: number,
    chi2ReducedWidened: number,
    pixelsUsed: number,
    trainingDistance: z.exactOptional(number),
    rv: valueWithError,
    resolvingPower: number,
    snr: number,
    labels: z.array(
      z.strictObject({
        name: labelSchema,
        value: number,
        sigma: number,
        priorFraction: number,
        priorSigma: z.exactOptional(number),
        exposureSigma: z.exactOptional(number),
        errors: z.exactOptional(z.strictObject({ noise: number, model: number, network: number })),
        doubt: z.exactOptional(z.string()),
        flags: z.array(z.enum(FLAG_ORDER as [LabelFlag, ...LabelFlag[]])),
      }),
    ),
    covariance: float64,
    nuisances: float64,
    modelFlux: float64,
    continuum: float64,
    residuals: float64,
    used: bytes,
    restWavelength: float64,
    warnings: z.array(z.string()),
    posterior: z.exactOptional(posterior),
    alerts: z.exactOptional(
      z.array(
        z.strictObject({
          code: z.string(),
          message: z.string(),
          hint: z.exactOptional(z.string()),
          spoilsLabels: z.boolean(),
          where: z.exactOptional(z.array(z.tuple([z.number(), z.number()]))),
        }),
      ),
    ),
  })
  .refine(
    ({ z: { length }, curvature, scaledCovariance }) =>
      [curvature.data, curvature.prior, scaledCovariance].every((matrix) => matrix.length === length ** 2),
    'a matrix does not have the size of the optimum',
  )
  .refine(
    ({ labels, problem, covariance }) => labels.length === problem.labels.length && covariance.length === labels.length ** 2,
    'labels and covariance are not those of the problem',
  ) satisfies z.ZodType<Solution>;
