import { labelTitle } from '../domain/labels.ts';

/** A label as plotly prints it: `T_eff` with a lowered eff. */
export function labelMarkup(name: string, scale: 'xh' | 'xfe' = 'xfe'): string {
  const [head = '', tail] = labelTitle(name, scale).split('_');
  return tail === undefined ? head : `${head}<sub>${tail}</sub>`;
}
