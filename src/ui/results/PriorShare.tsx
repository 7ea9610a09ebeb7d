import { priorShare } from '../../results/grade.ts';
import type { ResultRow } from '../../results/rows.ts';
import style from './results.module.css';

/** How much of a value's information is the prior's, as a bar; nothing where it is not known. */
export function PriorShare({ row }: { readonly row: Pick<ResultRow, 'priorFraction'> }) {
  const share = priorShare(row);
  if (share === null) return null;
  const text = `${String(Math.round(100 * share))} % of the information is the prior’s`;
  return (
    <span className={style.share} role="img" aria-label={text} title={text}>
      <span style={{ width: `${String(100 * share)}%` }} />
    </span>
  );
}
