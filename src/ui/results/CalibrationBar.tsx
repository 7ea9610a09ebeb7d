import { Segments } from '../common/Segments.tsx';
import common from '../common/common.module.css';
import { useSession, useSessionState, useSettings } from '../session.tsx';
import { CalibrationDialog } from './CalibrationDialog.tsx';
import style from './results.module.css';

const NONE = '';

/** Which calibration the results are shown under, what it rests on, and whether raw values are shown alone. */
export function CalibrationBar() {
  const session = useSession();
  const calibrations = useSessionState((state) => state.calibrations);
  const chosen = useSessionState((state) => state.calibration);
  const values = useSettings((settings) => settings.values);
  if (calibrations.length === 0) return null;
  return (
    <>
      <select
        aria-label="Calibration"
        className={`${common.select ?? ''} ${style.calibration ?? ''}`}
        value={chosen ?? NONE}
        onChange={(event) => {
          const { value } = event.target;
          session.chooseCalibration(value === NONE ? null : value);
        }}
      >
        {calibrations.map(({ id, title }) => (
          <option key={id} value={id}>
            {title} ({id})
          </option>
        ))}
        <option value={NONE}>none: raw labels</option>
      </select>
      <CalibrationDialog />
      <Segments
        label="Values shown"
        value={values}
        options={[
          ['calibrated', 'calibrated'],
          ['raw', 'raw'],
        ]}
        onChange={session.settings.getState().setValues}
      />
    </>
  );
}
