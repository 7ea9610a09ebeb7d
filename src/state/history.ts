/** One step that can be taken back. */
export interface UndoStep {
  /** What was done, e.g. `removed star.fits`. */
  readonly what: string;
  /** Steps with the same key within a second are one: the drag of a slider is undone as a whole. */
  readonly key: string | null;
  undo(): void;
}

const TOGETHER_MS = 1000;
const DEEPEST = 100;

/** A stack of undo steps; `now` is in ms. */
export class History {
  private steps: (UndoStep & { at: number })[] = [];
  private readonly now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.now = now;
  }

  push(step: UndoStep): void {
    const at = this.now();
    const last = this.steps[this.steps.length - 1];
    if (last !== undefined && step.key !== null && last.key === step.key && at - last.at < TOGETHER_MS) {
      last.at = at;
      return;
    }
    this.steps = [
      ...this.steps.slice(1 - DEEPEST),
      {
        what: step.what,
        key: step.key,
        undo: () => {
          step.undo();
        },
        at,
      },
    ];
  }

  /** Forgets every step. */
  clear(): void {
    this.steps = [];
  }

  /** Takes the newest step back and says which it was; null when there is none. */
  undo(): string | null {
    const step = this.steps.pop();
    if (step === undefined) return null;
    step.undo();
    return step.what;
  }
}
