/** The view on show as a link, and a link followed: what it names at once, the rest when its star is there and fitted. */
import type { EngineInfo, FitClient } from '../domain/client.ts';
import type { Failure } from '../domain/result.ts';
import { isSampleStar } from '../domain/sampleStars.ts';
import { selectedEntry, type EntriesState, type Entry } from './entries.ts';
import { isActive } from './fitRun.ts';
import type { History } from './history.ts';
import { fittedLabels, orderedLabels, solarLabels } from './labelVectors.ts';
import type { createSettings } from './settings.ts';
import { entryOf, notify, tellDone, type SessionState, type SessionStore } from './store.ts';
import { DEMO_STAR, isLabelName, readViewLink, writeViewLink, type ViewLink } from './viewLink.ts';

interface Means {
  readonly select: (change: (state: EntriesState) => EntriesState) => void;
  readonly setLabels: (what: string, labels: (engine: EngineInfo) => Float64Array) => void;
  readonly openSample: (id: string) => Promise<void>;
  readonly showDemo: () => Promise<void>;
  readonly chooseModel: (id: string) => Promise<void>;
}

/** What the sliders of an entry start from: its fit, or the Sun. */
const startOf = ({ info }: EngineInfo, { run }: Entry): Float64Array =>
  run.kind === 'done' ? fittedLabels(info, run.result) : solarLabels(info);

/** The view on show, as the fragment of a link; null where no star is on the page. */
export function viewFragment(state: SessionState, settings: ReturnType<ReturnType<typeof createSettings>['getState']>): string | null {
  const entry = selectedEntry(state);
  if (entry === null) return null;
  const { spectrum, demo, manual } = entry;
  const engine = state.engine.kind === 'ready' ? state.engine.engine : null;
  const place = spectrum.source?.index ?? 0;
  const start = engine === null ? null : startOf(engine, entry);
  const moved = (engine?.info.labels ?? []).flatMap(({ name }, i) => {
    const value = manual?.labels[i];
    return value === undefined || value === start?.[i] ? [] : [[name, value] as const];
  });
  const { derivative, frame, scale } = settings;
  return writeViewLink({
    ...(demo === true
      ? { star: isSampleStar(spectrum.id) ? spectrum.id : DEMO_STAR }
      : { file: spectrum.source?.name ?? spectrum.id, ...(place === 0 ? {} : { spectrum: place + 1 }) }),
    ...(engine === null ? {} : { model: engine.info.id }),
    labels: Object.fromEntries(moved),
    ...(isLabelName(derivative) ? { element: derivative } : {}),
    ...(state.window === null ? {} : { window: state.window }),
    frame,
    scale,
  });
}

