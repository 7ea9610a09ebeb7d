/** The calibrations that a person may choose from, and what is shown of a fit under the one chosen. */
import { calibrate } from '../calibration/apply.ts';
import type { Calibration } from '../calibration/schema.ts';
import { calibrationFor } from '../calibration/select.ts';
import type { FitClient } from '../domain/client.ts';
import type { CalibratedLabels, ShownResult } from '../domain/fit.ts';
import { failed, type Result } from '../domain/result.ts';
import { changeEntry, type Entry } from './entries.ts';
import type { FitRun } from './fitRun.ts';
import { failureOf } from './failureOf.ts';
import type { NamedFile } from './reading.ts';
import type { ShownValues } from './settings.ts';
import { notify, tell, type SessionStore } from './store.ts';

/** Labels of a result under a calibration; a simulated star is never calibrated, nor is a fit of other weights. */
export function calibratedBy(result: ShownResult, calibration: Calibration | null): CalibratedLabels {
  const weights = result.problem?.model.weights ?? '';
  const own = calibration !== null && !result.simulated && (weights === '' || weights === calibration.model.weights);
  return calibrate(result, own ? calibration : null);
}

/** What table, plot and export show of a result: its calibrated labels, or raw ones alone. */
export const shownLabels = (result: ShownResult, calibrated: CalibratedLabels, values: ShownValues): CalibratedLabels =>
  values === 'raw' ? calibrate(result, null) : calibrated;

/** Choosing among calibrations: those of the site for the model that is open, and those that a person opens. */
export function createCalibrating(client: FitClient, store: SessionStore) {
  const get = store.getState;
  const chosen = (): Calibration | null => get().calibrations.find(({ id }) => id === get().calibration) ?? null;

  const recalibrate = (): void => {
    const calibration = chosen();
    const again = (entry: Entry): Entry => {
      const anew = <T extends FitRun>(run: T): T =>
        run.kind !== 'done' || run.result.model !== (calibration?.model.id ?? run.result.model)
          ? run
          : { ...run, calibrated: calibratedBy(run.result, calibration) };
      const run = anew(entry.run);
      const earlier = entry.earlier?.map(anew);
      return run === entry.run && earlier === undefined ? entry : { ...entry, run, ...(earlier === undefined ? {} : { earlier }) };
    };
    store.setState((state) => state.entries.reduce((now, { key }) => ({ ...now, ...changeEntry(now, key, again) }), state));
  };

  /** A calibration of a person's own: listed, chosen and applied at once. Failures: those of `calibrationFor`, `CALIBRATION_INVALID`, `CALIBRATION_NO_MODEL`. */
  function open(name: string, text: string): Result<Calibration> {
    const { calibrationModel } = get();
    if (calibrationModel === null)
      return failed('CALIBRATION_NO_MODEL', `${name} came before the model was loaded.`, 'Wait for the model, then drop the file again.');
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch (error) {
      return failed(
        'CALIBRATION_INVALID',
        `${name} is not JSON: ${error instanceof Error ? error.message : String(error)}.`,
        'Derive it again with "maury calibrate".',
      );
    }
    const calibration = calibrationFor(json, calibrationModel);
    if (!calibration.ok) return calibration;
    store.setState(({ calibrations, openedCalibrations }) => ({
      calibrations: [...calibrations.filter(({ id }) => id !== calibration.value.id), calibration.value],
      calibration: calibration.value.id,
      openedCalibrations: [...openedCalibrations.filter((id) => id !== calibration.value.id), calibration.value.id],
    }));
    recalibrate();
    return calibration;
  }

  return {
    /** Finds the site's calibrations of the model that is open; the first is used unless another is chosen. */
    async load(): Promise<void> {
      const { engine } = get();
      if (engine.kind !== 'ready') return;
      const offered = await client.calibrations().catch((reason: unknown) => {
        notify(store, 'The list of calibrations', failureOf(reason));
        return null;
      });
      if (offered === null) return;
      const found = offered.files.flatMap((json) => {
        const calibration = calibrationFor(json, offered.model);
        return calibration.ok ? [calibration.value] : [];
      });
      store.setState({ calibrations: found, calibration: found[0]?.id ?? null, calibrationModel: offered.model, openedCalibrations: [] });
    },

    /** Opens a file that is a calibration, or says why not; false where it is none. */
    async openFile(file: NamedFile): Promise<boolean> {
      if (!/\.json$/i.test(file.name)) return false;
      const text = await file
        .arrayBuffer()
        .then((bytes) => new TextDecoder().decode(bytes))
        .catch(() => '');
      if (!text.slice(0, 400).includes('"maury-calibration-')) return false;
      const opened = open(file.name, text);
      if (opened.ok) tell(store, `Calibration: ${opened.value.title}`);
      else notify(store, file.name, opened.failure);
      return true;
    },

    /** Chooses one of those listed and applies it to all results of its model; null: none. */
    choose(id: string | null): void {
      store.setState({ calibration: id });
      recalibrate();
    },

    /** A finished fit under the calibration that is chosen now; as it came where none was ever found. */
    now: (result: ShownResult, calibrated: CalibratedLabels): CalibratedLabels =>
      get().calibrations.length === 0 ? calibrated : calibratedBy(result, chosen()),
  };
}

export type Calibrating = ReturnType<typeof createCalibrating>;
