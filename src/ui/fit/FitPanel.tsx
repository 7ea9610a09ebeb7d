import { METHODS } from '../../fit/methods.ts';
import { isActive } from '../../state/fitRun.ts';
import { Segments } from '../common/Segments.tsx';
import common from '../common/common.module.css';
import { useEngine, useSelected, useSession, useSessionState, useSettings } from '../session.tsx';
import { AdvancedOptions } from './AdvancedOptions.tsx';
import { FitStatus } from './FitStatus.tsx';
import { GivenLabels } from './GivenLabels.tsx';
import { OwnSettings } from './OwnSettings.tsx';
import { Reading } from './Reading.tsx';
import { Stretches } from './Stretches.tsx';
import style from './fit.module.css';

/** Which method, start, stop, and how far it is. */
export function FitPanel() {
  const session = useSession();
  const engine = useEngine();
  const entry = useSelected();
  const method = useSettings((settings) => settings.fit.method);
  const active = useSessionState((state) => state.entries.filter(({ run }) => isActive(run)).length);
  const paused = useSessionState((state) => state.paused);
  const several = useSessionState((state) => state.entries.length > 1);
  const autoFit = useSettings((settings) => settings.autoFit);
  const { setFit, setAutoFit } = session.settings.getState();
  return (
    <section className={style.panel} aria-label="Fit">
      <div className={common.header}>
        <h2>Fit</h2>
        <span className={common.space} />
        <Segments
          label="Method"
          value={method}
          options={METHODS.map(({ id, title }) => [id, title])}
          onChange={(chosen) => {
            setFit({ method: chosen });
          }}
        />
      </div>
      <div className={style.buttons}>
        <button
          type="button"
          className={`${common.button ?? ''} ${common.primary ?? ''}`}
          disabled={engine === null || entry === null || isActive(entry.run) || entry.elsewhere === true}
          onClick={session.fitSelected}
        >
          Fit
        </button>
        <button type="button" className={common.button} disabled={engine === null || !several} onClick={session.fitAll}>
          Fit all
        </button>
        <button type="button" className={common.button} disabled={active === 0 && !paused} onClick={session.togglePause}>
          {paused ? 'Resume' : 'Pause'}
        </button>
        <button type="button" className={common.button} disabled={entry === null || !isActive(entry.run)} onClick={session.cancelSelected}>
          Cancel
        </button>
        {active > 1 && (
          <button type="button" className={`${common.button ?? ''} ${style.wide ?? ''}`} onClick={session.cancelAll}>
            Cancel all {active} fits
          </button>
        )}
      </div>
      {method === 'mcmc' && (
        <p className={style.status}>
          MCMC samples the whole posterior until it has converged: minutes, where LM takes seconds. Labels that have not when its budget
          ends are flagged.
        </p>
      )}
      <label className={style.auto}>
        <input
          type="checkbox"
          checked={autoFit}
          onChange={({ target }) => {
            setAutoFit(target.checked);
          }}
        />
        Fit new spectra as they are read (LM)
      </label>
      <FitStatus />
      <OwnSettings />
      <GivenLabels />
      <Stretches />
      <Reading />
      <AdvancedOptions />
    </section>
  );
}
