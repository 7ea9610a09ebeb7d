import { useEffect, useRef, useState } from 'react';
import { isElement } from '../../domain/labels.ts';
import type { StarNote } from '../../domain/note.ts';
import type { AbundanceScale } from '../../results/rows.ts';
import { NOTE_COLUMN, numberColumns } from '../../state/sampleColumns.ts';
import type { SampleOrder, SampleRow, SampleValue } from '../../state/sampleTable.ts';
import { MiddleCut } from '../common/MiddleCut.tsx';
import { formatNumber } from '../common/format.ts';
import style from './sample.module.css';

/** Height of a row, pixels; the style sheet says the same. */
const ROW = 24;
/** Rows drawn beyond what is in view, so that scrolling shows no gap. */
const AROUND = 12;

interface Props {
  readonly rows: readonly SampleRow[];
  /** The label of the page's derivative, which gets a column where it is an element. */
  readonly element: string;
  readonly scale: AbundanceScale;
  /** Ids of the columns that a person wants. */
  readonly chosen: readonly string[];
  readonly order: SampleOrder;
  readonly onOrder: (order: SampleOrder) => void;
  readonly selected: string | null;
  readonly onSelect: (key: string) => void;
}

/** A row a star. Only what is in view is drawn, so that thousands scroll as one does. A click on a head sorts, a second one turns the order. */
export function SampleTable({ rows, element, scale, chosen, order, onOrder, selected, onSelect }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<readonly [top: number, height: number]>([0, 600]);
  const columns = numberColumns(chosen, element, scale);
  const noted = chosen.includes(NOTE_COLUMN);
  const at = rows.findIndex(({ key }) => key === selected);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const measure = (): void => {
      setView([element.scrollTop, element.clientHeight]);
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, []);
  // The selected star stays in view, whoever selected it.
  useEffect(() => {
    const element = box.current;
    if (element === null || at < 0) return;
    const top = at * ROW;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + 2 * ROW > element.scrollTop + element.clientHeight) element.scrollTop = top + 2 * ROW - element.clientHeight;
  }, [at]);
  const first = Math.max(0, Math.floor(view[0] / ROW) - AROUND);
  const last = Math.min(rows.length, Math.ceil((view[0] + view[1]) / ROW) + AROUND);
  const head = (column: string, title: string) => (
    <th key={column} scope="col" aria-sort={order.column !== column ? 'none' : order.descending ? 'descending' : 'ascending'}>
      <button
        type="button"
        onClick={() => {
          onOrder({ column, descending: order.column === column && !order.descending });
        }}
      >
        {title}
        {order.column === column && (order.descending ? ' ▾' : ' ▴')}
      </button>
    </th>
  );
  const gap = (key: string, count: number) =>
    count > 0 && (
      <tr key={key} aria-hidden="true">
        <td style={{ height: count * ROW }} colSpan={columns.length + (noted ? 3 : 2)} />
      </tr>
    );
  return (
    <div ref={box} className={style.scroll}>
      <table className={style.table} aria-label="Stars of the sample" aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            {head('name', 'star')}
            {head('state', 'state')}
            {columns.map(([id, title]) => head(id, title))}
            {noted && head('note', 'note')}
          </tr>
        </thead>
        <tbody>
          {gap('above', first)}
          {rows.slice(first, last).map((row, k) => (
            <tr key={row.key} aria-rowindex={first + k + 2} data-selected={row.key === selected}>
              <th scope="row">
                <button
                  type="button"
                  title={row.key}
                  aria-pressed={row.key === selected}
                  onClick={() => {
                    onSelect(row.key);
                  }}
                >
                  <MiddleCut text={row.key} />
                </button>
              </th>
              <td data-state={row.state} title={row.text}>
                {row.state}
              </td>
              {columns.map(([id, , digits]) => (
                <Value key={id} value={row.values.get(id)} digits={digits} signed={isElement(id) || id === 'feh'} />
              ))}
              {noted && <Note note={row.note} />}
            </tr>
          ))}
          {gap('below', rows.length - last)}
        </tbody>
      </table>
      {rows.length === 0 && <p className={style.none}>No star is as asked for.</p>}
    </div>
  );
}

/** A person's verdict and comment, cut where the comment is long. */
function Note({ note: { verdict, comment } }: { readonly note: StarNote }) {
  const text = [verdict, comment].filter(Boolean).join(': ');
  return (
    <td className={style.noted} data-noted={verdict} title={text}>
      {text}
    </td>
  );
}

interface ValueProps {
  readonly value: SampleValue | undefined;
  readonly digits: number;
  readonly signed: boolean;
}

function Value({ value, digits, signed }: ValueProps) {
  if (value === undefined) return <td>—</td>;
  return (
    <td>
      {formatNumber(value.value, digits, signed)}
      {value.sigma !== null && <span className={style.sigma}> ± {formatNumber(value.sigma, digits)}</span>}
    </td>
  );
}
