import { mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FileRecord, JobRecord, QuarantinedFile } from '../../src/contract/job-record.js';
import { files } from '../../src/contract/paths.js';
import type { FindFacts } from '../../src/oip/expectations.js';
import { isDocumentName } from '../../src/oip/settings.js';
import { failure, type StepFailure } from '../base/failure.js';
import { byBytes, emptyFolder } from '../base/files.js';
import type { OutputPart } from '../base/parts.js';
import { createAskedReader } from '../validate/asked-reader.js';
import { createErrorsFile } from '../validate/errors-file.js';
import { createFileValidator } from '../validate/file-validator.js';
import { createLeftOutList } from '../validate/left-out.js';
import { outputQuarantinePath } from '../validate/quarantine-path.js';
import { createViolationsReport } from '../validate/violations-report.js';

interface Folders {
  readonly publish: string;
  readonly report: string;
}

export interface CheckedOutput {
  readonly part: OutputPart;
  /** Of the run, where nothing or not enough is valid. */
  readonly failure: StepFailure | undefined;
}

/**
 * Checks the copies of what the predictor wrote. A file that is called like a file of requests answers it: its n-th response
 * is compared with the n-th request. Leaves the results in `publish`, and below `_quarantine/` what is none.
 */
export async function checkOutput(job: JobRecord, records: readonly FileRecord[], { publish, report }: Folders): Promise<CheckedOutput> {
  const isQuarantine = job.validation.output.onInvalid === 'quarantine';
  const quarantined = createLeftOutList<QuarantinedFile>();
  const results: FileRecord[] = [];
  let documents = 0;
  let invalid = 0;
  const asked = createAskedReader(report);
  let request: FindFacts = () => undefined;
  const validator = createFileValidator({ direction: 'response', ...job.validation, request: (place) => request(place) });
  const violations = await createViolationsReport(report, files.outputReport);
  const errors = createErrorsFile(report, files.outputQuarantine);
  try {
    for (const record of [...records].sort((a, b) => byBytes(a.path, b.path))) {
      const { path } = record;
      const isDocument = isDocumentName(path, job.validation.framing);
      if (isDocument) request = asked.of(path);
      const verdict = isDocument ? await validator.validateFile(join(publish, path)) : undefined;
      if (verdict) {
        documents += 1;
        await violations.add(path, verdict);
      }
      if (!verdict || verdict.errors === 0) {
        results.push(record);
        continue;
      }
      invalid += 1;
      if (!isQuarantine) continue;
      const quarantine = `${files.quarantineFolder}/${outputQuarantinePath(path, job.output.path)}`;
      await move(join(publish, path), join(publish, quarantine));
      await errors.add(path, quarantine, verdict);
      quarantined.add({ ...record, quarantine });
    }
  } finally {
    asked.close();
    await violations.close();
    await errors.close();
  }
  const found = violations.summary(documents);
  if (!found || (isQuarantine && invalid < documents)) {
    return { part: { files: results, invalid, quarantined: quarantined.result }, failure: undefined };
  }
  // What is in the quarantine is evidence.
  await emptyFolder(publish, { keep: files.quarantineFolder });
  return {
    part: { files: [], invalid, quarantined: quarantined.result },
    failure: failure(isQuarantine ? 'runtime/no-valid-output' : 'runtime/invalid-output', found),
  };
}

/** In one volume: nothing is copied. */
async function move(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await rename(from, to);
}
