/**
 * A slider while it is dragged. The labels on the way are kept apart from the spectra, so that only the curves over the data follow: at rest
 * they are a step like any other, and derivatives, tables and undo take it up then.
 */
import type { DrawnModel, FitClient } from '../domain/client.ts';
import { isSolution } from '../domain/fit.ts';
import { selectedEntry } from './entries.ts';
import { isActive } from './fitRun.ts';
import { withLabel } from './labelVectors.ts';
import { latestOnly } from './latest.ts';
import { shownLabels } from './shownLabels.ts';
import { entryOf, type SessionStore } from './store.ts';

/** A slider held still for so long is at rest, ms: longer than a pause of the hand, shorter than one would wait for the derivatives. */
const REST_MS = 400;

/** `settle` takes up a label at rest, with the model drawn at it where there is one. */
export function createLiveLabels(
  client: FitClient,
  store: SessionStore,
  settle: (index: number, value: number, drawn: DrawnModel | null) => void,
) {
  const get = store.getState;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const draw = latestOnly<Float64Array>(async (labels) => {
    const entry = entryOf(store, get().live?.key ?? '');
    if (entry === undefined) return;
    const result = entry.run.kind === 'done' && isSolution(entry.run.result) ? entry.run.result : null;
    const rv = entry.run.kind === 'done' ? entry.run.result.rv.value : 0;
    // What fails here fails again at rest, and is told then.
    const model = await client.redraw(entry.spectrum, result, labels, rv).catch(() => null);
    const { live } = get();
    if (model !== null && live?.key === entry.key) store.setState({ live: { ...live, drawn: { labels, model } } });
  });

  const rest = (): void => {
    const { live } = get();
    clearTimeout(timer);
    if (live === null) return;
    store.setState({ live: null });
    const { drawn, labels, index } = live;
    if (selectedEntry(get())?.key === live.key) settle(index, labels[index] ?? NaN, drawn?.labels === labels ? drawn.model : null);
  };

  return {
    /** One label moved, kept within its range; nothing while the spectrum is being fitted. */
    move: (index: number, value: number): void => {
      const before = get().live;
      if (before !== null && (before.index !== index || before.key !== get().selected)) rest();
      const { engine, live } = get();
      const entry = selectedEntry(get());
      if (engine.kind !== 'ready' || entry === null || isActive(entry.run)) return;
      const labels = withLabel(engine.engine.info, live?.labels ?? shownLabels(engine.engine, entry), index, value);
      store.setState({ live: { key: entry.key, index, labels, drawn: live?.drawn ?? null } });
      draw(labels);
      clearTimeout(timer);
      timer = setTimeout(rest, REST_MS);
    },
    /** Ends the drag of this label without taking it up: its value comes by another way. Another label's is taken up. */
    drop: (index: number): void => {
      if (get().live?.index !== index) rest();
      clearTimeout(timer);
      store.setState({ live: null });
    },
  };
}
