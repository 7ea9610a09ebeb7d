/** The line of the terminal that repeats the fit of a spectrum on the page. */
import { isSolution } from '../domain/fit.ts';
import { failed, success, type Result } from '../domain/result.ts';
import { fitArguments, shellLine } from '../results/fitCommand.ts';
import type { Entry } from './entries.ts';
import { changedSinceFit } from './ownSettings.ts';
import type { SessionState } from './store.ts';

type Known = Pick<SessionState, 'engine' | 'models' | 'calibrations' | 'openedCalibrations'>;

/**
 * The line that repeats the fit on show, below comments that say what it cannot repeat. Failures: `COMMAND_NO_FIT`, `COMMAND_NO_OPTIONS` (a fit of a
 * version that did not write them down), `COMMAND_NO_FILE` (a sample star).
 */
export function repeatCommand(entry: Entry, known: Known): Result<string> {
  const { key, run, manual } = entry;
  if (run.kind !== 'done') return failed('COMMAND_NO_FIT', `${key} has no fit that a command could repeat.`, 'Fit it first.');
  const { result, calibrated } = run;
  if (!isSolution(result))
    return failed('COMMAND_NO_OPTIONS', `${key} was fitted by a version that did not write down its options.`, 'Fit it anew.');
  const { options, model, data } = result.problem;
  const { source, id, asRead, meta } = data[0].spectrum;
  if (source === undefined)
    return failed('COMMAND_NO_FILE', `${key} is a star of the page, not a file that the terminal could fit.`, 'Open a file of your own.');
  const { reading = {} } = source;
  const calibration = calibrationOf(calibrated.calibration, result.simulated, model.id, known);
  const changed = changedSinceFit(entry);
  const notes = [
    ...(manual === null ? [] : ['The sliders were moved since: this repeats the fit.']),
    ...(changed.length === 0 ? [] : [`Changed since the fit, and not in this line: ${changed.join(', ')}.`]),
    ...(result.backend.name === 'webgpu' ? ['Fitted on WebGPU, which the terminal lacks: the last digits may differ.'] : []),
    ...(asRead !== undefined && reading.resolvingPower !== undefined && 'convolved_to_resolving_power' in meta
      ? ['The spectrum was convolved before its R was set: the terminal convolves it by that R, and the digits may differ.']
      : []),
    ...(calibration?.endsWith('.json') === true
      ? [`${calibration} is the calibration that you opened; put the name of your file there.`]
      : []),
  ];
  const line = shellLine(
    fitArguments({
      file: source.name,
      spectrum: source.index > 0 || id !== source.name ? source.index + 1 : null,
      options,
      reading,
      model: model.id === known.models[0]?.id ? null : model.id,
      backend: result.backend.name === 'reference' ? 'reference' : null,
      calibration,
    }),
  );
  return success([...notes.map((note) => `# ${note}`), line].join('\n'));
}

/** What `--calibration` is to say; null where the terminal calibrates so anyway. */
function calibrationOf(id: string, simulated: boolean, model: string, known: Known): string | null {
  const { engine, calibrations, openedCalibrations } = known;
  // Never calibrated, whatever is chosen.
  if (simulated) return null;
  if (openedCalibrations.includes(id)) return `${id}.json`;
  if (engine.kind !== 'ready' || engine.engine.info.id !== model) return id;
  const usual = calibrations.find((one) => !openedCalibrations.includes(one.id))?.id ?? 'none';
  return id === usual ? null : id;
}
