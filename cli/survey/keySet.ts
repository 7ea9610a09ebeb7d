/** A set of hashes in 16 bytes each, so that ten million finished spectra fit in a small memory. */
import { createHash } from 'node:crypto';

export class KeySet {
  private size = 0;
  /** Pairs of 64-bit halves; 0, 0 is an empty place. */
  private table = new BigUint64Array(2 * 1024);

  get count(): number {
    return this.size;
  }

  private place(table: BigUint64Array, high: bigint, low: bigint): number {
    const places = table.length / 2;
    let at = Number(high % BigInt(places));
    while ((table[2 * at] !== 0n || table[2 * at + 1] !== 0n) && !(table[2 * at] === high && table[2 * at + 1] === low))
      at = (at + 1) % places;
    return 2 * at;
  }

  private halves(parts: readonly string[]): readonly [bigint, bigint] {
    const digest = createHash('sha256').update(parts.join('\n')).digest();
    return [digest.readBigUInt64BE(0), digest.readBigUInt64BE(8)];
  }

  has(...parts: readonly string[]): boolean {
    const [high, low] = this.halves(parts);
    const at = this.place(this.table, high, low);
    return this.table[at] === high && this.table[at + 1] === low;
  }

  /** False if it was there already. */
  add(...parts: readonly string[]): boolean {
    const [high, low] = this.halves(parts);
    const at = this.place(this.table, high, low);
    if (this.table[at] === high && this.table[at + 1] === low) return false;
    this.table[at] = high;
    this.table[at + 1] = low;
    this.size++;
    if (this.size > 0.6 * (this.table.length / 2)) this.grow();
    return true;
  }

  private grow(): void {
    const larger = new BigUint64Array(2 * this.table.length);
    for (let at = 0; at < this.table.length; at += 2) {
      const [high, low] = [this.table[at] ?? 0n, this.table[at + 1] ?? 0n];
      if (high === 0n && low === 0n) continue;
      const to = this.place(larger, high, low);
      larger[to] = high;
      larger[to + 1] = low;
    }
    this.table = larger;
  }
}
