/** How far a run is: done, rate, time to go, failures by code. */
const EVERY_MILLISECONDS = 10_000;

export class Progress {
  readonly failures = new Map<string, number>();
  fitted = 0;
  failed = 0;
  kept = 0;
  private readonly start = performance.now();
  private last = -Infinity;
  /** Spectra in all, when the source has been counted. */
  private total: number | null = null;
  private more = 0;

  constructor(private readonly say: (text: string) => void) {}

  counted(files: number): void {
    this.total = files;
  }

  /** A file turned out to hold more spectra of this share than one, or none (−1). */
  holdsMore(spectra: number): void {
    this.more += spectra;
  }

  keep(): void {
    this.kept++;
  }

  add(failure: string | null): void {
    if (failure === null) this.fitted++;
    else {
      this.failed++;
      this.failures.set(failure, (this.failures.get(failure) ?? 0) + 1);
    }
    if (performance.now() - this.last > EVERY_MILLISECONDS) this.tell();
  }

  tell(): void {
    this.last = performance.now();
    this.say(this.text());
  }

  get seconds(): number {
    return (performance.now() - this.start) / 1000;
  }

  text(): string {
    const done = this.fitted + this.failed;
    const rate = done / Math.max(1e-3, this.seconds);
    const of = this.total === null ? '' : ` of ${String(this.total + this.more)}`;
    const left = this.total === null ? null : this.total + this.more - done - this.kept;
    const togo = left === null || left <= 0 || done === 0 ? '' : `, ${duration(left / rate)} to go`;
    const codes = [...this.failures].sort((a, b) => b[1] - a[1]).map(([code, count]) => `${code} ${String(count)}`);
    const failures = codes.length === 0 ? '' : `, ${String(this.failed)} failed (${codes.join(', ')})`;
    const kept = this.kept === 0 ? '' : `, ${String(this.kept)} were there`;
    return `${String(done + this.kept)}${of} spectra: ${String(this.fitted)} fitted${failures}${kept}; ${(rate * 3600).toFixed(0)} per hour${togo}`;
  }
}

export function duration(seconds: number): string {
  if (seconds < 90) return `${seconds.toFixed(0)} s`;
  if (seconds < 5400) return `${(seconds / 60).toFixed(0)} min`;
  return seconds < 172_800 ? `${(seconds / 3600).toFixed(1)} h` : `${(seconds / 86_400).toFixed(1)} days`;
}
