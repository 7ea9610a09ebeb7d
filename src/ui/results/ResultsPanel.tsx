import { useMemo, useState } from 'react';
import type { ShownResult } from '../../domain/fit.ts';
import { methodTitle } from '../../fit/methods.ts';
import { comparedOf } from '../../state/comparing.ts';
import type { Entry } from '../../state/entries.ts';
import { abundanceRows, parameterRows, searchingRows } from '../../results/rows.ts';
import common from '../common/common.module.css';
import { formatNumber, formatSeconds } from '../common/format.ts';
import { shownLabels } from '../../state/calibrations.ts';
import { NoteBox } from '../notes/NoteBox.tsx';
import { useSelected, useSessionState, useSettings } from '../session.tsx';
import { ScaleToggle } from '../views/ScaleToggle.tsx';
import { AbundanceTable } from './AbundanceTable.tsx';
import { CalibrationBar } from './CalibrationBar.tsx';
import { Alerts } from './Alerts.tsx';
import { CommandLine } from './CommandLine.tsx';
import { CompareTable } from './CompareTable.tsx';
import { FitChoice } from './FitChoice.tsx';
import { FirstSight } from './FirstSight.tsx';
import { ParameterTable } from './ParameterTable.tsx';
import { Provenance } from './Provenance.tsx';
import { VerdictLine } from './VerdictLine.tsx';
import style from './results.module.css';

const WAITING = {
  idle: 'Not fitted yet: press Fit, or the key F.',
  cancelled: 'The fit was cancelled: press Fit, or the key F, to start it again.',
  queued: 'Waiting for its turn.',
  running: 'The first numbers are on their way.',
  elsewhere: 'Another tab of this page is fitting it.',
  done: 'The fit has no labels.',
} as const;

/** Everything the fit of the selected spectrum says, in numbers. */
export function ResultsPanel() {
  const entry = useSelected();
  const scale = useSettings((settings) => settings.scale);
  const values = useSettings((settings) => settings.values);
  const calibrations = useSessionState((state) => state.calibrations.length);
  // Open from star to star and from fit to fit, once opened.
  const [howOpen, setHowOpen] = useState(false);
  const entries = useSessionState((state) => state.entries);
  const wanted = useSessionState((state) => state.compared);
  const compared = useMemo(() => comparedOf({ entries, selected: entry?.key ?? null, notices: [] }, wanted), [entries, entry, wanted]);
  const run = entry?.run;
  const truth = entry?.spectrum.truth;
  const rows = useMemo(() => {
    if (run?.kind === 'done') return parameterRows(run.result, shownLabels(run.result, run.calibrated, values), truth);
    return run?.kind === 'running' ? searchingRows(run.progress, truth) : [];
  }, [run, truth, values]);
  const abundances = useMemo(
    () => (run?.kind === 'done' ? abundanceRows(run.result, shownLabels(run.result, run.calibrated, values), truth, scale) : []),
    [run, truth, scale, values],
  );
  const result = run?.kind === 'done' ? run.result : null;
  const calibration = run?.kind === 'done' ? run.calibrated.calibration : null;
  return (
    <section className={common.panel} style={{ flex: 1 }} aria-label="Results">
      <div className={`${common.header ?? ''} ${style.head ?? ''}`}>
        <h2>Results</h2>
        <span className={common.note}>{calibration === null || calibrations > 0 ? '' : `calibration: ${calibration}`}</span>
        <span className={common.space} />
        <CalibrationBar />
        <ScaleToggle />
      </div>
      {rows.length === 0 && <Nothing entry={entry} />}
      {run?.kind === 'done' && <VerdictLine result={run.result} calibrated={run.calibrated} />}
      {entry !== null && run !== undefined && (run.kind === 'done' || run.kind === 'failed') && (
        <div className={style.ownNote}>
          <NoteBox entry={entry} />
        </div>
      )}
      {result !== null && <Alerts alerts={result.alerts ?? []} />}
      <FitChoice />
      {run?.kind === 'done' && compared !== null && <CompareTable run={run} compared={compared} />}
      {rows.length > 0 && compared === null && (
        <ParameterTable
          rows={rows}
          rv={result === null ? null : { ...result.rv, truth: truth?.rv ?? null }}
          showTruth={truth !== undefined}
        />
      )}
      {entry !== null && result !== null && <Facts entry={entry} result={result} open={howOpen} onOpen={setHowOpen} />}
      {result !== null && compared === null && (
        <div className={style.scroll} tabIndex={0} role="region" aria-label="Abundance table">
          <AbundanceTable rows={abundances} scale={scale} showTruth={truth !== undefined} />
        </div>
      )}
      {entry !== null && <Provenance entry={entry} />}
    </section>
  );
}

/** Why there are no numbers. */
function Nothing({ entry }: { readonly entry: Entry | null }) {
  if (entry === null || (entry.demo === true && entry.run.kind === 'idle')) return <FirstSight />;
  const { run } = entry;
  if (run.kind !== 'failed') return <p className={common.empty}>{WAITING[run.kind]}</p>;
  const { code, message, hint } = run.failure;
  return (
    <div className={style.failed} role="alert">
      <p>
        <b>This spectrum could not be fitted.</b> <span className={style.bad}>{code}</span>
      </p>
      <p>{message}</p>
      {hint !== undefined && <p>{hint}</p>}
    </div>
  );
}

interface FactsProps {
  readonly entry: Entry;
  readonly result: ShownResult;
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
}

/** What tells how good the fit is; how it was made is folded away. */
function Facts({ entry, result, open, onOpen }: FactsProps) {
  const quality = [
    ['reduced χ²', formatNumber(result.chi2Reduced, 2)],
    ['S/N', formatNumber(result.snr, 0)],
    ['R at 5500 Å', formatNumber(result.resolvingPower, 0)],
    ['pixels', String(result.pixelsUsed)],
  ] as const;
  const how = [
    ['model', `${result.model} on ${result.backend.name}`],
    ['method', `${methodTitle(result.method)}, seed ${String(result.seed)}`],
    ...(result.trainingDistance === undefined ? [] : [['to the training stars', formatNumber(result.trainingDistance, 1)] as const]),
    ['evaluations', String(result.evaluations)],
    ['time', formatSeconds(result.seconds)],
    ['converged', result.converged ? 'yes' : 'no'],
  ] as const;
  return (
    <>
      <FactList facts={quality} />
      <details
        className={style.how}
        open={open}
        onToggle={(event) => {
          onOpen(event.currentTarget.open);
        }}
      >
        <summary>How it was fitted</summary>
        <FactList facts={how} />
        <CommandLine entry={entry} />
      </details>
    </>
  );
}

function FactList({ facts }: { readonly facts: readonly (readonly [name: string, value: string])[] }) {
  return (
    <dl className={style.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
