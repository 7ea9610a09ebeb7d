/** Giving labels of the selected spectrum before its fit: every step can be taken back. */
import type { GivenLabels, PriorChoice } from '../domain/fitOptions.ts';
import { labelTitle, type LabelName } from '../domain/labels.ts';
import { changeEntry, selectedEntry } from './entries.ts';
import type { Entry } from './entries.ts';
import { isActive } from './fitRun.ts';
import { givenOf, withGiven } from './given.ts';
import type { History } from './history.ts';
import type { SessionStore } from './store.ts';

const editable = ({ run, elsewhere }: Entry): boolean => elsewhere !== true && !isActive(run);

export function createGivenEditing(store: SessionStore, history: History) {
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
    /** Takes back all that was set for the selected spectrum alone: known labels and masks. */
    resetOwn: (): void => {
      const entry = selectedEntry(store.getState());
      if (entry === null || !editable(entry)) return;
      const { given, stretches } = entry;
      const put = (own: Pick<Entry, 'given' | 'stretches'>): void => {
        store.setState((state) => changeEntry(state, entry.key, (now) => ({ ...now, ...own })));
      };
      const undo = (): void => {
        put({ given: given ?? {}, stretches: stretches ?? [] });
      };
      history.push({ what: `reset the settings of ${entry.key}`, key: null, undo });
      put({ given: {}, stretches: [] });
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
      store.setState({ toast: { text: `${what.charAt(0).toUpperCase()}${what.slice(1)}`, canUndo: true } });
    },
  };
}
