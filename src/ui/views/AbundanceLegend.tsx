import { usePalette } from '../appearance.tsx';
import style from './views.module.css';

/** The key to the abundance plot. */
export function AbundanceLegend({ truth }: { readonly truth: boolean }) {
  const palette = usePalette();
  const keys = [
    ['○', palette.raw, 'raw'],
    ['○', palette.faint, 'prior-dominated'],
    ['●', palette.calibrated, 'calibrated'],
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
