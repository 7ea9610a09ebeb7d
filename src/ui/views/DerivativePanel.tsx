import { useEffect, useMemo, useState } from 'react';
import { isElement, labelTitle } from '../../domain/labels.ts';
import { FigureView } from '../../plots/FigureView.tsx';
import type { DerivativePlot } from '../../plots/derivativeFigure.ts';
import { derivativeFigure } from '../../plots/derivativeFigure.ts';
import { usePalette } from '../appearance.tsx';
import { FigurePanel } from '../common/FigurePanel.tsx';
import common from '../common/common.module.css';
import { useEngine, useSelected, useSession, useSessionState, useSettings } from '../session.tsx';
import { LabelBasisLine } from './LabelBasisLine.tsx';
import { linesOf } from './lines.ts';
import { derivativePlot, shownDerivative } from './plots.ts';
import { saveCurrentFigure } from './saveFigures.ts';
import style from './views.module.css';

/** View 3: how the spectrum answers to one label at the solution, from the emulator. */
export function DerivativePanel() {
  const session = useSession();
  const engine = useEngine();
  const entry = useSelected();
  const palette = usePalette();
  const wanted = useSettings((settings) => settings.derivative);
  const frame = useSettings((settings) => settings.frame);
  const window = useSessionState((state) => state.window);
  const jacobian = useSessionState((state) => state.jacobian);
  const carriers = useSessionState((state) => state.carriers);
  const abinitio = useSessionState((state) => state.abinitio);
  const lineTable = useSessionState((state) => state.lineTable);
  const engineState = useSessionState((state) => state.engine);
  const lines = useMemo(() => linesOf({ lineTable, engine: engineState }, entry), [lineTable, engineState, entry]);
  const [width, setWidth] = useState(560);
  const label = engine === null ? null : shownDerivative(engine, wanted);
  const worked = entry !== null && (entry.run.kind === 'done' || entry.manual !== null);
  useEffect(() => {
    // Over a megabyte: not before somebody works with the page.
    if (label !== null && jacobian !== null && worked) session.showAbinitio(label);
  }, [session, label, jacobian, worked]);
  const plot = useMemo(
    () => (engine === null ? null : derivativePlot(engine, { jacobian, carriers, abinitio }, entry, wanted, frame, window, lines)),
    [engine, jacobian, carriers, abinitio, entry, wanted, frame, window, lines],
  );
  const figure = useMemo(() => (plot === null ? null : derivativeFigure({ ...plot, width }, palette)), [plot, width, palette]);
  const at = entry?.manual != null ? 'at the sliders' : entry?.run.kind === 'done' ? 'at the solution' : 'at solar labels';
  return (
    <FigurePanel
      title="Derivative spectrum"
      note={`of the emulator, ${at}${plot === null ? '' : additions(plot, abinitio !== null)}`}
      onSave={
        figure === null
          ? null
          : (format) => {
              session.attempt('Derivative', () => saveCurrentFigure(session, 'derivative', format));
            }
      }
      controls={
        engine !== null && (
          <select
            aria-label="Label of the derivative"
            className={common.select}
            value={shownDerivative(engine, wanted)}
            onChange={(event) => {
              session.settings.getState().setDerivative(event.target.value);
            }}
          >
            {[false, true].map((elements) => (
              <optgroup key={String(elements)} label={elements ? 'Elements' : 'Parameters'}>
                {engine.info.labels
                  .filter(({ name }) => isElement(name) === elements)
                  .map(({ name }) => (
                    <option key={name} value={name}>
                      {labelTitle(name)}
                    </option>
                  ))}
              </optgroup>
            ))}
          </select>
        )
      }
    >
      {figure === null ? (
        <p className={common.empty}>Waiting for the model…</p>
      ) : (
        <div className={style.withBasis}>
          <FigureView
            figure={figure}
            label={`Derivative of the flux with respect to ${labelTitle(plot?.label ?? '')}`}
            onWindow={session.setWindow}
            onWidth={setWidth}
          />
          {entry?.run.kind === 'done' && plot !== null && <LabelBasisLine result={entry.run.result} label={plot.label} />}
        </div>
      )}
    </FigurePanel>
  );
}

/** What else is drawn, in words: the panel has no key of its own. */
function additions({ abinitio, carriers }: DerivativePlot, asked: boolean): string {
  const truth = abinitio === null ? (asked ? ' · no ab initio derivative with this model' : '') : ` · dashed: ${abinitio.name}`;
  const count = carriers?.pixels.reduce((sum, flag) => sum + flag, 0) ?? 0;
  return `${truth}${count === 0 ? '' : ` · shaded: the ${String(count)} pixels that carry 90 % of the information`}`;
}
