/** A job in a folder of its own: the volumes of its steps, their environment, and what the steps print. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { StepIo } from '../../../runtime/base/io.js';
import { nothingRead, nothingWritten, type InputPart, type OutputPart } from '../../../runtime/base/parts.js';
import type { Step } from '../../../runtime/base/step.js';
import type { Failure, JobRecord, Manifest } from '../../../src/contract/job-record.js';
import { stepEnv } from '../../../src/contract/paths.js';
import { parseFailure, parseManifest } from '../../../src/contract/records.js';
import type { StepConfig } from '../../../src/contract/step-config.js';

export const stepConfig: StepConfig = {
  version: 1,
  service: { name: 'fraud-scorer', id: 'fraud-scorer-v2', team: 'risk', namespace: 'risk', image: 'registry.example.com/risk/fraud:1.4.2' },
  connections: {
    raw: { type: 's3', bucket: 'raw-bucket', region: 'eu-central-1', credentials: { kind: 'anonymous' } },
    models: { type: 'gcs', bucket: 'models-bucket', credentials: { kind: 'anonymous' } },
    results: { type: 'azureblob', account: 'riskaccount', container: 'results', credentials: { kind: 'anonymous' } },
  },
  model: { kind: 'remote', connection: 'models', path: 'fraud/1.4/', form: 'directory', name: 'fraud', version: '1.4' },
  data: { allowed: [{ connection: 'raw', prefix: 'fraud/' }], include: ['*.json'], allowEmpty: false },
  output: { allowed: [{ connection: 'results', prefix: 'fraud/out/' }], layout: 'exact' },
  validation: { profile: 'spec', framing: 'document', coercion: 'refuse', onInvalid: 'fail', output: { onInvalid: 'fail' } },
  feedback: { sink: 'none', input: true, output: true, payload: { kind: 'reference' } },
};

/** What validate-input leaves of a job with one file that is valid, in `report/input.part.json`. */
export const inputPart = (changes: Partial<InputPart> = {}): InputPart => ({ ...nothingRead, run: true, listed: 1, ...changes });
/** What validate-output leaves, in `report/manifest.part.json`. */
export const outputPart = (files: OutputPart['files'] = []): OutputPart => ({ ...nothingWritten, files });

export const jobRecord: JobRecord = {
  version: 1,
  jobId: 'fraud-scorer--abc',
  startedAt: '2026-11-22T12:00:00.000Z',
  service: stepConfig.service,
  model: { kind: 'embedded', imagePath: '/opt/app/model', name: 'fraud', version: '1.4', uri: 'image:/opt/app/model' },
  data: { connection: 'raw', path: 'fraud/in/', uri: 's3://raw-bucket/fraud/in/', allowEmpty: false },
  output: { connection: 'results', path: 'fraud/out/', uri: 'azblob://riskaccount/results/fraud/out/' },
  validation: stepConfig.validation,
  feedback: stepConfig.feedback,
};

export const request = { id: '1', inputs: [{ name: 'x', shape: [2], datatype: 'INT32', data: [1, 2] }] };
export const response = { model_name: 'fraud', id: '1', outputs: [{ name: 'y', shape: [2], datatype: 'FP32', data: [0.5, 1.5] }] };

export interface TestJob {
  readonly root: string;
  /** Absolute path of something in the job's folder: `data/raw/a.json`. */
  path(relative: string): string;
  write(relative: string, content: string | Uint8Array | object): void;
  read(relative: string): string;
  has(relative: string): boolean;
  /** Files to be listed and copied, as sync-data leaves them. */
  data(files: Readonly<Record<string, string | Uint8Array | object>>): void;
  run(step: Step, env?: Readonly<Record<string, string | undefined>>): Promise<number>;
  /** What was printed so far. */
  stdout(): string;
  stderr(): string;
  failure(): Failure | undefined;
  manifest(name?: '_MANIFEST.json' | '_FAILED.json'): Manifest;
}

const volumes = ['data', 'model', 'model-raw', 'output', 'publish', 'report', 'control', 'rclone', 'credentials', 'sink'] as const;

/** What the environment of our own steps says in a job whose volumes are the folders of `root`. */
export const stepEnvironment = (root: string, config: StepConfig = stepConfig): Readonly<Record<string, string>> => ({
  [stepEnv.jobId]: jobRecord.jobId,
  [stepEnv.dataConnection]: 'raw',
  [stepEnv.dataPath]: 'fraud/in/',
  [stepEnv.outputConnection]: 'results',
  [stepEnv.outputPath]: 'fraud/out/',
  [stepEnv.requestId]: '-',
  [stepEnv.caller]: 'none',
  [stepEnv.config]: JSON.stringify(config),
  [stepEnv.data]: join(root, 'data'),
  [stepEnv.model]: join(root, 'model'),
  [stepEnv.modelRaw]: join(root, 'model-raw'),
  [stepEnv.output]: join(root, 'output'),
  [stepEnv.publish]: join(root, 'publish'),
  [stepEnv.report]: join(root, 'report'),
  [stepEnv.control]: join(root, 'control'),
  [stepEnv.rclone]: join(root, 'rclone'),
  [stepEnv.credentials]: join(root, 'credentials'),
  [stepEnv.sink]: join(root, 'sink'),
  [stepEnv.resultRun]: join(root, 'result-run'),
  [stepEnv.exitCodeFile]: join(root, 'exit-code-of-predictor'),
});

export function createJob(): TestJob {
  const root = mkdtempSync(join(tmpdir(), 'millrace-job-'));
  onTestFinished(() => {
    rmSync(root, { recursive: true, force: true });
  });
  for (const volume of volumes) mkdirSync(join(root, volume));
  const path = (relative: string): string => join(root, relative);
  const write: TestJob['write'] = (relative, content) => {
    mkdirSync(dirname(path(relative)), { recursive: true });
    writeFileSync(path(relative), typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content));
  };
  const read = (relative: string): string => readFileSync(path(relative), 'utf8');
  const has = (relative: string): boolean => existsSync(path(relative));
  const environment = stepEnvironment(root);
  let out = '';
  let err = '';
  return {
    root,
    path,
    write,
    read,
    has,
    data: (files) => {
      for (const [name, content] of Object.entries(files)) write(`data/raw/${name}`, content);
      write(
        'data/listing.txt',
        Object.keys(files)
          .map((name) => `${name}\n`)
          .join(''),
      );
    },
    run: (step, env = {}) => {
      const io: StepIo = {
        env: { ...environment, ...env },
        now: () => new Date('2026-11-22T12:30:00Z'),
        stdout: (text) => {
          out += text;
        },
        stderr: (text) => {
          err += text;
        },
        sleep: () => Promise.resolve(),
      };
      return step(io);
    },
    stdout: () => out,
    stderr: () => err,
    failure: () => (has('control/failure.json') ? parseFailure(read('control/failure.json')).value : undefined),
    manifest: (name = '_MANIFEST.json') => {
      const { value, problem } = parseManifest(read(`report/final/${name}`));
      if (problem !== undefined) throw new Error(problem);
      return value;
    },
  };
}
