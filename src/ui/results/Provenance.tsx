import { describeLsf } from '../../spectra/resolvingPower.ts';
import type { Entry } from '../../state/entries.ts';
import style from './results.module.css';

/** What the reader and the fit had to warn of, and what the file says about itself. */
export function Provenance({ entry }: { readonly entry: Entry }) {
  const { spectrum, run } = entry;
  const warnings = [...entry.warnings, ...(run.kind === 'done' ? run.result.warnings : [])];
  const facts: [string, string][] = [
    ['survey', spectrum.survey.name],
    ['pixels', String(spectrum.wavelength.length)],
    ['wavelengths as read', `${spectrum.medium}, ${spectrum.frame} frame`],
    ['line-spread function', describeLsf(spectrum.lsf)],
    ['errors', spectrum.ivarIsMeasured ? 'from the file' : 'not in the file: χ² is scaled to 1'],
    ...Object.entries(spectrum.meta).map(([key, value]): [string, string] => [key, String(value)]),
  ];
  return (
    <>
      {warnings.length > 0 && (
        <ul className={style.warnings} aria-label="Warnings">
          {warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
      <details className={style.meta}>
        <summary>About this spectrum</summary>
        <table className={style.table}>
          <tbody>
            {facts.map(([key, value]) => (
              <tr key={key}>
                <td>{key}</td>
                <td>{value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  );
}
