/** The report as one page of HTML that needs nothing else: no script, no network. */
import { labelTitle, labelUnit, type LabelName } from '../../../src/domain/labels.ts';
import { median } from '../../../src/math/statistics.ts';
import { FLAG_BITS } from '../catalogueColumns.ts';
import { findOutliers, type Outlier } from './outliers.ts';
import { abundancePlane, kiel, LEAST_MEASURED, measuredCounts, sigmaPlot, velocityHistogram } from './panels.ts';
import type { Survey } from './stars.ts';

/** Outliers that are listed. */
const LISTED = 60;
/** Outliers that wear their number in the Kiel diagram. */
const NUMBERED = 20;

const escape = (content: string): string =>
  content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
/** Titles of labels with their subscripts. */
const titled = (content: string): string => escape(content).replace(/_(eff|mic)/g, '<sub>$1</sub>');

const STYLE = `
:root { color-scheme: light; font: 14px/1.5 Helvetica, Arial, sans-serif; color: #1f2328; background: #f4f5f7; }
body { margin: 0 auto; max-width: 1180px; padding: 24px; }
h1 { font-size: 24px; margin: 0 0 4px; } h2 { font-size: 17px; margin: 0 0 8px; } p { margin: 0 0 10px; max-width: 75ch; color: #444b52; }
section { background: #fff; border: 1px solid #d9dde2; border-radius: 8px; padding: 18px 20px; margin: 16px 0; }
.facts { display: flex; flex-wrap: wrap; gap: 10px; } .facts div { border: 1px solid #d9dde2; border-radius: 6px; padding: 6px 14px; min-width: 84px; }
.facts b { display: block; font-size: 20px; font-weight: 600; } .facts span { color: #5c636b; font-size: 12px; }
.grid { display: grid; gap: 10px; grid-template-columns: repeat(auto-fill, minmax(255px, 1fr)); } .wide { grid-template-columns: repeat(auto-fill, minmax(300px, 1fr)); }
.two { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 20px; } @media (max-width: 820px) { .two { grid-template-columns: 1fr; } }
svg { width: 100%; max-width: 860px; height: auto; font-family: inherit; } table { border-collapse: collapse; width: 100%; font-size: 13px; }
th, td { text-align: left; padding: 4px 10px 4px 0; border-bottom: 1px solid #e6e9ed; vertical-align: top; } th { color: #5c636b; font-weight: 600; }
td.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; } td.file { overflow-wrap: anywhere; min-width: 16em; }
.scroll { overflow-x: auto; } .bar { display: flex; height: 13px; background: #eef0f3; border-radius: 2px; overflow: hidden; min-width: 260px; } .bar i { display: block; height: 100%; }
.key span { display: inline-block; margin-right: 16px; } .key i { display: inline-block; width: 11px; height: 11px; margin-right: 5px; border-radius: 2px; }
`;

const FLAG_COLOURS: Readonly<Record<string, string>> = {
  unreliable: '#9b2226',
  'not-converged': '#ca6702',
  'out-of-range': '#bb3e73',
  'at-bound': '#6a4c93',
  'model-dominated': '#5f7d8c',
  'prior-dominated': '#8b929a',
};

const section = (title: string, ...parts: readonly string[]): string => `<section><h2>${title}</h2>${parts.join('')}</section>`;

function counts(title: string, map: ReadonlyMap<string, number>, all: number): string {
  if (map.size === 0) return `<p>${title}: none.</p>`;
  const rows = [...map]
    .sort((a, b) => b[1] - a[1])
    .map(
      ([code, count]) =>
        `<tr><td>${escape(code)}</td><td class="n">${String(count)}</td><td class="n">${((100 * count) / all).toFixed(1)} %</td></tr>`,
    );
  return `<table><thead><tr><th>${title}</th><th></th><th></th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

/** Per label a bar of the share of stars in which it is no measurement, by the reason; a star counts once, under the worst. */
function flagTable(survey: Survey): string {
  const flags = FLAG_BITS.map(([, flag]) => flag).filter((flag) => flag in FLAG_COLOURS);
  const key = flags.map((flag) => `<span><i style="background:${FLAG_COLOURS[flag] ?? ''}"></i>${flag}</span>`);
  const rows = [...survey.flags]
    .filter(([name]) => survey.stars.some(({ labels }) => labels[name] !== undefined))
    .map(([name, byFlag]) => {
      const parts = flags.map((flag) => ({ flag, share: (byFlag.get(flag) ?? 0) / Math.max(1, survey.fitted) }));
      const bar = parts
        .filter(({ share }) => share > 0)
        .map(
          ({ flag, share }) =>
            `<i style="width:${(100 * share).toFixed(2)}%;background:${FLAG_COLOURS[flag] ?? ''}" title="${flag}: ${(100 * share).toFixed(1)} %"></i>`,
        );
      const uncalibrated = (100 * (byFlag.get('uncalibrated') ?? 0)) / Math.max(1, survey.fitted);
      return `<tr><td>${titled(labelTitle(name))}</td><td><div class="bar">${bar.join('')}</div></td><td class="n">${uncalibrated.toFixed(0)} %</td></tr>`;
    });
  return `<p class="key">${key.join('')}</p><div class="scroll"><table><thead><tr><th>Label</th><th>Share of fitted spectra</th><th>uncalibrated</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function outlierTable(outliers: readonly Outlier[]): string {
  const value = ({ star }: Outlier, name: LabelName, digits: number): string =>
    star.labels[name]?.value.toFixed(digits).replace('-', '−') ?? '–';
  const rows = outliers
    .slice(0, LISTED)
    .map(
      (one, i) =>
        `<tr><td class="n">${String(i + 1)}</td><td class="file">${escape(one.star.file)}${one.star.index > 0 ? ` [${String(one.star.index)}]` : ''}</td><td class="n">${one.star.snr.toFixed(0)}</td><td class="n">${value(one, 'teff', 0)}</td><td class="n">${value(one, 'logg', 2)}</td><td class="n">${value(one, 'feh', 2)}</td><td>${one.reasons.slice(0, 6).map(titled).join('<br>')}${one.reasons.length > 6 ? `<br>and ${String(one.reasons.length - 6)} more` : ''}</td></tr>`,
    );
  return `<div class="scroll"><table><thead><tr><th></th><th>File</th><th>S/N</th><th>T<sub>eff</sub></th><th>log g</th><th>[Fe/H]</th><th>Why</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function velocities({ stars }: Survey): string {
  const known = stars.filter(({ rvDifference, quality }) => rvDifference !== null && quality < 2);
  if (known.length < LEAST_MEASURED) return '<p>The files state no velocities of their own.</p>';
  const differences = known.map(({ rvDifference }) => rvDifference ?? NaN);
  const middle = median(differences);
  const width = 1.4826 * median(differences.map((value) => Math.abs(value - middle)));
  const scaled = known.map(({ rvDifference, rvSigma }) => ((rvDifference ?? NaN) - middle) / rvSigma);
  const scaledWidth = 1.4826 * median(scaled.map(Math.abs));
  const half = Math.max(10, Math.ceil((Math.abs(middle) + 4 * width) / 5) * 5);
  return (
    `<p>Ours minus the pipeline's: median ${middle.toFixed(1)} km/s, robust σ ${width.toFixed(1)} km/s. About the median and in units of our own error the robust width is ${scaledWidth.toFixed(2)}; it would be 1 if the pipeline made no errors and ours were right.</p>` +
    `<div class="grid wide">${velocityHistogram(differences, 'v − v(pipeline), km/s', half)}${velocityHistogram(scaled, '(v − v(pipeline) − median)/σ', 5)}</div>`
  );
}

