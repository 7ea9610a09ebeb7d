/** Pictures of named features and of the solar residual, drawn by plotly in a headless Chromium. */
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { launchOptions } from '../../scripts/chromium.mjs';
import { success, type Result } from '../../src/domain/result.ts';
import { normalised } from './agreement.ts';
import { PUBLISHED_WAVELENGTH, starRow } from './published.ts';
import type { SunReport } from './sunReport.ts';

/** File name, title, range in Å (vacuum). */
const FEATURES = [
  ['halpha', 'Hα', 6490, 6640],
  ['hbeta', 'Hβ', 4800, 4925],
  ['ca-hk', 'Ca II H and K', 3900, 4000],
  ['ca-triplet', 'Ca II infrared triplet', 8460, 8720],
  ['mg-b', 'Mg b and MgH', 5090, 5220],
  ['na-d', 'Na D', 5860, 5930],
  ['g-band', 'G band (CH)', 4260, 4345],
  ['cn', 'CN violet', 4120, 4235],
] as const;
const STARS = [
  ['sun', 'Sun'],
  ['a9_4500_2.0', '4500 K, log g 2'],
] as const;

interface Figure {
  readonly name: string;
  readonly data: readonly object[];
  readonly layout: object;
}

const COLOURS = { ours: '#0b6e4f', ts: '#b3261e', sy: '#777777' } as const;

function featureFigure([name, title, from, to]: (typeof FEATURES)[number]): Result<Figure> {
  const keep = [...PUBLISHED_WAVELENGTH.keys()].filter(
    (i) => (PUBLISHED_WAVELENGTH[i] ?? 0) >= from && (PUBLISHED_WAVELENGTH[i] ?? 0) <= to,
  );
  const x = keep.map((i) => PUBLISHED_WAVELENGTH[i] ?? NaN);
  const data: object[] = [];
  for (const [column, [star]] of STARS.entries()) {
    const ours = normalised(star);
    if (!ours.ok) return ours;
    const [ts, sy] = [starRow('ts_norm', star), starRow('sy_norm', star)];
    const at = (values: Float64Array): number[] => keep.map((i) => values[i] ?? NaN);
    const minus = (values: Float64Array): number[] => keep.map((i) => 100 * ((values[i] ?? NaN) - (ts[i] ?? NaN)));
    const suffix = column === 0 ? '' : '2';
    const line = (label: string, y: number[], colour: string, dash: string, row: 0 | 1): object => ({
      x,
      y,
      name: label,
      mode: 'lines',
      line: { color: colour, width: 1.5, dash },
      xaxis: `x${suffix}`,
      yaxis: `y${row === 0 ? suffix : String(column + 3)}`,
      showlegend: column === 0 && row === 0,
    });
    data.push(
      line('Turbospectrum', at(ts), COLOURS.ts, 'solid', 0),
      line('SYNTHE', at(sy), COLOURS.sy, 'dot', 0),
      line('ours', at(ours.value), COLOURS.ours, 'dash', 0),
      line('SYNTHE − Turbospectrum', minus(sy), COLOURS.sy, 'dot', 1),
      line('ours − Turbospectrum', minus(ours.value), COLOURS.ours, 'solid', 1),
    );
  }
  const axis = { gridcolor: '#e5e5e5', zerolinecolor: '#999999', linecolor: '#333333', mirror: true };
  return success({
    name,
    data,
    layout: {
      title: { text: `${title}, R = 1800`, font: { size: 16 } },
      xaxis: { ...axis, domain: [0, 0.47], anchor: 'y3', title: { text: `${STARS[0][1]}: vacuum wavelength (Å)` } },
      xaxis2: { ...axis, domain: [0.53, 1], anchor: 'y4', title: { text: `${STARS[1][1]}: vacuum wavelength (Å)` } },
      yaxis: { ...axis, domain: [0.36, 1], title: { text: 'normalised flux' } },
      yaxis2: { ...axis, domain: [0.36, 1], anchor: 'x2' },
      yaxis3: { ...axis, domain: [0, 0.3], title: { text: '− Turbospectrum (%)' } },
      yaxis4: { ...axis, domain: [0, 0.3], anchor: 'x2' },
      legend: { orientation: 'h', x: 0.5, xanchor: 'center', y: 1.08 },
    },
  });
}

function sunFigure(report: SunReport): Figure {
  const style: readonly (readonly [string, string])[] = [
    [COLOURS.ours, 'solid'],
    [COLOURS.ts, 'solid'],
    ['#1f4e9c', 'solid'],
    [COLOURS.ours, 'dot'],
    [COLOURS.ts, 'dot'],
  ];
  return {
    name: 'sun',
    data: report.series.map(({ name, percent }, i) => ({
      x: report.wavelength,
      y: percent,
      name,
      mode: 'lines+markers',
      marker: { size: 4 },
      line: { color: style[i]?.[0], dash: style[i]?.[1], width: 1.5 },
    })),
    layout: {
      title: { text: 'Model − Sun, rms per 100 Å of flux over its 50 Å mean, R = 1800', font: { size: 16 } },
      xaxis: { title: { text: 'vacuum wavelength (Å)' }, gridcolor: '#e5e5e5' },
      yaxis: { title: { text: 'rms (%)' }, type: 'log', gridcolor: '#e5e5e5', tickvals: [0.2, 0.3, 0.5, 1, 2, 3, 5], range: [-0.75, 0.7] },
      legend: { x: 0.98, xanchor: 'right', y: 0.98 },
    },
  };
}

/** Draws all figures into `folder` as PNG; their paths. */
export async function drawPlots(folder: string, report: SunReport): Promise<Result<readonly string[]>> {
  const figures: Figure[] = [sunFigure(report)];
  for (const feature of FEATURES) {
    const figure = featureFigure(feature);
    if (!figure.ok) return figure;
    figures.push(figure.value);
  }
  await mkdir(folder, { recursive: true });
  const browser = await chromium.launch(launchOptions([]));
  const paths: string[] = [];
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ path: createRequire(import.meta.url).resolve('plotly.js/dist/plotly-basic.min.js') });
    for (const { name, data, layout } of figures) {
      const url = await page.evaluate(
        async ([traces, settings]) => {
          const plotly = (globalThis as unknown as { Plotly: { toImage(figure: object, options: object): Promise<string> } }).Plotly;
          return plotly.toImage({ data: traces, layout: settings }, { format: 'png', width: 1100, height: 560 });
        },
        [
          data,
          {
            ...layout,
            paper_bgcolor: 'white',
            plot_bgcolor: 'white',
            font: { family: 'sans-serif', size: 12 },
            margin: { l: 60, r: 20, t: 80, b: 50 },
          },
        ] as const,
      );
      const path = join(folder, `${name}.png`);
      await writeFile(path, Buffer.from(url.slice(url.indexOf(',') + 1), 'base64'));
      paths.push(path);
    }
  } finally {
    await browser.close();
  }
  return success(paths);
}
