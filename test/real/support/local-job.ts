/** One run of a compiled Task on this machine with the credentials of a real store: what `run` does, but for `--store`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configMapFiles, defaultRun, findTask } from '../../../src/engine/run/job.js';
import type { Mapping } from '../../../src/engine/run/mappings.js';
import { findProgram } from '../../../src/engine/run/programs.js';
import { processHost } from '../../../src/engine/run/process-host.js';
import { runTask, type StepResult } from '../../../src/engine/run/run-task.js';
import { claimWorkFolder, makeVolumes } from '../../../src/engine/run/work-folder.js';
import { taskRunParams } from '../../../src/engine/triggers/template.js';
import type { Manifest } from '../../../src/manifests/manifest.js';

export interface LocalJob {
  readonly objects: readonly Manifest[];
  readonly namespace: string;
  readonly service: string;
  readonly name: string;
  /** Connection -> our name of the key -> value: what the projected volume of the Secrets holds. */
  readonly credentials: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What the Secret of the feedback sink is mounted as: file -> text. */
  readonly sinkFiles?: Readonly<Record<string, string>>;
  readonly workFolder: string;
  /** Folders of the predictor's image. */
  readonly imageFolders?: readonly Mapping[];
}

export interface LocalEnd {
  readonly results: readonly StepResult[];
  /** All that the steps printed, `<step>: <line>` each. */
  readonly log: string;
}

export async function runLocally({ objects, namespace, service, name, ...job }: LocalJob): Promise<LocalEnd> {
  const [work] = claimWorkFolder(job.workFolder, name);
  if (!work) throw new Error(`no work folder for ${name}`);
  const task = findTask(objects, namespace, service);
  makeVolumes(work, task.volumes, (configMap) => configMapFiles(objects, namespace, configMap));
  for (const [connection, keys] of Object.entries(job.credentials)) {
    const folder = join(work.volume('credentials'), connection);
    mkdirSync(folder, { recursive: true });
    for (const [key, value] of Object.entries(keys)) writeFileSync(join(folder, key), value);
  }
  for (const [file, text] of Object.entries(job.sinkFiles ?? {})) writeFileSync(join(work.volume('sink'), file), text);
  const lines: string[] = [];
  const path = process.env['PATH'] ?? '';
  const results = await runTask({
    task,
    name,
    params: taskRunParams(defaultRun(objects, namespace, service)),
    work,
    host: (step) =>
      processHost({
        program: (command) => (command === 'node' ? process.execPath : findProgram(command, path)),
        imageFolders: step.name === 'user-container' ? (job.imageFolders ?? []) : [],
        baseEnv: { PATH: path },
        env: {},
      }),
    signal: new AbortController().signal,
    events: {
      stepStarts: () => undefined,
      line: (step, line) => lines.push(`${step.name}: ${line}`),
      stepEnds: () => undefined,
    },
  });
  return { results, log: lines.join('\n') };
}
