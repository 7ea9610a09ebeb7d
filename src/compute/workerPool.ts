/**
 * The workers behind the page: a main one that answers everything, and further ones for fits alone, started when more than one fit is asked
 * for at a time. A worker that dies or cannot be opened is let go; what comes next gets another.
 */
import { poolSizeHere } from './poolSize.ts';
import type { Connection } from './connection.ts';
import { connect } from './connection.ts';
import type { OpenOptions } from './messages.ts';

export interface PoolOptions {
  readonly base: string;
  readonly open: OpenOptions;
  readonly spawn: () => Worker;
  /** Workers at most; absent: what suits the backend and the machine. */
  readonly workers?: number;
}

export class WorkerPool {
  private main: Connection | null = null;
  private helpers: Connection[] = [];
  private limit = 1;
  private openOptions: OpenOptions;

  constructor(private readonly options: PoolOptions) {
    this.openOptions = options.open;
  }

  /** Fits that may run at once; one until the backend is known. */
  get parallel(): number {
    return this.limit;
  }

  current(): Connection {
    return (this.main ??= this.start());
  }

  /** The connection that the next fit goes to; it counts as busy from now until `release`. */
  async reserve(): Promise<Connection> {
    const place = this.place();
    place.jobs++;
    if (place === this.main) return place;
    const ready = await place.ready;
    if (ready.ok) return place;
    // No room for another: the main worker takes it, and no more are tried.
    this.retire(place);
    this.limit = 1;
    const main = this.current();
    main.jobs++;
    return main;
  }

  release(connection: Connection): void {
    connection.jobs--;
  }

  /** Another model from now on; the main worker has it already. */
  reopened(model: string): void {
    this.openOptions = { ...this.openOptions, model };
    for (const helper of [...this.helpers]) this.retire(helper);
  }

  dispose(): void {
    for (const connection of [this.main, ...this.helpers]) connection?.worker.terminate();
    this.main = null;
    this.helpers = [];
  }

  private place(): Connection {
    const main = this.current();
    const idle = [main, ...this.helpers].find(({ jobs }) => jobs === 0);
    if (idle !== undefined) return idle;
    if (1 + this.helpers.length >= this.limit) return main;
    const helper = this.start();
    this.helpers.push(helper);
    return helper;
  }

  private start(): Connection {
    const connection = connect(this.options.spawn(), this.options.base, this.openOptions, () => {
      if (this.main === connection) this.main = null;
      this.helpers = this.helpers.filter((helper) => helper !== connection);
    });
    void connection.ready.then((ready) => {
      if (!ready.ok || this.main !== connection) return;
      const { name } = ready.value.backend;
      this.limit = this.options.workers ?? poolSizeHere(name);
      // The same backend everywhere: a seed must give the same digits wherever a fit lands.
      this.openOptions = { ...this.openOptions, backend: name };
    });
    return connection;
  }

  private retire(helper: Connection): void {
    helper.worker.terminate();
    this.helpers = this.helpers.filter((other) => other !== helper);
  }
}
