import { join } from 'node:path';
import { formatDuration } from '../base/duration.js';
import type { Manifest } from '../contract/job-record.js';
import { files } from '../contract/paths.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { JobEnd } from '../engine/run/run-job.js';
import type { StepResult } from '../engine/run/run-task.js';
import type { Task } from '../engine/run/task.js';
import { byteCount, fileCount, type Progress, secondsText } from './run-progress.js';
import type { RunSettings } from './run-settings.js';

/** The diagnostic of a failed run: of the step that failed first, where the last one only passed its exit code on. */
export function failureOf({ report: { failure } }: JobEnd, failed: StepResult, task: Task, progress: Progress): Diagnostic {
  const step = failure?.step ?? failed.name;
  if (failed.reason === 'TimeoutExceeded') {
    const seconds = task.steps.find(({ name }) => name === failed.name)?.timeoutSeconds ?? 0;
    return diagnose('run/step-timed-out', undefined, { step: failed.name, limit: formatDuration(seconds) });
  }
  const told = failure ?? progress.failure(step);
  return diagnose('run/step-failed', undefined, {
    step,
    code: failure?.code ?? failed.exitCode,
    detail: failure ? undefined : failed.detail,
    sentence: told?.sentence,
    reason: told?.reason,
  });
}

/** What helps to find out: the last lines of the step that failed, and where the evidence is. */
export function failureText({ report: { failure, job }, steps }: JobEnd, failed: StepResult, progress: Progress, settings: RunSettings): string {
  const step = failure?.step ?? failed.name;
  const told = failure ?? progress.failure(step);
  const lines = progress.tail(step).filter((line) => line !== told?.sentence);
  // The last step published, and then only passed the exit code on.
  const isPublished = failure !== undefined && failed === steps.at(-1) && failed.exitCode === failure.code;
  return [
    ...(lines.length > 0 ? [`last lines of ${step}:`, ...lines.map((line) => `    | ${line}`)] : []),
    ...(isPublished && job ? [`evidence: ${placeOf(job.output, settings)}${files.failed}`] : []),
    '',
  ].join('\n');
}

/** The last lines of a run that has succeeded; `seconds` is all that it took. */
export function successText({ report: { manifest, job } }: JobEnd, seconds: number, settings: RunSettings): string {
  const total = `\ndone in ${secondsText(seconds)}\n`;
  if (!manifest || !job) return total;
  const { model, input, output } = manifest;
  const sizeOf = (files: readonly { readonly size: number }[]): string =>
    `${fileCount(files.length)}, ${byteCount(files.reduce((sum, { size }) => sum + size, 0))}`;
  const caller = manifest.caller === null ? [] : [`  caller  ${manifest.caller}\n`];
  return [
    total,
    ...caller,
    `  model   ${model.name} ${model.version}${model.sha256 === null ? ' (in the image)' : `, sha256 ${model.sha256}`}\n`,
    `  input   ${sizeOf(input.files)}, from ${placeOf(job.data, settings)}\n`,
    ...invalidFiles(manifest, placeOf(job.output, settings)),
    `  output  ${sizeOf(output.files)}, in ${placeOf(job.output, settings)}\n`,
  ].join('');
}

/** What a run went on without. */
function invalidFiles({ counts }: Manifest, destination: string): readonly string[] {
  const { quarantined, skipped, quarantinedOutputs } = counts;
  const line = (count: number, what: string, where: string): readonly string[] =>
    count === 0 ? [] : [`  invalid ${fileCount(count)} ${what}, ${where}\n`];
  return [
    ...line(quarantined, 'of the input', `in ${destination}${files.quarantineFolder}/`),
    ...line(skipped, 'of the input, skipped', `see ${destination}${files.reportFolder}/${files.inputReport}`),
    ...line(quarantinedOutputs, 'of the output', `in ${destination}${files.quarantineFolder}/${files.outputQuarantine}/`),
  ];
}

const placeOf = ({ connection, path }: { readonly connection: string; readonly path: string }, { store }: RunSettings): string =>
  join(store, connection, path);
