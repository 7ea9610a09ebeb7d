/** APOGEE lies in the near infrared (1.51–1.70 µm): it is named, so that nobody looks for a fault in the file. */
import { failed } from '../../domain/result.ts';
import type { SurveyReader } from './reader.ts';

export const apogee: SurveyReader = {
  name: 'APOGEE',
  identify: (file) =>
    file.hdus.some((hdu) => hdu.header.has('APOGEE_ID')) || /^(apo25m|lco25m|apo1m)/.test(file.hdus[0]?.header.text('TELESCOP') ?? ''),
  load: (_id, _file, { limits }) =>
    failed(
      'OUT_OF_RANGE',
      `This is a spectrum of APOGEE, which covers 15 100–17 000 Å; ${limits.range[0].toFixed(0)}–${limits.range[1].toFixed(0)} Å is needed.`,
      'Choose an optical spectrum of the star.',
    ),
};
