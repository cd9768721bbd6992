import { link, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FileRecord, JobRecord, QuarantinedFile } from '../../src/contract/job-record.js';
import { files } from '../../src/contract/paths.js';
import { isDocumentName } from '../../src/oip/settings.js';
import { failure } from '../base/failure.js';
import type { InputPart } from '../base/parts.js';
import { createAskedWriter } from '../validate/asked-writer.js';
import { createErrorsFile } from '../validate/errors-file.js';
import { createFileValidator } from '../validate/file-validator.js';
import { createLeftOutList } from '../validate/left-out.js';
import { inputQuarantinePath } from '../validate/quarantine-path.js';
import { createViolationsReport } from '../validate/violations-report.js';
import { readListing } from './listing.js';
import { intolerable } from './tolerance.js';

interface Folders {
  readonly data: string;
  readonly report: string;
}

type Found = { -readonly [K in keyof InputPart]: InputPart[K] };

/** What is left to say of data that is checked. */
export interface Inspected {
  /** Valid files whose requests there was no room to remember, at least for a part of them. */
  readonly notRemembered: number;
}

/** Checks the data and puts each file where it belongs. What was found is in `part`, also where it is a failure. */
export async function inspectData(job: JobRecord, { data, report }: Folders, part: Found): Promise<Inspected> {
  const listed = await readListing(data);
  part.listed = listed.length;
  const documents = listed.filter((name) => isDocumentName(name, job.validation.framing));
  part.ignored = listed.length - documents.length;
  if (documents.length === 0) {
    if (job.data.allowEmpty) return { notRemembered: 0 };
    throw listed.length === 0
      ? failure('runtime/no-input', { uri: job.data.uri })
      : failure('runtime/no-json-input', { uri: job.data.uri, ignored: part.ignored });
  }

  const raw = join(data, files.raw);
  const valid: FileRecord[] = [];
  part.files = valid;
  const apart = keepApart(job, { data, report }, part);
  const asked = createAskedWriter(report);
  const validator = createFileValidator({ direction: 'request', ...job.validation, facts: asked.take });
  const violations = await createViolationsReport(report, files.inputReport);
  try {
    for (const path of documents) {
      asked.begin(path);
      const verdict = await validator.validateFile(join(raw, path));
      asked.end(verdict.errors === 0);
      const record = { path, size: verdict.size, sha256: verdict.sha256 };
      await violations.add(path, verdict);
      if (verdict.errors === 0) valid.push(record);
      else {
        part.invalid += 1;
        await apart.add(record, verdict);
      }
    }
  } finally {
    asked.close();
    await violations.close();
    await apart.close();
  }
  const invalid = violations.summary(documents.length);
  const problem = invalid && intolerable({ validation: job.validation, allowEmpty: job.data.allowEmpty, invalid });
  if (problem) throw problem;
  for (const { path } of valid) await linkFile(join(raw, path), join(data, files.valid, path));
  part.run = valid.length > 0;
  return { notRemembered: asked.omitted() };
}

/** Takes the invalid files, as the service wants it: they are put into the quarantine, or told of, or only counted. */
function keepApart({ validation: { onInvalid }, output }: JobRecord, { data, report }: Folders, part: Found) {
  const quarantined = createLeftOutList<QuarantinedFile>();
  const skipped = createLeftOutList();
  part.quarantined = quarantined.result;
  part.skipped = skipped.result;
  const errors = createErrorsFile(report, '');
  return {
    add: async (record: FileRecord, verdict: Parameters<typeof errors.add>[2]): Promise<void> => {
      if (onInvalid === 'skip') skipped.add(record);
      if (onInvalid !== 'quarantine') return;
      const quarantine = `${files.quarantineFolder}/${inputQuarantinePath(record.path, output.path)}`;
      await linkFile(join(data, files.raw, record.path), join(data, files.quarantine, files.upload, quarantine));
      await errors.add(record.path, quarantine, verdict);
      quarantined.add({ ...record, quarantine });
    },
    close: () => errors.close(),
  };
}

/** A second name in the same volume: the predictor sees the very bytes that were checked, and nothing is copied. */
async function linkFile(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await link(from, to);
}
