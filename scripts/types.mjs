// Types of the whole house: with checked reads of arrays (tsconfig.checked.json) outside the numeric kernels, without inside them (tsconfig.json).
import { relative } from 'node:path';
import process from 'node:process';
import ts from 'typescript';
import { KERNELS } from './kernels.mjs';

const root = process.cwd();
/** @param {string} fileName */
const isKernel = (fileName) => KERNELS.some((folder) => relative(root, fileName).split('\\').join('/').startsWith(`${folder}/`));

/**
 * Errors of the program that a configuration describes.
 * @param {string} config
 */
function diagnose(config) {
  const { config: json, error } = ts.readConfigFile(config, ts.sys.readFile);
  if (error) return [error];
  const { options, fileNames, errors } = ts.parseJsonConfigFileContent(json, ts.sys, root);
  return [...errors, ...ts.getPreEmitDiagnostics(ts.createProgram(fileNames, options))];
}

const everywhere = diagnose('tsconfig.json');
const checked = diagnose('tsconfig.checked.json').filter(({ file }) => !file || !isKernel(file.fileName));
const found = ts.sortAndDeduplicateDiagnostics([...everywhere, ...checked]);
const host = { getCurrentDirectory: () => root, getCanonicalFileName: (/** @type {string} */ name) => name, getNewLine: () => '\n' };
if (found.length > 0) process.stderr.write(ts.formatDiagnosticsWithColorAndContext(found, host));
process.exitCode = found.length > 0 ? 1 : 0;
