import { Dialog } from '@base-ui/react/dialog';
import { useState } from 'react';
import { CALIBRATED_NAMES, type CalibratedName } from '../../calibration/names.ts';
import type { Calibration } from '../../calibration/schema.ts';
import common from '../common/common.module.css';
import { useSession, useSessionState } from '../session.tsx';
import topbar from '../topbar/topbar.module.css';
import { CalibrationLabel } from './CalibrationLabel.tsx';
import { CalibrationComparison } from './CalibrationComparison.tsx';

/** A button, and behind it what the chosen calibration rests on, beside another where one is chosen to compare. */
export function CalibrationDialog() {
  const session = useSession();
  const calibrations = useSessionState((state) => state.calibrations);
  const chosen = useSessionState((state) => state.calibration);
  const about = useSessionState((state) => state.aboutCalibration);
  const calibration = calibrations.find(({ id }) => id === chosen);
  if (calibration === undefined) return null;
  return (
    <Dialog.Root
      open={about !== null}
      onOpenChange={(open) => {
        session.aboutCalibration(open ? 'all' : null);
      }}
    >
      <Dialog.Trigger className={`${common.button ?? ''} ${common.small ?? ''}`}>About</Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className={topbar.backdrop} />
        <Dialog.Popup className={topbar.dialog}>
          <About calibration={calibration} about={about ?? 'all'} />
          <Dialog.Close className={common.button}>Close</Dialog.Close>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function About({ calibration, about }: { readonly calibration: Calibration; readonly about: string }) {
  const session = useSession();
  const others = useSessionState((state) => state.calibrations).filter(({ id }) => id !== calibration.id);
  const [compared, setCompared] = useState('');
  const other = others.find(({ id }) => id === compared);
  const name = CALIBRATED_NAMES.find((one) => one === about);
  return (
    <>
      <Dialog.Title>{calibration.title}</Dialog.Title>
      <Dialog.Description>
        {calibration.id}, of {calibration.derived.date}, for {calibration.model.id}.
      </Dialog.Description>
      {name === undefined ? <Sources calibration={calibration} /> : <CalibrationLabel name={name} calibration={calibration} />}
      {name !== undefined && other !== undefined && (
        <>
          <h3>{other.title}</h3>
          <CalibrationLabel name={name} calibration={other} />
        </>
      )}
      <p>
        {others.length > 0 && (
          <select
            aria-label="Compare with"
            className={common.select}
            value={compared}
            onChange={(event) => {
              setCompared(event.target.value);
            }}
          >
            <option value="">compare with …</option>
            {others.map(({ id, title }) => (
              <option key={id} value={id}>
                {title} ({id})
              </option>
            ))}
          </select>
        )}
      </p>
      <CalibrationComparison
        calibration={calibration}
        other={other ?? null}
        onLabel={(label: CalibratedName) => {
          session.aboutCalibration(label);
        }}
      />
    </>
  );
}

function Sources({ calibration: { sources, derived } }: { readonly calibration: Calibration }) {
  return (
    <>
      <p>{derived.method}</p>
      <ul>
        {sources.map(({ name, use, stars, citation }) => (
          <li key={name}>
            <b>{name}</b> ({stars} {stars === 1 ? 'star' : 'stars'}): {use}. {citation}
          </li>
        ))}
      </ul>
      <p>
        <code>{derived.command}</code>
      </p>
    </>
  );
}
