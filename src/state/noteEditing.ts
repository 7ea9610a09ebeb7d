/** A person's notes on stars: every step can be taken back. */
import { LONGEST_COMMENT, type NoteVerdict, type StarNote } from '../domain/note.ts';
import { changeEntry, noteOf } from './entries.ts';
import type { History } from './history.ts';
import { entryOf, type SessionStore } from './store.ts';

/** A comment as it is kept: one line, without blanks around it, cut at the longest. */
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, LONGEST_COMMENT);

export function createNoteEditing(store: SessionStore, history: History) {
  /** Fits under way go on: a note changes nothing of them. A star that another tab keeps is noted there. */
  const edit = (key: string, what: string, change: Partial<StarNote>): void => {
    const entry = entryOf(store, key);
    if (entry === undefined || entry.elsewhere === true) return;
    const before = noteOf(entry);
    const set = (note: StarNote): void => {
      store.setState((state) => changeEntry(state, key, (now) => ({ ...now, note })));
    };
    history.push({
      what,
      key: null,
      undo: () => {
        set(before);
      },
    });
    set({ ...before, ...change });
  };

  return {
    /** Calls the selected star good, bad or unsure; said once more, it is taken back. */
    judge: (verdict: NoteVerdict): void => {
      const { selected } = store.getState();
      const entry = selected === null ? undefined : entryOf(store, selected);
      if (entry === undefined) return;
      const again = noteOf(entry).verdict === verdict;
      edit(entry.key, again ? `took back the verdict on ${entry.key}` : `called ${entry.key} ${verdict}`, {
        verdict: again ? null : verdict,
      });
    },
    /** Writes one line about a star, in place of the one before; empty for none. */
    comment: (key: string, text: string): void => {
      const comment = oneLine(text);
      const entry = entryOf(store, key);
      if (entry !== undefined && noteOf(entry).comment !== comment) edit(key, `wrote a comment on ${key}`, { comment });
    },
  };
}
