/** Name and version of this program, for what it writes. */
import { version } from '../../package.json';

export const softwareName = (): string => `Maury ${version}`;
