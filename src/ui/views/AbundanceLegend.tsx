import { usePalette } from '../appearance.tsx';
import style from './views.module.css';

/** The key to the abundance plot. */
export function AbundanceLegend({ truth, calibrated }: { readonly truth: boolean; readonly calibrated: boolean }) {
  const palette = usePalette();
  const keys = [
    ['○', palette.raw, 'raw'],
    ['○', palette.faint, 'prior-dominated'],
    ...(calibrated
      ? [
          ['●', palette.calibrated, 'calibrated'],
          ['▮', palette.carrier, 'scatter of its references'],
        ]
      : []),
    ...(truth ? [['–', palette.truth, 'truth']] : []),
  ];
  return (
    <span className={style.legend}>
      {keys.map(([sign, colour, text]) => (
        <span key={text} className={style.key}>
          <b aria-hidden style={{ color: colour }}>
            {sign}
          </b>
          {text}
        </span>
      ))}
    </span>
  );
}
