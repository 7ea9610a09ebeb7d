/** The report on a calibration: one page of HTML that needs nothing else. */
import type { BuiltCalibration } from '../../src/calibration/build.ts';
import { CALIBRATED_NAMES, calibratedTitle, calibratedUnit, type CalibratedName } from '../../src/calibration/names.ts';
import type { LabelCalibration } from '../../src/calibration/schema.ts';
import { fixed } from '../files/markdownTable.ts';
import { document } from '../files/svg.ts';
import { FIGURE_HEIGHT, FIGURE_WIDTH, KEY, labelPanels } from './figures.ts';
import { digitsOf, solarElements, SUMMARY_HEAD, summaryRows } from './summary.ts';

const STYLE = `
:root { color-scheme: light; font: 14px/1.5 Helvetica, Arial, sans-serif; color: #1f2328; background: #f4f5f7; }
body { margin: 0 auto; max-width: 1240px; padding: 24px; } h1 { font-size: 24px; margin: 0; } h2 { font-size: 17px; margin: 0 0 6px; }
section { background: #fff; border: 1px solid #d9dde2; border-radius: 8px; padding: 16px 20px; margin: 16px 0; } p { max-width: 85ch; color: #444b52; margin: 4px 0; }
table { border-collapse: collapse; font-size: 13px; } th, td { padding: 3px 10px 3px 0; border-bottom: 1px solid #e6e9ed; text-align: right; font-variant-numeric: tabular-nums; }
th:first-child, td:first-child { text-align: left; } th { color: #5c636b; vertical-align: bottom; } svg { width: 100%; height: auto; } .scroll { overflow-x: auto; }
.key span { display: inline-block; margin-right: 16px; } .key i { display: inline-block; width: 11px; height: 11px; margin-right: 5px; border-radius: 6px; }
`;

const escape = (content: string): string => content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
const titled = (content: string): string => escape(content).replace(/_(eff|mic)/g, '<sub>$1</sub>');

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  `<div class="scroll"><table><thead><tr>${head.map((cell) => `<th>${titled(cell)}</th>`).join('')}</tr></thead><tbody>${rows
    .map((row) => `<tr>${row.map((cell) => `<td>${titled(cell)}</td>`).join('')}</tr>`)
    .join('')}</tbody></table></div>`;

/** What a label rests on, as sentences. */
export function provenanceOf(name: CalibratedName, label: LabelCalibration): string[] {
  const n = (value: number): string => fixed(value, digitsOf(name));
  const sources = label.sources.map(({ name: source, stars, zeroPoint }) =>
    zeroPoint === null ? `${source} (${String(stars)})` : `${source} (${String(stars)}, zero point ${n(zeroPoint)})`,
  );
  const terms = label.terms.map(({ name: term, coefficient, sigma }) => `${term} ${n(coefficient)} ± ${n(sigma)}`);
  const shared = label.shared.map(({ name: group, members, scatter }) => `${group}: ${String(members)}, σ ${n(scatter)}`);
  const { teff, logg, feh } = label.range;
  return [
    `References: ${sources.join(', ')}.`,
    `Correction: ${terms.join(', ')} ${calibratedUnit(name)}.`,
    `Range: ${fixed(teff[0], 0)}–${fixed(teff[1], 0)} K, log g ${fixed(logg[0], 1)}–${fixed(logg[1], 1)}, [Fe/H] ${fixed(feh[0], 1)} … ${fixed(feh[1], 1)}.`,
    ...(shared.length === 0 ? [] : [`What shares its composition: ${shared.join('; ')}.`]),
    ...(label.reach === null
      ? []
      : [
          `Fits beyond the blue: ${n(label.reach.terms[0]?.coefficient ?? NaN)}, σ ${n(label.reach.scatter)}, by ${String(label.reach.spectra)} spectra.`,
        ]),
  ];
}

/** The report. */
export function calibrationReport({ calibration, heldOut }: BuiltCalibration): string {
  const sections = CALIBRATED_NAMES.flatMap((name) => {
    const label = calibration.labels[name];
    const own = heldOut.filter((one) => one.label === name);
    if (label === undefined || own.length === 0) return [];
    const figure = document(FIGURE_WIDTH, FIGURE_HEIGHT, [labelPanels(own)]);
    return [
      `<section id="${name}"><h2>${titled(calibratedTitle(name))}</h2>${provenanceOf(name, label)
        .map((sentence) => `<p>${titled(sentence)}</p>`)
        .join('')}${figure}</section>`,
    ];
  });
  const { title, id, model, derived, sources } = calibration;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(id)}</title><style>${STYLE}</style></head><body>
<h1>${escape(title)}</h1><p>${escape(id)} · model ${escape(model.id)}, weights ${escape(model.weights.slice(0, 12))}… · ${escape(derived.date)}</p>
<section><h2>Stars that took no part</h2><p>Calibrated minus reference by nested cross-validation; σ is robust and holds the reference’s own error.</p>${table(SUMMARY_HEAD, summaryRows(calibration))}
<p>By the Sun alone: ${escape(solarElements(calibration).join(', ') || 'none')}.</p></section>
<p class="key">${KEY}</p>
${sections.join('\n')}
<section><h2>Sources</h2>${sources.map(({ name, use, stars, citation }) => `<p><b>${escape(name)}</b> (${String(stars)} stars): ${titled(use)}. ${escape(citation)}</p>`).join('')}<p>${titled(derived.method)}</p><p><code>${escape(derived.command)}</code></p></section>
</body></html>
`;
}
