/** Steps that can be taken back, newest first. */

/** One step that can be taken back. */
export interface UndoStep {
  /** What was done, e.g. `removed star.fits`. */
  readonly what: string;
  /** Steps with the same key within a second are one: the drag of a slider is undone as a whole. */
  readonly key: string | null;
  /** The spectrum whose labels it changed, so that a new fit, which replaces them, can drop it; absent for steps that a fit leaves valid. */
  readonly labelsOf?: string;
  undo(): void;
}

const TOGETHER_MS = 1000;
const DEEPEST = 100;

/** A stack of undo steps; `now` is in ms. `onChange` gets the description of the step that would be undone next, or null. */
export class History {
  private steps: { readonly step: UndoStep; at: number }[] = [];

  constructor(
    private readonly now: () => number = () => performance.now(),
    private readonly onChange: (next: string | null) => void = () => undefined,
  ) {}

  push(step: UndoStep): void {
    const at = this.now();
    const last = this.steps[this.steps.length - 1];
    if (last !== undefined && step.key !== null && last.step.key === step.key && at - last.at < TOGETHER_MS) {
      last.at = at;
      return;
    }
    this.steps = [...this.steps.slice(1 - DEEPEST), { step, at }];
    this.changed();
  }

  /** Drops the steps that changed labels: of one spectrum, or of all where none is named. */
  forgetLabels(of?: string): void {
    this.steps = this.steps.filter(({ step: { labelsOf } }) => labelsOf === undefined || (of !== undefined && labelsOf !== of));
    this.changed();
  }

  /** Takes the newest step back and says which it was; null when there is none. */
  undo(): string | null {
    const last = this.steps.pop();
    if (last === undefined) return null;
    this.changed();
    last.step.undo();
    return last.step.what;
  }

  private changed(): void {
    this.onChange(this.steps[this.steps.length - 1]?.step.what ?? null);
  }
}
