/** What is set for the selected spectrum alone, known labels and how it is read: every step can be taken back. */
import type { GivenLabels, PriorChoice } from '../domain/fitOptions.ts';
import type { Spectrum } from '../domain/spectrum.ts';
import { labelTitle, type LabelName } from '../domain/labels.ts';
import { changeEntry, selectedEntry } from './entries.ts';
import type { Entry } from './entries.ts';
import { isActive } from './fitRun.ts';
import { givenOf, withGiven } from './given.ts';
import type { History } from './history.ts';
import { overruled, type Overruled } from './overruling.ts';
import { tellDone } from './store.ts';
import type { SessionStore } from './store.ts';

const editable = ({ run, elsewhere }: Entry): boolean => elsewhere !== true && !isActive(run);

/** `onReread` is told which spectrum stands in the place of which. */
export function createGivenEditing(store: SessionStore, history: History, onReread: (before: Spectrum, now: Spectrum) => void) {
  const anew = (spectrum: Spectrum, said: Overruled): Spectrum => {
    const other = overruled(spectrum, said);
    onReread(spectrum, other);
    return other;
  };
  const set = (key: string, given: GivenLabels): void => {
    store.setState((state) => changeEntry(state, key, (entry) => ({ ...entry, given })));
  };

  return {
    /** Gives a label of the selected spectrum, or sets it free with null. A fit under way keeps what it began with. */
    give: (name: LabelName, choice: PriorChoice | null): void => {
      const entry = selectedEntry(store.getState());
      if (entry === null || !editable(entry)) return;
      const before = givenOf(entry);
      const undo = (): void => {
        set(entry.key, before);
      };
      const what = choice === null ? `set ${labelTitle(name)} free` : `gave ${labelTitle(name)}`;
      history.push({ what, key: choice === null ? null : `${entry.key}/given-${name}`, undo });
      set(entry.key, withGiven(before, name, choice));
    },
    /** Reads the selected spectrum as a person says, against its file; with nothing said, as the file has it. */
    overrule: (said: Overruled): void => {
      const entry = selectedEntry(store.getState());
      if (entry === null || !editable(entry)) return;
      const put = (spectrum: Spectrum): void => {
        store.setState((state) => changeEntry(state, entry.key, (now) => ({ ...now, spectrum })));
      };
      history.push({
        what: `read ${entry.key} otherwise`,
        key: null,
        undo: () => {
          put(entry.spectrum);
        },
      });
      put(anew(entry.spectrum, said));
    },
    /** Takes back all that was set for the selected spectrum alone: known labels and masks. */
    resetOwn: (): void => {
      const entry = selectedEntry(store.getState());
      if (entry === null || !editable(entry)) return;
      const { given, stretches, spectrum } = entry;
      const put = (own: Pick<Entry, 'given' | 'stretches' | 'spectrum'>): void => {
        store.setState((state) => changeEntry(state, entry.key, (now) => ({ ...now, ...own })));
      };
      const undo = (): void => {
        put({ given: given ?? {}, stretches: stretches ?? [], spectrum });
      };
      history.push({ what: `reset the settings of ${entry.key}`, key: null, undo });
      put({ given: {}, stretches: [], spectrum: anew(spectrum, {}) });
    },
    /** Gives every spectrum on the page what is given for the selected one; those under way, or in another tab, stay as they are. */
    giveAll: (): void => {
      const { entries, ...state } = store.getState();
      const chosen = selectedEntry({ entries, ...state });
      if (chosen === null) return;
      const given = givenOf(chosen);
      const others = entries.filter((entry) => entry.key !== chosen.key && editable(entry));
      if (others.length === 0) return;
      const before = others.map((entry) => [entry.key, givenOf(entry)] as const);
      for (const { key } of others) set(key, given);
      const what = `gave the same labels to ${String(others.length)} other ${others.length === 1 ? 'spectrum' : 'spectra'}`;
      const undo = (): void => {
        for (const [key, own] of before) set(key, own);
      };
      history.push({ what, key: null, undo });
      tellDone(store, what);
    },
  };
}
