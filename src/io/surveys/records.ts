/** What is known of each survey that a reader reads; a new reader adds its record here. */
import { SIMULATED, unknownSurvey, type Survey } from '../../domain/survey.ts';
import { DESI_MASK, LAMOST_MASK, SDSS_MASK } from './maskBits.ts';

/**
 * LAMOST, low resolution. `noise`: robust scatter, over a line's width, of the difference between visits of one star over what their stated errors imply, as
 * `npm run validate -- noise` finds it (docs/inference/noise.md), in round numbers. In the red what the sky leaves behind is not in the errors. In
 * the blue the errors are a little too large; there they stay as they are. `velocityScatter`: what is left between the velocities of visits (docs/inference/repeats.md).
 */
export const LAMOST: Survey = {
  name: 'LAMOST',
  mediumKnown: true,
  noise: { wavelength: [5250, 5750, 6250, 7250, 7750, 8250, 8750], value: [1, 1.1, 1.5, 1.45, 1.8, 1.8, 2.2] },
  velocityScatter: 2,
  maskBits: LAMOST_MASK,
};

/** SDSS, SEGUE, BOSS and eBOSS. */
export const SDSS: Survey = { name: 'SDSS', mediumKnown: true, maskBits: SDSS_MASK };

/** The MILES stellar library. */
export const MILES: Survey = { name: 'MILES', mediumKnown: true };

/** LAMOST, medium resolution: the noise of its pixels has not been measured here. */
export const LAMOST_MRS: Survey = { name: 'LAMOST MRS', mediumKnown: true, maskBits: LAMOST_MASK };

/** DESI coadds, spectra and cframes. */
export const DESI: Survey = { name: 'DESI', mediumKnown: true, maskBits: DESI_MASK };

/** Mean spectra of Gaia's Radial Velocity Spectrometer. */
export const GAIA_RVS: Survey = { name: 'Gaia RVS', mediumKnown: true };

/** GALAH, arms of HERMES. */
export const GALAH: Survey = { name: 'GALAH', mediumKnown: true };

/** The medium of WEAVE and 4MOST stands in each file, not in this record. */
export const WEAVE: Survey = unknownSurvey('WEAVE');
export const FOURMOST: Survey = unknownSurvey('4MOST');

const RECORDS: readonly Survey[] = [LAMOST, LAMOST_MRS, SDSS, DESI, GALAH, GAIA_RVS, MILES, WEAVE, FOURMOST, SIMULATED];

/** The record of a survey by the name that a text file or an earlier version kept; one that says nothing more where the name is not known. */
export const surveyNamed = (name: string): Survey => RECORDS.find((record) => record.name === name) ?? unknownSurvey(name);

/** A survey's record with the velocity (km/s) that its pipeline states for one spectrum, where it does. */
export const withPipelineVelocity = (survey: Survey, velocity: unknown): Survey =>
  typeof velocity === 'number' && Number.isFinite(velocity) ? { ...survey, pipelineVelocity: velocity } : survey;

/** A survey's record with the class that its pipeline gave the object (`STAR`, `M2`, `GALAXY` …), where it does. */
export const withPipelineClass = (survey: Survey, ...names: unknown[]): Survey => {
  const said = names.filter((name): name is string => typeof name === 'string' && name.trim() !== '');
  return said.length > 0 ? { ...survey, pipelineClass: said.join(' ') } : survey;
};
