import { PRESET_STARS } from '../../domain/presetStars.ts';
import common from '../common/common.module.css';
import { useSelected, useSession, useSessionState } from '../session.tsx';
import style from './sliders.module.css';

/** Labels of known stars for the sliders, and a model that stays to compare with. */
export function KnownStars({ disabled }: { readonly disabled: boolean }) {
  const session = useSession();
  const entry = useSelected();
  const frozen = useSessionState((state) => state.frozen);
  return (
    <div className={style.known}>
      <select
        aria-label="Labels of a known star"
        className={common.select}
        value=""
        disabled={disabled}
        onChange={(event) => {
          const star = PRESET_STARS.find(({ id }) => id === event.target.value);
          if (star !== undefined) session.showLabels(`labels of ${star.title}`, star.labels);
        }}
      >
        <option value="">Labels of a known star…</option>
        {PRESET_STARS.map(({ id, title, source }) => (
          <option key={id} value={id} title={source}>
            {title}
          </option>
        ))}
      </select>
      <button
        type="button"
        className={`${common.button ?? ''} ${common.small ?? ''}`}
        disabled={disabled}
        title="Keeps the model as it is now on the plot, in grey, to compare with"
        onClick={() => {
          session.attempt('Freeze', session.freeze);
        }}
      >
        Freeze model
      </button>
      {frozen !== null && frozen.key === entry?.key && (
        <p className={style.frozen} role="status">
          {`Grey: ${frozen.text} `}
          <button type="button" className={`${common.button ?? ''} ${common.small ?? ''}`} onClick={session.thaw}>
            Clear
          </button>
        </p>
      )}
    </div>
  );
}
