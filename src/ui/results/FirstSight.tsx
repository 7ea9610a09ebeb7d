import { SAMPLE_STARS } from '../../domain/sampleStars.ts';
import common from '../common/common.module.css';
import { useEngine, useSession, useSettings } from '../session.tsx';
import style from './firstSight.module.css';

/** What the page does, in one sentence and three steps, and stars to try it with: shown until a person has a result or a file of their own. */
export function FirstSight() {
  const session = useSession();
  const ready = useEngine() !== null;
  const autoFit = useSettings((settings) => settings.autoFit);
  return (
    <div className={style.first}>
      <p className={style.sentence}>
        Maury reads the temperature, the gravity and about thirty abundances of a star from one low-resolution spectrum. It does so here, in
        your browser: nothing is installed or uploaded.
      </p>
      <ol>
        <li>
          <b>Drop</b> a spectrum anywhere on this page: FITS, CSV or text, also many at once.
        </li>
        <li>
          <b>{autoFit ? 'Wait a few seconds' : 'Press Fit'}</b>
          {autoFit ? ': the fit starts by itself.' : ': it takes a few seconds.'}
        </li>
        <li>
          <b>Read</b> each value with its error, what it rests on, and what is doubtful.
        </li>
      </ol>
      <p>
        These values are called the star’s <dfn>labels</dfn>: effective temperature T<sub>eff</sub>, surface gravity log g, microturbulence
        v<sub>mic</sub>, iron [Fe/H], and how much there is of each other element beside iron, [X/Fe].
      </p>
      <h3>No file at hand?</h3>
      <ul className={style.samples}>
        {SAMPLE_STARS.map(({ id, title, text }) => (
          <li key={id}>
            <button
              type="button"
              className={common.button}
              disabled={!ready}
              onClick={() => {
                session.attempt(title, () => session.openSample(id));
              }}
            >
              {title}
            </button>
            <span>{text}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
