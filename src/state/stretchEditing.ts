/** Leaving stretches of the selected spectrum out of its fits: every step can be taken back. */
import type { MaskedRegion } from '../domain/fitOptions.ts';
import { changeEntry, selectedEntry } from './entries.ts';
import { isActive } from './fitRun.ts';
import type { History } from './history.ts';
import type { Frame } from './settings.ts';
import type { SessionStore } from './store.ts';
import { stretchBetween, stretchesOf, withStretch } from './stretches.ts';

export function createStretchEditing(store: SessionStore, history: History) {
  const set = (key: string, stretches: readonly MaskedRegion[]): void => {
    store.setState((state) => changeEntry(state, key, (entry) => ({ ...entry, stretches })));
  };

  /** One step; those with the same `group` close together are taken back together. A fit under way keeps the stretches it began with. */
  const edit = (
    what: string,
    group: string | null,
    change: (stretches: readonly MaskedRegion[]) => readonly MaskedRegion[] | null,
  ): void => {
    const entry = selectedEntry(store.getState());
    if (entry === null || entry.elsewhere === true || isActive(entry.run)) return;
    const before = stretchesOf(entry);
    const after = change(before);
    if (after === null) return;
    const undo = (): void => {
      set(entry.key, before);
    };
    history.push({ what, key: group === null ? null : `${entry.key}/${group}`, undo });
    set(entry.key, after);
  };

  return {
    /** Leaves out what lies between two wavelengths, Å in vacuum and in `frame`; what is shorter than a pixel is taken for a slip. */
    leaveOut: (one: number, other: number, frame: Frame): void => {
      edit('left out a stretch', null, (stretches) => {
        const added = stretchBetween(one, other, frame);
        return added === null ? null : withStretch(stretches, added);
      });
    },
    /** Leaves out several at once, Å in vacuum and in `frame`: one step. */
    leaveOutAll: (ranges: readonly (readonly [from: number, to: number])[], frame: Frame): void => {
      edit(ranges.length === 1 ? 'left out a stretch' : `left out ${String(ranges.length)} stretches`, null, (stretches) =>
        ranges.reduce((all, [from, to]) => {
          const added = stretchBetween(from, to, frame);
          return added === null ? all : withStretch(all, added);
        }, stretches),
      );
    },
    /** Other ends for a stretch, Å in its own frame. */
    moveStretch: (index: number, from: number, to: number): void => {
      edit('moved a stretch', `stretch-${String(index)}`, (stretches) =>
        from < to ? stretches.map((one, i) => (i === index ? { ...one, from, to } : one)) : null,
      );
    },
    /** Lets the fit use a stretch again. */
    takeIn: (index: number): void => {
      edit('took a stretch in', null, (stretches) => stretches.filter((_, i) => i !== index));
    },
  };
}