/** The whole page. `about` are the facts of the catalogue's head. */
export function reportPage(survey: Survey, about: readonly (readonly [string, string])[]): string {
  const { stars } = survey;
  const outliers = findOutliers(stars);
  const [good = 0, doubtful = 0, spoilt = 0, failed = 0] = survey.quality;
  const fact = (value: number, what: string): string => `<div><b>${String(value)}</b><span>${what}</span></div>`;
  const measured = measuredCounts(stars);
  const drawn = measured.filter(([, count]) => count >= LEAST_MEASURED);
  const rare = measured.filter(([, count]) => count < LEAST_MEASURED).map(([element, count]) => `${element} ${String(count)}`);
  const wanted = ['creator', 'model', 'calib'];
  const facts = about.filter(([key]) => wanted.includes(key)).map(([, value]) => escape(value));
  const sigmas = (['teff', 'logg', 'feh', 'Mg', 'Ca', 'Ni'] as const).filter((name) =>
    stars.some(({ labels }) => labels[name] !== undefined),
  );
  const sample = stars.length < survey.fitted ? ` Drawn are ${String(stars.length)} of them, chosen by name.` : '';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Survey report</title><style>${STYLE}</style></head><body>
<h1>Survey report</h1><p>${facts.join(' · ')}.${sample}</p>
<div class="facts">${fact(survey.rows, 'spectra')}${fact(good, 'nothing doubtful')}${fact(doubtful, 'with a doubt')}${fact(spoilt, 'labels spoilt')}${fact(failed, 'not fitted')}${fact(outliers.length, 'to look at')}</div>
${section('Kiel diagram', `<p>Calibrated where the calibration reaches, else raw. Open grey circles: labels spoilt. Numbers: the list of stars to look at.</p>${kiel(stars, outliers.slice(0, NUMBERED))}`)}
${section('Abundances', `<p class="key"><span><i style="background:#2c728e"></i>log g ≥ 3.8</span><span><i style="background:#b5522a"></i>giants</span> Only values that the data measure; the bar is the median error, ±1 σ.</p><div class="grid">${drawn.map(([element]) => abundancePlane(stars, element)).join('')}</div>${rare.length === 0 ? '' : `<p>Measured in fewer than ${String(LEAST_MEASURED)} stars, and not drawn: ${rare.join(', ')}.</p>`}`)}
${section('Errors against S/N', `<p>Red: running median. Grey: no measurement (prior-dominated or at an edge).</p><div class="grid wide">${sigmas.map((name) => sigmaPlot(stars, name, labelUnit(name))).join('')}</div>`)}
${section('Velocities', velocities(survey))}
${section('Flags', flagTable(survey))}
${section('Failures and alerts', `<div class="two"><div>${counts('Alerts', survey.alerts, Math.max(1, survey.fitted))}</div><div>${counts('Not fitted', survey.failures, Math.max(1, survey.rows))}</div></div>`)}
${section('Stars to look at', outliers.length === 0 ? '<p>None.</p>' : `<p>Alone among the labels, with an abundance that no neighbour has, a poor χ², emission, a velocity that the pipeline does not find, or an alert; farthest out first${outliers.length > LISTED ? `, ${String(LISTED)} of ${String(outliers.length)}` : ''}.</p>${outlierTable(outliers)}`)}
</body></html>
`;
}
