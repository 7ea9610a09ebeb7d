/** Whole fits of odd stars with the model that ships: each kind by the shared examples, and by others planted here. Numbers that are wrong are told. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openService } from '../../cli/batch/openService.ts';
import type { FitService } from '../../src/compute/service.ts';
import type { Solution } from '../../src/domain/fit.ts';
import { labelVector } from '../../src/domain/labels.ts';
import type { Spectrum } from '../../src/domain/spectrum.ts';
import { DEFAULT_FIT_OPTIONS } from '../../src/fit/defaults.ts';
import { median } from '../../src/math/statistics.ts';
import { simulateSpectrum } from '../../src/spectra/simulate.ts';
import { describeWithShared } from '../../src/testing/shared.ts';
import { broadened, CHROMOSPHERE, lightAt, lightOf, planted, rotated, seeded, whiteDwarf, withLines } from './plants.ts';

let service: FitService;
beforeAll(async () => {
  const opened = await openService({ backend: 'wasm' });
  if (!opened.ok) throw new Error(opened.failure.message);
  service = opened.value;
}, 400_000);

async function fit(spectrum: Spectrum): Promise<Solution | string> {
  const result = await service.fit(spectrum, DEFAULT_FIT_OPTIONS);
  return result.ok ? result.value : result.failure.code;
}
/** Codes of alerts, or of the failure. */
async function told(spectrum: Spectrum): Promise<string> {
  const found = await fit(spectrum);
  return typeof found === 'string' ? found : (found.alerts ?? []).map(({ code }) => code).join(' ');
}

