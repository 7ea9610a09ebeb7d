import type { FluxErrors } from '../../domain/modelCard.ts';
import style from './modelCard.module.css';

interface Props {
  readonly bins: FluxErrors['per100'];
  readonly resolvingPower: number;
}

const HEIGHT = 60;
const BAR = 10;

/** Mean absolute error of the flux, a bar for every 100 Å; numbers on hover. */
export function ErrorBars({ bins, resolvingPower }: Props) {
  const [first, last] = [bins[0], bins.at(-1)];
  if (first === undefined || last === undefined) return null;
  const top = Math.max(...bins.map(({ mae }) => mae));
  return (
    <figure className={style.bars}>
      <figcaption>
        Mean absolute error per 100 Å at R = {resolvingPower}, at most {(100 * top).toFixed(2)} %
      </figcaption>
      <svg
        role="img"
        aria-label={`Error of the flux per 100 Å from ${String(first.from)} to ${String(last.to)} Å`}
        viewBox={`0 0 ${String(BAR * bins.length)} ${String(HEIGHT)}`}
        preserveAspectRatio="none"
      >
        {bins.map(({ from, to, mae, percentile99 }, i) => {
          const height = (HEIGHT * mae) / top;
          return (
            <rect key={from} x={BAR * i} y={HEIGHT - height} width={BAR - 1} height={height}>
              <title>{`${String(from)}–${String(to)} Å: ${(100 * mae).toFixed(3)} %, 99th percentile ${(100 * percentile99).toFixed(2)} %`}</title>
            </rect>
          );
        })}
      </svg>
      <div className={style.ends}>
        <span>{first.from} Å</span>
        <span>{last.to} Å</span>
      </div>
    </figure>
  );
}
