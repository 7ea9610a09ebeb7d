/**
 * LAMOST medium-resolution survey (R ≈ 7500; 4950–5350 and 6300–6800 Å): tables COADD_B and COADD_R beside single exposures.
 * https://www.lamost.org/dr9/v2.0/doc/mr-data-production-description
 */
import { failed, success } from '../../domain/result.ts';
import { joinArms } from '../arms.ts';
import { assemble } from '../assemble.ts';
import type { FitsFile, Hdu } from '../fits/openFits.ts';
import { collect } from '../tabular.ts';
import { isLamost } from './lamost.ts';
import { lamostMeta } from './lamostMeta.ts';
import { LAMOST_MASK, rejecting } from './maskBits.ts';
import { columnNumbers, type SurveyReader } from './reader.ts';
import { LAMOST_MRS } from './records.ts';

const RESOLVING_POWER = 7500;

const isMedium = ({ name, kind }: Hdu): boolean => kind === 'table' && /^(COADD_)?[BR](-|$)/.test(name);
/** The coadds; where there are none, the first exposure of each arm. */
function armTables(file: FitsFile): Hdu[] {
  const coadds = file.hdus.filter((hdu) => isMedium(hdu) && hdu.name.startsWith('COADD'));
  if (coadds.length > 0) return coadds;
  return ['B', 'R'].flatMap((arm) => file.hdus.find((hdu) => isMedium(hdu) && hdu.name.startsWith(arm)) ?? []);
}

export const lamostMedium: SurveyReader = {
  name: 'LAMOST (medium resolution)',
  identify: (file) => isLamost(file) && file.hdus.some(isMedium),
  load: (id, file, request) => {
    const primary = file.hdus[0]?.header;
    if (!primary) throw new Error('load before identify');
    const results = armTables(file).map((hdu) => {
      const column = (...names: string[]) => names.map((name) => columnNumbers(hdu, name)).find((read) => read.ok);
      const [flux, ivar] = [column('FLUX'), column('IVAR')];
      const [wavelength, loglam] = [column('WAVELENGTH'), column('LOGLAM')];
      const mask = column('ANDMASK', 'PIXMASK');
      if (!flux?.ok || !ivar?.ok || (!wavelength?.ok && !loglam?.ok)) {
        const missing = failed(
          'LAMOST_COLUMNS',
          `HDU ${hdu.index} "${hdu.name}" has no FLUX, IVAR and WAVELENGTH.`,
          'Download the file again from the LAMOST archive.',
        );
        return { name: hdu.name, result: missing };
      }
      const stored = wavelength?.ok ? wavelength.value : loglam?.ok ? loglam.value : new Float64Array(0);
      const isLog = (stored[0] ?? 0) < 10;
      const built = assemble(
        {
          id,
          survey: LAMOST_MRS,
          object: primary.text('DESIG') ?? primary.text('OBJNAME'),
          wavelength: isLog ? stored.map((log) => 10 ** log) : stored,
          flux: flux.value,
          ivar: ivar.value,
          ...(mask?.ok ? { mask: mask.value.map((bits) => rejecting(bits, LAMOST_MASK)) } : {}),
          medium: primary.get('VACUUM') === false ? 'air' : 'vacuum',
          frame: primary.get('HELIO') === false ? 'observed' : 'barycentric',
          fluxUnit: 'counts',
          lsf: { kind: 'resolving-power', resolvingPower: RESOLVING_POWER },
          meta: lamostMeta(primary, 0),
        },
        request.options,
      );
      return { name: hdu.name, result: built };
    });
    const read = collect(results);
    if (!read.ok) return read;
    const joined = joinArms(id, read.value);
    return joined.ok ? success([joined.value], [...read.warnings, ...joined.warnings]) : joined;
  },
};
