/** What is read and how, for people: `docs/formats.md` holds this table, and a test that both agree and that every reader is in it. */

export interface Format {
  /** Names of the readers (`SurveyReader.name`) that it describes; empty for formats that are no FITS. */
  readonly readers: readonly string[];
  readonly what: string;
  readonly medium: string;
  readonly frame: string;
  readonly lsf: string;
  readonly masks: string;
}

export const FORMATS: readonly Format[] = [
  {
    readers: ['LAMOST (table layout)', 'LAMOST (image layout)'],
    what: 'LAMOST low resolution, pilot to DR11',
    medium: 'vacuum',
    frame: 'barycentric',
    lsf: 'R = 1800',
    masks: 'ANDMASK rejects, ORMASK is counted',
  },
  {
    readers: ['LAMOST (medium resolution)'],
    what: 'LAMOST medium resolution, coadds of both arms',
    medium: 'vacuum',
    frame: 'barycentric',
    lsf: 'R = 7500, convolved',
    masks: 'ANDMASK or PIXMASK',
  },
  {
    readers: ['SDSS'],
    what: 'SDSS, SEGUE, BOSS, eBOSS, SDSS-V `spec` files',
    medium: 'VACUUM, else vacuum',
    frame: 'barycentric with HELIO_RV',
    lsf: '`wdisp` along the spectrum, else R = 2000',
    masks: 'SPPIXMASK bits of and_mask; NODATA is ignored where there is an error',
  },
  {
    readers: ['SDSS DR1–DR7 (spSpec)'],
    what: 'SDSS DR1–DR7 `spSpec` files',
    medium: 'vacuum',
    frame: 'barycentric with HELIO_RV',
    lsf: 'R = 1850–2200',
    masks: 'fourth row',
  },
  {
    readers: ['DESI'],
    what: 'DESI spectra, coadds (B, R, Z or joined) and cframes; a target by TARGETID',
    medium: 'vacuum',
    frame: 'barycentric',
    lsf: 'Gaussian of each row of the resolution matrix, else 1.8 Å',
    masks: 'any bit rejects',
  },
  {
    readers: ['WEAVE'],
    what: 'WEAVE L1 spectra and stacks, an arm a file; a target by name',
    medium: 'CTYPE1 or keywords',
    frame: 'SPECSYS',
    lsf: 'keyword, else R = 5000 (20 000 high)',
    masks: 'IVAR = 0, SENSFUNC not positive',
  },
  {
    readers: ['4MOST'],
    what: '4MOST L1 spectra (ESO one-row tables)',
    medium: 'TUCD1',
    frame: 'SPECSYS',
    lsf: 'SPEC_RES, else R = 4000–7700; convolved',
    masks: 'QUAL',
  },
  {
    readers: ['GALAH'],
    what: 'GALAH arms with relative_error',
    medium: 'air',
    frame: 'barycentric',
    lsf: 'resolution_profile, convolved',
    masks: '–',
  },
  { readers: ['MILES'], what: 'MILES library', medium: 'air', frame: 'rest', lsf: 'FWHM, else 2.5 Å', masks: 'flux 0' },
  { readers: ['APOGEE'], what: 'APOGEE: refused, its 1.51–1.70 µm lie outside the models', medium: '–', frame: '–', lsf: '–', masks: '–' },
  {
    readers: ['IRAF lines and bands'],
    what: 'IRAF images: lines, multispec (linear, log, Chebyshev, Legendre, spline), bands of apall',
    medium: 'keywords or comments',
    frame: 'SPECSYS',
    lsf: 'SPEC_RES',
    masks: '–',
  },
  {
    readers: ['table of wavelength and flux'],
    what: 'any FITS table with a wavelength and a flux (ESO science data products: X-shooter, XSL, UVES, HARPS …)',
    medium: 'TUCD, column name, keywords, comments',
    frame: 'SPECSYS',
    lsf: 'column SRES or FWHM, SPEC_RES, else by instrument',
    masks: 'QUAL, MASK, DQ, FLAG, AND_MASK … reject where not 0',
  },
  {
    readers: ['1-D image'],
    what: 'any 1-D FITS image with an axis (HARPS s1d …), with ERR, IVAR, SNR, MASK, WAVELENGTH images beside it',
    medium: 'CTYPE1 (AWAV, WAVE), keywords, comments',
    frame: 'SPECSYS',
    lsf: 'SPEC_RES, else by instrument',
    masks: 'images named MASK, DQ, QUAL',
  },
  {
    readers: [],
    what: 'text: CSV, TSV, blanks, decimal commas, ECSV, IRAF wspectext',
    medium: 'column name or comments',
    frame: '`# frame:`',
    lsf: '`# resolving_power:`, `# fwhm_angstrom:`, column SRES or FWHM',
    masks: 'columns mask, flag, qual, dq, good',
  },
  { readers: [], what: 'Gaia RVS mean spectra (CSV)', medium: 'vacuum', frame: 'rest', lsf: 'R = 11 500, convolved', masks: '–' },
  {
    readers: [],
    what: 'VOTable: TABLEDATA, BINARY, BINARY2',
    medium: 'UCD obs.atmos, descriptions',
    frame: 'PARAM specsys',
    lsf: 'PARAM specres',
    masks: 'as text',
  },
  {
    readers: [],
    what: 'NumPy `.npz` (wave, flux, sigma …; wave0 and step) and `.npy` (2–8 columns)',
    medium: 'array medium',
    frame: 'observed',
    lsf: 'array R',
    masks: 'arrays mask, flag …',
  },
  {
    readers: [],
    what: 'zip of any of these; gzip, several members',
    medium: 'as the file',
    frame: 'as the file',
    lsf: 'as the file',
    masks: 'as the file',
  },
];

/** The table as Markdown. */
export function formatsTable(): string {
  const lines = FORMATS.map(({ what, medium, frame, lsf, masks }) => `| ${[what, medium, frame, lsf, masks].join(' | ')} |`);
  return ['| what is read | medium | frame | line-spread function | masks |', '|---|---|---|---|---|', ...lines].join('\n');
}
