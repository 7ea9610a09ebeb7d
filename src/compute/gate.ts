/** A gate that a long job passes at its pauses: closed, it waits there. */
export class Gate {
  private closed: { readonly opened: Promise<void>; readonly open: () => void } | null = null;

  /** Settles when the job may go on; null where it need not wait. */
  readonly held = (): Promise<void> | null => this.closed?.opened ?? null;

  close(): void {
    if (this.closed !== null) return;
    let open: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    this.closed = { opened, open };
  }

  open(): void {
    this.closed?.open();
    this.closed = null;
  }
}
