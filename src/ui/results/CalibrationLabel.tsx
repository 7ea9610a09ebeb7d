import { calibratedTitle, calibratedUnit, type CalibratedName } from '../../calibration/names.ts';
import type { Calibration, LabelCalibration } from '../../calibration/schema.ts';
import { formatNumber } from '../common/format.ts';
import topbar from '../topbar/topbar.module.css';

/** From what one label is calibrated, by how many stars, in which range, with which scatter. */
export function CalibrationLabel({ name, calibration }: { readonly name: CalibratedName; readonly calibration: Calibration }) {
  const label = calibration.labels[name];
  const title = calibratedTitle(name);
  if (label === undefined) return <p>This calibration says nothing of {title}: it stays raw.</p>;
  return (
    <section aria-label={`Calibration of ${title}`}>
      <h3>{title}</h3>
      <dl className={topbar.keys}>
        {factsOf(name, label).map(([key, value]) => (
          <div key={key} style={{ display: 'contents' }}>
            <dt>{key}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const digitsOf = (name: CalibratedName): number => (calibratedUnit(name) === 'K' ? 0 : 3);

function factsOf(name: CalibratedName, label: LabelCalibration): readonly (readonly [string, string])[] {
  const n = (value: number): string => formatNumber(value, digitsOf(name));
  const unit = calibratedUnit(name);
  const { range, scatter, heldOut, reach } = label;
  const sources = label.sources.map(({ name: source, stars, zeroPoint }) =>
    zeroPoint === null ? `${source} (${String(stars)})` : `${source} (${String(stars)}, its zero point ${n(zeroPoint)})`,
  );
  const terms = label.terms.map(({ name: term, coefficient }) => (term === 'constant' ? n(coefficient) : `${n(coefficient)} · ${term}`));
  return [
    ['from', label.kind === 'references' ? sources.join(', ') : 'the Sun alone, used near the Sun alone'],
    ['stars', `${String(label.stars)} in ${String(label.spectra)} spectra`],
    [
      'range',
      `${formatNumber(range.teff[0], 0)}–${formatNumber(range.teff[1], 0)} K, log g ${formatNumber(range.logg[0], 1)}–${formatNumber(range.logg[1], 1)}, [Fe/H] ${formatNumber(range.feh[0], 1)} to ${formatNumber(range.feh[1], 1)}`,
    ],
    ['raw minus calibrated', `${terms.join(' + ')} ${unit}`],
    ['intrinsic scatter', `dwarfs ${n(scatter.dwarf)}, giants ${n(scatter.giant)}, metal-poor ${n(scatter['metal-poor'])} ${unit}`],
    ...(heldOut === null
      ? []
      : ([
          [
            'stars that took no part',
            `σ ${n(heldOut.scatter)} ${unit} about ${n(heldOut.bias)} (raw: ${n(heldOut.raw.scatter)} about ${n(heldOut.raw.bias)}); ${formatNumber(100 * heldOut.within1, 0)} % within 1 σ, ${formatNumber(100 * heldOut.within2, 0)} % within 2 σ`,
          ],
          ['of that, the references', `σ ${n(heldOut.referenceSigma)} ${unit}; the fit ${n(heldOut.fitSigma)} ${unit}`],
        ] as const)),
    ...label.shared.map(
      ({ name: group, members, scatter: within }) => [group, `${String(members)} members, σ ${n(within)} ${unit} among them`] as const,
    ),
    ...(reach === null
      ? []
      : ([
          [
            'beyond the blue',
            `${n(reach.terms[0]?.coefficient ?? NaN)} ${unit}, σ ${n(reach.scatter)}, by ${String(reach.spectra)} spectra`,
          ],
        ] as const)),
  ];
}
