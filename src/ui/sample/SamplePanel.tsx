import { useMemo, useState } from 'react';
import { ALL_STARS, chosenRows, sampleRows, sortRows } from '../../state/sampleTable.ts';
import type { SampleOrder } from '../../state/sampleTable.ts';
import common from '../common/common.module.css';
import { useSession, useSessionState, useSettings } from '../session.tsx';
import { SampleControls } from './SampleControls.tsx';
import { SamplePlots } from './SamplePlots.tsx';
import { SampleTable } from './SampleTable.tsx';
import style from './sample.module.css';

/** All stars of the page at once: a table that can be sorted and cut down, and their diagrams. In place of the plots of one star. */
export function SamplePanel() {
  const session = useSession();
  const entries = useSessionState((state) => state.entries);
  const selected = useSessionState((state) => state.selected);
  const scale = useSettings((settings) => settings.scale);
  const values = useSettings((settings) => settings.values);
  const columns = useSettings((settings) => settings.sampleColumns);
  const derivative = useSettings((settings) => settings.derivative);
  const [choice, setChoice] = useState(ALL_STARS);
  const [order, setOrder] = useState<SampleOrder>({ column: 'name', descending: false });
  const rows = useMemo(() => sampleRows(entries, { scale, values }), [entries, scale, values]);
  const shown = useMemo(() => sortRows(chosenRows(rows, choice), order), [rows, choice, order]);
  return (
    <section className={`${common.panel ?? ''} ${style.panel ?? ''}`} aria-label="Sample">
      <SampleControls rows={rows} shown={shown} choice={choice} onChoice={setChoice} />
      <SampleTable
        rows={shown}
        element={derivative}
        scale={scale}
        chosen={columns}
        order={order}
        onOrder={setOrder}
        selected={selected}
        onSelect={(key) => {
          session.select(key);
        }}
      />
      <SamplePlots rows={shown} selected={selected} element={derivative} scale={scale} />
    </section>
  );
}
