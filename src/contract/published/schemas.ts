import { document, type JsonSchema } from './json-schema.js';
import { feedbackRecord, logLine, quarantineLine, reportLine } from './lines.js';
import { failed, manifest } from './manifest.js';

/** Schemas of what a job leaves behind, for those who read it: `schemas/<file>`. */
export const publishedSchemas: Readonly<Record<string, JsonSchema>> = Object.fromEntries(
  (
    [
      ['manifest.json', 'Manifest', manifest],
      ['failed.json', 'Failed', failed],
      ['report-line.json', 'ReportLine', reportLine],
      ['quarantine-line.json', 'QuarantineLine', quarantineLine],
      ['feedback-record.json', 'FeedbackRecord', feedbackRecord],
      ['log-line.json', 'LogLine', logLine],
    ] as const
  ).map(([file, title, schema]) => [file, document(file, title, schema)]),
);
