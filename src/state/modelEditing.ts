import type { DrawnModel, EngineInfo, FitClient } from '../domain/client.ts';
import { isSolution } from '../domain/fit.ts';
import { changeEntry, selectedEntry } from './entries.ts';
import type { Entry } from './entries.ts';
import { failureOf } from './failureOf.ts';
import { isActive } from './fitRun.ts';
import type { History } from './history.ts';
import { fittedLabels, solarLabels, translatedLabels, withLabel } from './labelVectors.ts';
import { latestOnly } from './latest.ts';
import { createLiveLabels } from './liveLabels.ts';
import { shownLabels } from './shownLabels.ts';
import { entryOf, notify } from './store.ts';
import type { SessionStore } from './store.ts';

/** Labels moved by hand: the model is drawn again over the data, and its derivatives follow. */
export function createModelEditing(client: FitClient, store: SessionStore, history: History) {
  const get = store.getState;
  /** A request that the engine could not answer: told, not thrown. */
  const tell =
    (about: string) =>
    (reason: unknown): void => {
      notify(store, about, failureOf(reason));
    };

  /** The pixels that a finished fit's labels are measured from, for one result at a time. */
  const findCarriers = latestOnly<Entry | null>(async (entry) => {
    const { engine, carriers } = get();
    if (engine.kind !== 'ready' || entry?.run.kind !== 'done' || entry.manual !== null) return;
    const { result } = entry.run;
    if (!isSolution(result) || result.model !== engine.engine.info.id || carriers?.result === result) return;
    const pixels = await client.carriers(result).catch(tell('Pixels that carry a label'));
    if (pixels !== undefined && get().engine === engine) store.setState({ carriers: { result, pixels } });
  });
  const updateDerivatives = latestOnly<null>(async () => {
    const { engine, jacobian } = get();
    const entry = selectedEntry(get());
    if (engine.kind !== 'ready' || (entry !== null && isActive(entry.run))) return;
    const labels = shownLabels(engine.engine, entry);
    findCarriers(entry);
    if (jacobian !== null && labels.every((value, i) => value === jacobian.labels[i])) return;
    const values = await client.jacobian(labels).catch(tell('Derivative spectrum'));
    // The model may have changed meanwhile; then a newer request waits.
    if (values !== undefined && get().engine === engine) store.setState({ jacobian: { labels, values } });
  });
  /** The ab initio derivative of a label where the emulator's are shown. */
  const showAbinitio = latestOnly<string>(async (label) => {
    const { jacobian, engine, abinitio } = get();
    if (jacobian === null || (abinitio?.label === label && abinitio.labels === jacobian.labels)) return;
    const derivative = await client.abinitio(label, jacobian.labels).catch(tell('Ab initio derivative'));
    if (derivative !== undefined && get().engine === engine) store.setState({ abinitio: { label, labels: jacobian.labels, derivative } });
  });
  const refreshDerivatives = (): void => {
    updateDerivatives(null);
  };

  const draw = async (key: string): Promise<void> => {
    const entry = entryOf(store, key);
    if (entry?.manual == null) return;
    const result = entry.run.kind === 'done' ? entry.run.result : null;
    // A result of an earlier version does not say over what to draw: the spectrum alone does.
    const over = result !== null && isSolution(result) ? result : null;
    const drawn = await client.redraw(entry.spectrum, over, entry.manual.labels, result?.rv.value ?? 0).catch(tell(key));
    if (drawn === undefined) return;
    store.setState((state) =>
      changeEntry(state, key, (now) => (now.manual === null ? now : { ...now, manual: { labels: now.manual.labels, drawn } })),
    );
    refreshDerivatives();
  };
  const redraw = latestOnly(draw);

  /** `drawn` is the model at these very labels, where there is one already. */
  const setManual = (key: string, labels: Float64Array | null, drawn: DrawnModel | null = null): void => {
    store.setState((state) =>
      changeEntry(state, key, (entry) => ({
        ...entry,
        manual: labels === null ? null : { labels, drawn: drawn ?? entry.manual?.drawn ?? null },
      })),
    );
    if (labels === null || drawn !== null) refreshDerivatives();
    else redraw(key);
  };

  /** One step of editing the selected entry; steps with the same `group` close together are undone together. */
  const edit = (
    what: string,
    group: string | null,
    change: (labels: Float64Array, engine: EngineInfo) => Float64Array | null,
    drawn: DrawnModel | null = null,
  ): void => {
    const { engine } = get();
    const entry = selectedEntry(get());
    if (engine.kind !== 'ready' || entry === null || isActive(entry.run)) return;
    const before = entry.manual?.labels ?? null;
    const undo = (): void => {
      setManual(entry.key, before);
    };
    history.push({ what, key: group === null ? null : `${entry.key}/${group}`, labelsOf: entry.key, undo });
    setManual(entry.key, change(shownLabels(engine.engine, entry), engine.engine), drawn);
  };

  /** Sliders and drawings of one model carried over to another. */
  const changeModel = async (from: EngineInfo, to: EngineInfo): Promise<void> => {
    const names = ({ info }: EngineInfo): string => info.labels.map(({ name }) => name).join(' ');
    // Steps hold label vectors in the order of the model they were made with.
    if (names(from) !== names(to)) history.forgetLabels();
    store.setState({ jacobian: null, carriers: null, abinitio: null });
    const moved = get().entries.flatMap(({ key, manual }) => (manual === null ? [] : [{ key, manual }]));
    for (const { key, manual } of moved) {
      const labels = translatedLabels(from.info, to.info, manual.labels);
      store.setState((state) => changeEntry(state, key, (entry) => ({ ...entry, manual: { labels, drawn: null } })));
    }
    refreshDerivatives();
    for (const { key } of moved) await draw(key);
  };

  const setLabel = (index: number, value: number, drawn: DrawnModel | null = null): void => {
    edit('label change', `label-${String(index)}`, (labels, { info }) => withLabel(info, labels, index, value), drawn);
  };
  const live = createLiveLabels(client, store, setLabel);

  return {
    refreshDerivatives,
    changeModel,
    showAbinitio,
    /** One label while its slider is dragged; `setLabel` ends the drag. */
    moveLabel: live.move,
    setLabel: (index: number, value: number): void => {
      live.drop(index);
      setLabel(index, value);
    },
    /** One label back to the fit's value, or the Sun's where there is no fit. */
    resetLabel: (index: number): void => {
      edit('label reset', null, (labels, { info }) => {
        const run = selectedEntry(get())?.run;
        const origin = run?.kind === 'done' ? fittedLabels(info, run.result) : solarLabels(info);
        return withLabel(info, labels, index, origin[index] ?? NaN);
      });
    },
    /** All labels at once, as one step. */
    setLabels: (what: string, labels: (engine: EngineInfo) => Float64Array): void => {
      edit(what, null, (_, engine) => labels(engine));
    },
    resetToFit: (): void => {
      edit('reset to the fit', null, () => null);
    },
    resetToSolar: (): void => {
      edit('reset to the Sun', null, (_, { info }) => solarLabels(info));
    },
  };
}
