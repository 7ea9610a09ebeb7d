// Folders of numeric kernels: arrays are read there without a check for undefined, so that the code reads like its formula and an index out of range shows as
// NaN. Everywhere else such a read may be undefined and must say what then (noUncheckedIndexedAccess).
export const KERNELS = ['src/math', 'src/spectra', 'src/synthesis', 'src/emulator'];