describeWithShared('odd stars', (shared) => {
  const read = async (path: string): Promise<Spectrum> => {
    const result = await service.read(path, new Uint8Array(readFileSync(join(shared, 'spectra', path))));
    const [spectrum] = result.ok ? result.value : [];
    if (spectrum === undefined) throw new Error(path);
    return spectrum;
  };
  const DWARF = 'lamost-dr10/spec-59636-HD092159N212954B02_sp05-231.fits.gz';
  const GIANT = 'lamost-dr10/spec-59636-HD071013S041413V01_sp14-182.fits.gz';

  describe('1: objects that the model does not know', { timeout: 400_000 }, () => {
    it.each(['M0', 'M2', 'M2-plus-hot-companion'])('odd/notFGK_real-LAMOST-DR5_%s: bands, without the help of its header', async (name) => {
      const spectrum = await read(`odd/notFGK_real-LAMOST-DR5_${name}.fits`);
      const { pipelineClass: _, ...survey } = spectrum.survey;
      expect(_).toMatch(/M/);
      expect(await told({ ...spectrum, survey })).toMatch(/MOLECULAR_BANDS/);
    });
    it('a white dwarf with helium, and one with hydrogen', async () => {
      const host = await read(DWARF);
      for (const [type, width, depth] of [
        ['DB', 14, 0.3],
        ['DA', 18, 0.3],
      ] as const) {
        const light = lightAt({ wavelength: host.wavelength, flux: whiteDwarf(host.wavelength, type, width, depth) }, host.wavelength, 60);
        expect(await told(planted(host, type, light, seeded(type))), type).toMatch(/RV_NOT_FOUND|HELIUM|SHAPE|POOR|EDGE|PARTS/);
      }
    });
  });

  describe('2: arms that disagree', { timeout: 400_000 }, () => {
    it.each(['real-LAMOST_3706125_blue-32_red-68kms', 'red-arm-plus-2A'])('odd/arms-disagree_%s', async (name) => {
      const found = await fit(await read(`odd/arms-disagree_${name}.fits`));
      if (typeof found === 'string') throw new Error(found);
      expect(found.alerts?.map(({ code }) => code)).toContain('ARMS_DISAGREE');
      // The velocities that the two arms show are within the error.
      const truths = name.startsWith('real') ? [32, 68] : [29.4];
      for (const truth of truths) expect(Math.abs(found.rv.value - truth)).toBeLessThan(1.6 * found.rv.sigma);
    });
    it.each([-1.2, 1.8])('a blue arm that is off by %d Å', async (off) => {
      const star = await read(GIANT);
      const wavelength = star.wavelength.map((w) => (w < 5850 ? w + off : w)).sort();
      expect(await told({ ...star, wavelength })).toContain('ARMS_DISAGREE');
    });
  });

  describe('7: lines of hydrogen filled in', { timeout: 400_000 }, () => {
    it.each(['chromosphere', 'giant'])('odd/emission_%s-EW3', async (name) => {
      const found = await fit(await read(`odd/emission_${name}-EW3.fits`));
      if (typeof found === 'string') throw new Error(found);
      expect(found.alerts?.find(({ code }) => code === 'EMISSION')?.message).toContain('Hα (6565 Å');
      expect(found.labels.every(({ flags }) => flags.includes('unreliable'))).toBe(true);
    });
    it.each([1, 2])('Hα of %d Å in another star', async (width) => {
      const star = await read('lamost-dr10/spec-59588-GAC093N22B2_sp08-199.fits.gz');
      const velocity = star.survey.pipelineVelocity ?? NaN;
      const light = withLines(lightAt(lightOf(star), star.wavelength), star.wavelength, CHROMOSPHERE(width), { velocity, fwhm: 190 });
      expect(await told(planted(star, 'active', light, null))).toContain('EMISSION');
    });
  });

  describe('13: two stars, and fast rotation', { timeout: 400_000 }, () => {
    it('odd/binary_equal_200kms', async () => {
      const found = await fit(await read('odd/binary_equal_200kms.fits'));
      if (typeof found === 'string') throw new Error(found);
      expect(found.alerts?.find(({ code }) => code === 'BROAD_LINES')?.message).toMatch(/(1\.\d|2\.0) times as broad/);
    });
    it('v sin i of 170 km/s, two lines 300 km/s apart, and an old galaxy at rest', async () => {
      const star = await read(DWARF);
      const light = lightAt(lightOf(star), star.wavelength);
      const moved = (v: number) => lightAt(lightOf(star), star.wavelength, v);
      const [a, b] = [moved(-150), moved(150)];
      const dress = (id: string, other: Float64Array) => told(planted(star, id, other, null));
      expect(await dress('rotation', rotated(light, star.wavelength, 170))).toContain('BROAD_LINES');
      expect(
        await dress(
          'two',
          a.map((value, p) => 0.55 * value + 0.45 * (b[p] ?? NaN)),
        ),
      ).toMatch(/TWO_STARS|BROAD_LINES/);
      expect(await dress('galaxy', broadened(light, star.wavelength, 180))).toContain('BROAD_LINES');
    });
  });

  it('ordinary stars are left in peace', { timeout: 400_000 }, async () => {
    for (const path of [DWARF, GIANT, 'miles/MILES_res2.50_star_m0137V.fits']) expect(await told(await read(path)), path).toBe('');
  });

  describe('17: a constant that is not the star’s', { timeout: 400_000 }, () => {
    it.each([0.1, -0.1])('%d of the level: told, and [Fe/H] as without', async (share) => {
      const star = await read(DWARF);
      const level = median(star.flux.filter((_, p) => (star.ivar[p] ?? 0) > 0));
      const [plain, altered] = [await fit(star), await fit({ ...star, flux: star.flux.map((f) => f + share * level) })];
      if (typeof plain === 'string' || typeof altered === 'string') throw new Error('no fit');
      const feh = ({ labels }: Solution) => labels.find(({ name }) => name === 'feh')?.value ?? NaN;
      expect(altered.alerts?.map(({ code }) => code)).toContain('SKY_OFFSET');
      expect(Math.abs(feh(altered) - feh(plain))).toBeLessThan(0.05);
    });
  });

  describe('12: sodium', { timeout: 400_000 }, () => {
    it('[Na/Fe] of a real star does not move with its velocity', async () => {
      const [still, moved] = [await fit(await read(DWARF)), await fit(await read('odd/sodium_dwarf_at-minus-221kms.fits'))];
      if (typeof still === 'string' || typeof moved === 'string') throw new Error('no fit');
      const of = ({ labels }: Solution) => labels.find(({ name }) => name === 'Na');
      const [a, b] = [of(still), of(moved)];
      expect(Math.abs((a?.value ?? NaN) - (b?.value ?? NaN))).toBeLessThan(a?.sigma ?? NaN);
    });
  });
});

describe('12: sodium of a star that was made', { timeout: 400_000 }, () => {
  it('is the same at −500 … +500 km/s, to half of its σ', async () => {
    const names = service.emulator.info.labels.map(({ name }) => name);
    const flux = await service.predict(labelVector({ teff: 5100, logg: 4.4, vmic: 1, feh: -0.2, xfe: { Na: 0.3 } }, names));
    const lsf = { kind: 'resolving-power', resolvingPower: 1800 } as const;
    const values: number[] = [];
    let sigma = NaN;
    for (const rv of [-500, -230, 0, 230, 500]) {
      const made = simulateSpectrum({ flux, ...service.emulator.info }, { id: 'star', lsf, snr: 1e5, rv, seed: 1 });
      const level = made.flux.reduce((sum, f) => sum + f, 0) / made.flux.length;
      const found = await fit({ ...made, ivar: made.ivar.map((w) => (w > 0 ? (100 / level) ** 2 : 0)), snr: 100, simulated: false });
      if (typeof found === 'string') throw new Error(found);
      const na = found.labels.find(({ name }) => name === 'Na');
      values.push(na?.value ?? NaN);
      if (rv === 0) sigma = na?.sigma ?? NaN;
    }
    expect(Math.max(...values) - Math.min(...values)).toBeLessThan(0.5 * sigma);
  });
});
