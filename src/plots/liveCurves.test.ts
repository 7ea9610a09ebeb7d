import { describe, expect, it } from 'vitest';
import { curvePoints, panelBox } from './liveCurves.ts';
import { SPECTRUM_MARGIN } from './spectrumFigure.ts';

describe('curves that follow a slider', () => {
  it('lie where the axes of the figure put them', () => {
    const size = { width: 600, height: 400 };
    const flux = panelBox(size, 'flux');
    expect(flux.left).toBe(SPECTRUM_MARGIN.l);
    expect(flux.top).toBe(SPECTRUM_MARGIN.t);
    const residuals = panelBox(size, 'residuals');
    expect(residuals.top + residuals.height).toBeCloseTo(size.height - SPECTRUM_MARGIN.b, 9);
    expect(residuals.top).toBeGreaterThan(flux.top + flux.height);
  });

  it('run to one neighbour beyond the window, with gaps kept', () => {
    const x = Float64Array.of(1, 2, 3, 4, 5, 6);
    const y = Float64Array.of(0, 0, 10, NaN, 5, 0);
    const box = { left: 100, top: 20, width: 200, height: 50 };
    const points = [...curvePoints(x, y, [3, 5], [0, 10], box)];
    // 2 Å lies half a panel left of the window, 6 Å half a panel right of it.
    expect(points.filter((_, i) => i % 2 === 0)).toEqual([0, 100, 200, 300, 400]);
    expect(points.filter((_, i) => i % 2 === 1)).toEqual([70, 20, NaN, 45, 70]);
  });
});
