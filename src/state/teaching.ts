/** Stars to try the page with, labels of known stars, a model that stays for comparison, and the exercises. */
import type { EngineInfo, FitClient } from '../domain/client.ts';
import { EXERCISES } from '../domain/exercises.ts';
import { isSolution } from '../domain/fit.ts';
import { labelTitle } from '../domain/labels.ts';
import { addSpectra, selectedEntry, type EntriesState } from './entries.ts';
import { orderedLabels, solarLabels } from './labelVectors.ts';
import type { createSettings } from './settings.ts';
import { shownLabels } from './shownLabels.ts';
import { notify, type SessionStore } from './store.ts';
import { failureOf } from './failureOf.ts';

interface Deps {
  /** Changes the list of spectra, with what follows from it. */
  readonly select: (change: (state: EntriesState) => EntriesState) => void;
  /** Asks for a fit of a sample star. */
  readonly fit: (key: string) => void;
  /** Sets the sliders of the selected spectrum. */
  readonly setLabels: (what: string, change: (engine: EngineInfo) => Float64Array) => void;
}

/** `4700 K, log g 2.30, [Fe/H] −0.50`: the labels that tell a model from another at a glance. */
export function labelsText({ info }: EngineInfo, labels: Float64Array): string {
  return info.labels
    .flatMap(({ name, unit }, i) => {
      const value = labels[i] ?? NaN;
      const main = name === 'teff' || name === 'logg' || name === 'feh';
      if (!main && (unit !== 'dex' || Math.abs(value) < 0.005)) return [];
      const number = value.toFixed(unit === 'K' ? 0 : 2).replace('-', '−');
      return [name === 'teff' ? `${number} K` : `${labelTitle(name)} ${number}`];
    })
    .join(', ');
}

export function createTeaching(
  client: FitClient,
  store: SessionStore,
  settings: ReturnType<typeof createSettings>,
  { select, fit, setLabels }: Deps,
) {
  const get = store.getState;

  /** Puts a sample star on the page and selects it; one that is there already is selected alone. Fits it, where `fits` says so and it has no result. */
  const openSample = async (id: string, fits: boolean): Promise<void> => {
    const there = () => get().entries.find(({ spectrum, demo }) => demo === true && spectrum.id === id);
    if (there() === undefined) {
      const star = await client.sample(id);
      if (!star.ok) {
        notify(store, 'Sample star', star.failure);
        return;
      }
      if (there() === undefined)
        select((state) => {
          const added = addSpectra(state, [star.value], star.warnings);
          return { ...added, entries: added.entries.map((entry) => (entry.key === added.selected ? { ...entry, demo: true } : entry)) };
        });
    }
    const entry = there();
    if (entry === undefined) return;
    select((state) => ({ ...state, selected: entry.key }));
    if (fits && entry.run.kind === 'idle') fit(entry.key);
  };

  /** Keeps the model at these labels (those on show unless told) over the selected spectrum, to compare with. */
  const freeze = async (named?: Readonly<Record<string, number>>): Promise<void> => {
    const { engine } = get();
    const entry = selectedEntry(get());
    if (engine.kind !== 'ready' || entry === null) return;
    const { info } = engine.engine;
    const labels = named === undefined ? shownLabels(engine.engine, entry) : orderedLabels(info, named, solarLabels(info));
    const result = entry.run.kind === 'done' ? entry.run.result : null;
    const over = result !== null && isSolution(result) ? result : null;
    try {
      const { model } = await client.redraw(entry.spectrum, over, labels, result?.rv.value ?? 0);
      store.setState({ frozen: { key: entry.key, text: labelsText(engine.engine, labels), model } });
    } catch (reason) {
      notify(store, 'Model to compare with', failureOf(reason));
    }
  };
  const thaw = (): void => {
    store.setState({ frozen: null });
  };

  const showLabels = (what: string, named: Readonly<Record<string, number>>): void => {
    setLabels(what, ({ info }) => orderedLabels(info, named, solarLabels(info)));
  };

  /** Goes to a step of an exercise, and sets the page for it. */
  const goTo = async (id: string, step: number): Promise<void> => {
    const exercise = EXERCISES.find((one) => one.id === id);
    const scene = exercise?.steps[step]?.scene;
    if (exercise === undefined || scene === undefined) return;
    store.setState({ exercise: { id, step, answered: false } });
    if (!(await client.ready).ok) return;
    await openSample(exercise.star, false);
    if (scene.freeze === true) await freeze(exercise.steps[step - 1]?.scene.labels ?? {});
    else if (scene.labels !== undefined) thaw();
    if (scene.labels !== undefined) showLabels(`labels of “${exercise.title}”`, scene.labels);
    if (scene.derivative !== undefined) settings.getState().setDerivative(scene.derivative);
    if (scene.window !== undefined) store.setState({ window: scene.window });
  };

  return {
    openSample: (id: string): Promise<void> => openSample(id, settings.getState().autoFit),
    freeze: (): Promise<void> => freeze(),
    thaw,
    showLabels,
    /** Opens the list of exercises. */
    openLearning: (): void => {
      store.setState({ exercise: { id: null, step: 0, answered: false } });
    },
    closeLearning: (): void => {
      store.setState({ exercise: null, frozen: null });
    },
    goTo,
    showAnswer: (): void => {
      store.setState(({ exercise }) => ({ exercise: exercise === null ? null : { ...exercise, answered: true } }));
    },
  };
}
