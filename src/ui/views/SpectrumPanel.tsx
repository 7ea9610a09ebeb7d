import { useEffect, useMemo, useState } from 'react';
import { FigureView } from '../../plots/FigureView.tsx';
import { shownRange, spectrumFigure } from '../../plots/spectrumFigure.ts';
import { comparedOf } from '../../state/comparing.ts';
import { overlay } from '../../state/spectrumView.ts';
import { usePalette } from '../appearance.tsx';
import { FigurePanel } from '../common/FigurePanel.tsx';
import style from '../common/common.module.css';
import { useSelected, useSession, useSessionState, useSettings } from '../session.tsx';
import { isActive } from '../../state/fitRun.ts';
import { stretchesOf } from '../../state/stretches.ts';
import { LiveLayer } from './LiveLayer.tsx';
import { Legend } from './Legend.tsx';
import { comparedCurve } from './comparedCurve.ts';
import { linesOf } from './lines.ts';
import { OwnLines } from './OwnLines.tsx';
import { clippedPixels, modelSigma, spectrumPlot } from './plots.ts';
import { saveCurrentFigure } from './saveFigures.ts';
import { StretchLayer } from './StretchLayer.tsx';

const SOURCES = { none: '', searching: 'best so far', fit: 'fit', sliders: 'sliders', moving: 'sliders' } as const;

/** Views 1 and 2: flux with model and masks over residuals in σ, on one wavelength axis. */
export function SpectrumPanel() {
  const session = useSession();
  const entry = useSelected();
  const palette = usePalette();
  const frame = useSettings((settings) => settings.frame);
  const showLines = useSettings((settings) => settings.showLines);
  const nameAllLines = useSettings((settings) => settings.nameAllLines);
  const lineTable = useSessionState((state) => state.lineTable);
  const engine = useSessionState((state) => state.engine);
  const lines = useMemo(() => linesOf({ lineTable, engine }, entry), [lineTable, engine, entry]);
  const residualUnit = useSettings((settings) => settings.residualUnit);
  const window = useSessionState((state) => state.window);
  const ownLines = useSessionState((state) => state.ownLines);
  const frozen = useSessionState((state) => (state.frozen !== null && state.frozen.key === entry?.key ? state.frozen.model : null));
  const wanted = useSessionState((state) => state.compared);
  const entries = useSessionState((state) => state.entries);
  const compared = useMemo(
    () => (entry === null ? null : comparedCurve(entry, comparedOf({ entries, selected: entry.key, notices: [] }, wanted), frame)),
    [entry, entries, wanted, frame],
  );
  const [width, setWidth] = useState(560);
  const [masking, setMasking] = useState(false);
  const plot = useMemo(
    () =>
      entry === null
        ? null
        : { ...spectrumPlot(entry, frame, { showLines, nameAllLines, residualUnit }, window, lines), ownLines, frozen, compared, width },
    [entry, frame, showLines, nameAllLines, residualUnit, window, lines, ownLines, frozen, compared, width],
  );
  const figure = useMemo(() => (plot === null ? null : spectrumFigure(plot, palette)), [plot, palette]);
  const locked = entry === null || isActive(entry.run) || entry.elsewhere === true;
  const clipped = entry === null ? 0 : (clippedPixels(entry)?.reduce((sum, flag) => sum + flag, 0) ?? 0);
  const moving = useSessionState(({ live }) => live?.drawn != null && live.key === entry?.key);
  const source = moving ? 'moving' : entry === null ? 'none' : overlay(entry).source;
  const named = source !== 'none' || nameAllLines;
  useEffect(() => {
    // Not before a model is drawn: until then there is more urgent to fetch.
    if (named) session.loadLineTable();
  }, [session, named]);
  const hasError = !moving && entry !== null && modelSigma(entry) !== null;
  return (
    <FigurePanel
      title="Flux and residuals"
      note={
        entry !== null && (
          <Legend
            hasModel={source !== 'none'}
            hasError={hasError}
            kept={frozen !== null}
            compared={compared}
            byHand={stretchesOf(entry).length > 0}
            source={SOURCES[source]}
            clipped={clipped}
          />
        )
      }
      onSave={
        figure === null
          ? null
          : (format) => {
              session.attempt('Flux and residuals', () => saveCurrentFigure(session, 'spectrum', format));
            }
      }
      controls={
        <>
          {window !== null && (
            <button
              type="button"
              className={`${style.button ?? ''} ${style.small ?? ''}`}
              onClick={() => {
                session.setWindow(null);
              }}
            >
              Whole range
            </button>
          )}
          <button
            type="button"
            className={`${style.button ?? ''} ${style.small ?? ''}`}
            aria-pressed={masking && !locked}
            disabled={locked}
            title="Drag over the spectrum to leave a stretch out of the fit. Shift and drag does so at any time."
            onClick={() => {
              setMasking(!masking);
            }}
          >
            Mask
          </button>
          <label className={style.check}>
            <input
              type="checkbox"
              checked={showLines}
              onChange={(event) => {
                session.settings.getState().setShowLines(event.target.checked);
              }}
            />
            lines
          </label>
          <label className={style.check} title="Names of all lines that make a feature in a star of this kind, as far as they find room">
            <input
              type="checkbox"
              checked={nameAllLines}
              onChange={(event) => {
                session.settings.getState().setNameAllLines(event.target.checked);
              }}
            />
            name all
          </label>
          <OwnLines />
          <label className={style.check}>
            <input
              type="checkbox"
              checked={residualUnit === 'noise'}
              onChange={(event) => {
                session.settings.getState().setResidualUnit(event.target.checked ? 'noise' : 'everything');
              }}
            />
            residuals in σ of noise alone
          </label>
        </>
      }
    >
      {figure === null || plot === null || entry === null ? (
        <p className={style.empty}>Drop a spectrum anywhere on this page, or choose a file.</p>
      ) : (
        <StretchLayer
          masking={masking && !locked}
          range={shownRange(plot)}
          onStretch={(one, other) => {
            session.leaveOut(one, other, plot.frame);
          }}
        >
          <LiveLayer entry={entry} plot={plot} figure={figure} onWidth={setWidth}>
            <FigureView figure={figure} label="Flux with model, and residuals in σ" onWindow={session.setWindow} />
          </LiveLayer>
        </StretchLayer>
      )}
    </FigurePanel>
  );
}