export function createViewLinks(
  client: FitClient,
  store: SessionStore,
  settings: ReturnType<typeof createSettings>,
  history: History,
  { select, setLabels, openSample, showDemo, chooseModel }: Means,
) {
  const get = store.getState;
  const tell = (failure: Failure): void => {
    notify(store, 'Link', failure);
  };

  /** Settles as soon as `found` finds something in the state that is at rest, and not before this turn is over: a star is often fitted in the same turn. */
  const eventually = <T>(found: (state: SessionState) => T | null): Promise<T> =>
    new Promise((resolve) => {
      let waiting = false;
      const look = (): void => {
        if (waiting) return;
        waiting = true;
        setTimeout(() => {
          waiting = false;
          const one = found(get());
          if (one === null) return;
          stop();
          resolve(one);
        }, 0);
      };
      const stop = store.subscribe(look);
      look();
    });

  /** The model that a link names, where there is one and no fit is in its way. */
  const takeModel = async (id: string | undefined): Promise<void> => {
    const engine = await eventually(({ engine: now }) => (now.kind === 'loading' ? null : now));
    if (id === undefined || engine.kind !== 'ready' || engine.engine.info.id === id) return;
    const models = await client.models();
    if (!models.some((one) => one.id === id)) {
      tell({
        code: 'LINK_MODEL_UNKNOWN',
        message: `The link is of the model “${id}”, which this page does not have.`,
        hint: `The view is shown with ${engine.engine.info.id}; its numbers may differ.`,
      });
      return;
    }
    if (get().entries.some(({ run }) => isActive(run))) {
      tell({
        code: 'LINK_MODEL_BUSY',
        message: `The link is of the model “${id}”, and a fit is under way on another.`,
        hint: 'When it is done, choose that model in the top bar and open the link again.',
      });
      return;
    }
    await chooseModel(id);
  };

  const place = (spectrum: Entry['spectrum']): number => (spectrum.source?.index ?? 0) + 1;
  const isOf = ({ file, spectrum = 1 }: ViewLink, entry: Entry): boolean =>
    entry.demo !== true && (entry.spectrum.source?.name ?? entry.spectrum.id) === file && place(entry.spectrum) === spectrum;

  /** Key of the star of a view, once it is on the page; null where it will not be. */
  const starOf = async (view: ViewLink): Promise<string | null> => {
    const { star, file } = view;
    if (star !== undefined) {
      if (star === DEMO_STAR) await showDemo();
      else await openSample(star);
      return (
        get().entries.find(
          ({ demo, spectrum }) =>
            demo === true && isSampleStar(spectrum.id) === (star !== DEMO_STAR) && (star === DEMO_STAR || spectrum.id === star),
        )?.key ?? null
      );
    }
    if (file === undefined) return get().selected;
    const there = get().entries.find((entry) => isOf(view, entry));
    if (there !== undefined) return there.key;
    store.setState({ awaited: file });
    return eventually(({ entries, awaited }) => {
      if (awaited !== file) return { key: null };
      const found = entries.find((entry) => isOf(view, entry));
      return found === undefined ? null : { key: found.key };
    }).then(({ key }) => {
      if (get().awaited === file) store.setState({ awaited: null });
      return key;
    });
  };

  /** How the page shows things, at once; undo takes it back. */
  const show = ({ element, frame, scale }: ViewLink): void => {
    const { derivative: label, frame: oldFrame, scale: oldScale, setDerivative, setFrame, setScale } = settings.getState();
    const to = (name: string, shown: typeof oldFrame, unit: typeof oldScale): void => {
      setDerivative(name);
      setFrame(shown);
      setScale(unit);
    };
    const { window: before } = get();
    to(element ?? label, frame ?? oldFrame, scale ?? oldScale);
    const undo = (): void => {
      to(label, oldFrame, oldScale);
      store.setState({ window: before });
    };
    history.push({ what: 'opened a link', key: null, undo });
  };

  /** Wavelengths and sliders, which are of the fit: when there is none under way. */
  const showFitted = async (key: string, { labels, window }: ViewLink): Promise<void> => {
    select((state) => ({ ...state, selected: key }));
    await eventually((state) => {
      const run = state.entries.find((entry) => entry.key === key)?.run;
      return run === undefined || !isActive(run) ? { run } : null;
    });
    const entry = entryOf(store, key);
    const { engine, selected } = get();
    if (entry === undefined || selected !== key) return;
    store.setState({ window: window ?? null });
    if (labels !== undefined && engine.kind === 'ready')
      setLabels('labels of a link', (now) => clamped(now, orderedLabels(now.info, labels, startOf(now, entry))));
  };

  return {
    /** Shows what the fragment of an address names; nothing where it names no view. */
    openLink: async (fragment: string): Promise<void> => {
      const link = readViewLink(fragment);
      if (link === null) return;
      const { view, unread } = link;
      if (unread.length > 0)
        tell({
          code: 'LINK_PARTLY_READ',
          message: `The link has parts that this page does not understand: ${unread.join(', ')}.`,
          hint: 'The rest of it is shown. Ask for the link again if something is missing.',
        });
      await takeModel(view.model);
      show(view);
      const key = await starOf(view);
      if (key === null) return;
      await showFitted(key, view);
      tellDone(store, 'opened a link');
    },
    /** No longer waits for the file of a link. */
    forgetAwaited: (): void => {
      store.setState({ awaited: null });
    },
  };
}

/** Labels within the model's range. */
const clamped = ({ info }: EngineInfo, labels: Float64Array): Float64Array =>
  labels.map((value, i) => Math.min(info.labels[i]?.max ?? value, Math.max(info.labels[i]?.min ?? value, value)));
