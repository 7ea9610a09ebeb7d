import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWithShared } from '../../src/testing/shared.ts';
import { readObservedStars } from './observedStars.ts';

it('stars that are not there are named, each, and left out', () => {
  const messages: string[] = [];
  expect(readObservedStars(mkdtempSync(join(tmpdir(), 'maury-stars-')), (m) => messages.push(m))).toEqual([]);
  expect(messages.length).toBeGreaterThan(10);
  expect(messages.find((m) => m.startsWith('Procyon'))).toMatch(/left out: .*no such file.*gbs_v2\.1/);
});

describeWithShared('stars of the shared folder', (shared) => {
  it('are all read, in vacuum, at rest to 3 km/s by their own spectra, with what is known of them', { timeout: 60_000 }, () => {
    const messages: string[] = [];
    const observed = readObservedStars(join(shared, 'spectra'), (m) => messages.push(m));
    expect(messages).toEqual([]);
    for (const { id, star, wavelength, flux, from, to } of observed) {
      expect(star.teff, id).toBeGreaterThan(4000);
      expect(star.logg, id).toBeGreaterThan(1);
      expect(Number.isFinite(star.feh), id).toBe(true);
      expect(flux.length, id).toBe(wavelength.length);
      expect(wavelength[0], id).toBeLessThan(from);
      expect(wavelength[wavelength.length - 1], id).toBeGreaterThan(to - 1);
    }
    // The core of Mg b1, 5185.048 Å in vacuum, is the deepest point around it in every star that shows it
    for (const { id, wavelength, flux } of observed.filter((o) => o.from < 5180 && o.to > 5190 && !o.id.startsWith('MILES'))) {
      let core = 0;
      let depth = Infinity;
      wavelength.forEach((w, i) => {
        if (Math.abs(w - 5185.048) > 0.7 || !((flux[i] ?? NaN) < depth)) return;
        depth = flux[i] ?? NaN;
        core = w;
      });
      expect(Math.abs(core / 5185.048 - 1) * 299_792.458, id).toBeLessThan(id === 'Sun TSIS' ? 20 : 3);
    }
  });
});
