/** A star of a survey with several visits: its files are read, fitted one by one, and then together. */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { FitService } from '../../src/compute/service.ts';
import type { FitOptions, Solution } from '../../src/domain/fit.ts';
import { failed, success, type Failure, type Result } from '../../src/domain/result.ts';
import type { Spectrum } from '../../src/domain/spectrum.ts';
import { software } from '../../src/domain/version.ts';
import type { JointSolution } from '../../src/fit/jointFit.ts';
import { failedRecord, starRecord } from '../../src/results/record.ts';
import { emissionLines } from './emission.ts';
import { load } from './load.ts';
import type { RecordedFit } from './recordFit.ts';
import type { SourceFile } from './source.ts';

type Service = Pick<FitService, 'read' | 'fit' | 'fitVisits' | 'calibrate'>;

interface FittedVisit {
  readonly spectrum: Spectrum;
  readonly solution: Solution;
}

const seven = (value: number): number | null => (Number.isFinite(value) ? Number(value.toPrecision(7)) : null);

/** What a joint fit says of its visits, as it stands in the record of the star. */
function visitRecords(joint: JointSolution, files: readonly string[]): object {
  return {
    visits: joint.visits.map(({ spectrumId, rv, resolvingPower, differences }, k) => ({
      file: files[k],
      id: spectrumId,
      rv: { value: seven(rv.value), sigma: seven(rv.sigma) },
      resolvingPower: seven(resolvingPower),
      differences: Object.fromEntries(differences.map(({ name, difference, pull }) => [name, [seven(difference), seven(pull)]])),
    })),
    scatter: Object.fromEntries(joint.scatter.map(({ name, scatter, ratio }) => [name, [seven(scatter), seven(ratio)]])),
  };
}

export class Star {
  private files: { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> }[] = [];
  private spectra: { readonly file: string; readonly spectrum: Spectrum }[] = [];
  private readonly warnings: string[] = [];

  constructor(
    private readonly name: string,
    private readonly members: readonly SourceFile[],
  ) {}

  /** SHA-256 over the names and bytes of all files. Failures `FILE_MISSING`, `FILE_UNREADABLE`: a star waits until all its visits are there. */
  async hash(): Promise<Result<string>> {
    const sum = createHash('sha256');
    for (const { name, path } of this.members) {
      const bytes = await load(path);
      if (!bytes.ok) return bytes;
      sum.update(`${name}\n`).update(createHash('sha256').update(bytes.value).digest('hex'));
      this.files.push({ name, bytes: bytes.value });
    }
    return success(sum.digest('hex'));
  }

  /** The visits' spectra; a file that is none is a warning, and the failure where no file is one. */
  async read(service: Service): Promise<Result<number>> {
    let failure: Failure | null = null;
    for (const { name, bytes } of this.files) {
      const read = await service.read(basename(name), bytes);
      if (read.ok) {
        this.warnings.push(...read.warnings);
        for (const spectrum of read.value) this.spectra.push({ file: name, spectrum });
      } else {
        failure ??= read.failure;
        this.warnings.push(`${name} was left out: ${read.failure.message}`);
      }
    }
    this.files = [];
    if (this.spectra.length > 0) return success(this.spectra.length);
    return { ok: false, failure: failure ?? { code: 'SOURCE_EMPTY', message: `${this.name} has no spectrum.`, hint: 'Check its files.' } };
  }

  /** Fits the visits and then the star; with one visit that can be fitted, that visit is the star. */
  async record(service: Service, options: FitOptions): Promise<RecordedFit & { readonly pipelineVelocity: number | null }> {
    const fitted: FittedVisit[] = [];
    const files: string[] = [];
    let failure: Failure | null = null;
    for (const { file, spectrum } of this.spectra) {
      const fit = await service.fit(spectrum, options);
      if (fit.ok) {
        fitted.push({ spectrum, solution: fit.value });
        files.push(file);
      } else {
        failure ??= fit.failure;
        this.warnings.push(`${file} was left out: ${fit.failure.message}`);
      }
    }
    const joint = await this.join(service, fitted);
    const [first] = fitted;
    if (first === undefined || !joint.ok) {
      const why = joint.ok ? (failure ?? { code: 'SOURCE_EMPTY', message: `${this.name} has no spectrum.` }) : joint.failure;
      return { record: failedRecord({ file: this.name, failure: why }), emission: [], pipelineVelocity: null };
    }
    const { spectrum } = first;
    const result = joint.value?.solution ?? first.solution;
    const warnings = joint.value === null ? [...this.warnings, 'Only one visit could be fitted'] : this.warnings;
    const calibrated = service.calibrate(result);
    const record = starRecord(
      { file: this.name, spectrum, result, calibrated, warnings },
      { software: software(), date: new Date().toISOString() },
    );
    return {
      record: { ...record, id: this.name, ...(joint.value === null ? {} : visitRecords(joint.value, files)) },
      emission: emissionLines(spectrum.flux, first.solution),
      pipelineVelocity: spectrum.survey.pipelineVelocity ?? null,
    };
  }

  private async join(service: Service, fitted: readonly FittedVisit[]): Promise<Result<JointSolution | null>> {
    const [first, ...rest] = fitted.map(({ solution }) => solution);
    if (first === undefined) return success(null);
    if (rest.length === 0) return success(null);
    const simulated = new Set([first, ...rest].map((one) => one.simulated));
    if (simulated.size > 1)
      return failed('MIXED_VISITS', `${this.name} has real and simulated visits.`, 'A star is one or the other: correct the table.');
    return service.fitVisits([first, ...rest]);
  }
}
