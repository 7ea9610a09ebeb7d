/** What the exercises of the page say of strengths of lines is what the model that ships gives. */
import { describe, expect, it } from 'vitest';
import { openService } from '../../cli/batch/openService.ts';
import { EXERCISES } from '../../src/domain/exercises.ts';

const service = await openService({ model: 'lte-atlas9-v3' });
if (!service.ok) throw new Error(service.failure.message);
const { emulator } = service.value;
const SUN: Readonly<Record<string, number>> = { teff: 5772, logg: 4.438, vmic: 1 };

const HALPHA = [6550, 6580] as const;
const MG_B = [5160, 5195] as const;
const MG_5530 = [5526, 5534] as const;
const NA_D = [5885, 5905] as const;
const CA_8544 = [8530, 8558] as const;
const DWARF = { teff: 4700, logg: 4.6 };
const GIANT = { teff: 4700, logg: 2.3, vmic: 1.5 };

/** Equivalent width (Å) between two wavelengths at R = 5000, of a star with the Sun's labels but for those named. */
async function width([from, to]: readonly [number, number], named: Readonly<Record<string, number>> = {}): Promise<number> {
  const labels = Float64Array.from(emulator.info.labels, ({ name }) => named[name] ?? SUN[name] ?? 0);
  const [flux] = await emulator.predict([labels]);
  const { wavelength } = emulator;
  let sum = 0;
  for (let i = 1; i < wavelength.length; i++) {
    const at = wavelength[i] ?? NaN;
    if (at > from && at < to) sum += (1 - (flux?.[i] ?? NaN)) * (at - (wavelength[i - 1] ?? NaN));
  }
  return sum;
}

const answers = (id: string): string =>
  EXERCISES.find((exercise) => exercise.id === id)
    ?.steps.map(({ answer }) => answer)
    .join(' ') ?? '';

describe('the exercises say', () => {
  it('how strong Hα is', async () => {
    const [cool, sun, hot] = [await width(HALPHA, { teff: 4500 }), await width(HALPHA), await width(HALPHA, { teff: 6800 })];
    expect(answers('halpha')).toContain(
      `${cool.toFixed(1)} Å at 4500 K, ${sun.toFixed(1)} Å in the Sun, and ${hot.toFixed(1)} Å at 6800 K`,
    );
    const poor = await width(HALPHA, { feh: -1.5 });
    expect(answers('halpha')).toContain('loses less than a tenth');
    expect(poor / sun).toBeGreaterThan(0.9);
    expect(poor / sun).toBeLessThan(1);
  });

  it('what a lower gravity takes from magnesium', async () => {
    const lost = async (line: readonly [number, number]) => 100 * (1 - (await width(line, { logg: 3.4 })) / (await width(line)));
    expect(answers('magnesium')).toContain(`loses ${(await lost(MG_B)).toFixed(0)} % of its strength`);
    expect(answers('magnesium')).toContain(`5530 Å loses ${(await lost(MG_5530)).toFixed(0)} %`);
  });

  it('what a giant has of a dwarf’s lines', async () => {
    const of = async (line: readonly [number, number]) => [await width(line, DWARF), await width(line, GIANT)] as const;
    const [sodium, magnesium, calcium] = [await of(NA_D), await of(MG_B), await of(CA_8544)];
    const said = answers('dwarf-giant');
    expect(said).toContain(`(${sodium[0].toFixed(1)} to ${sodium[1].toFixed(1)} Å)`);
    expect(sodium[1]).toBeLessThan(sodium[0] / 2);
    expect(said).toContain(`by a third (${magnesium[0].toFixed(0)} to ${magnesium[1].toFixed(0)} Å)`);
    expect(said).toContain(`${calcium[1].toFixed(1)} Å instead of ${calcium[0].toFixed(1)} Å`);
  });
});
