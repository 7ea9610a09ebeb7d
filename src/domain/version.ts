/**
 * Which Maury this is: the version of package.json, and the commit it was built from (the page) or runs from (the terminal). Page, terminal and
 * exports all read it here.
 */
import { version } from '../../package.json';

/** Put in by Vite when it builds or serves the page (see `vite.config.ts`); absent in the terminal. */
declare const __MAURY_COMMIT__: string | null | undefined;

export interface Software {
  readonly name: 'Maury';
  /** As in package.json, such as 0.1.0. */
  readonly version: string;
  /** Abbreviated git commit, with `+changes` after it where tracked files differed from it; null where the code lies outside a git repository. */
  readonly commit: string | null;
}

/** The terminal writes the commit into `MAURY_COMMIT` of its environment when it starts, so that its child processes need not look for it. */
function commit(): string | null {
  if (typeof __MAURY_COMMIT__ === 'string') return __MAURY_COMMIT__;
  const told = typeof process === 'undefined' ? undefined : process.env['MAURY_COMMIT'];
  return told === undefined || told === '' ? null : told;
}

/** Name, version and commit of this program. */
export const software = (): Software => ({ name: 'Maury', version, commit: commit() });

/** The same in a line, such as `Maury 0.1.0 (1a2b3c4d5e6f)`; of another program's run, where one is given. */
export function softwareText({ name, version: number, commit: at }: Software = software()): string {
  return at === null ? `${name} ${number}` : `${name} ${number} (${at})`;
}
