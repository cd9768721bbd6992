/** What a team may read and write is asked three times: of definitions, of requests and of runs. Each test needs the check of its own place. */
import { describe, expect, it } from 'vitest';
import { configureRclone } from '../../runtime/steps/configure-rclone.js';
import { emittedObjects } from '../../src/cli/emitted-objects.js';
import { stepEnv } from '../../src/contract/paths.js';
import { sendRequest } from '../../src/engine/triggers/listener.js';
import type { Manifest } from '../../src/manifests/manifest.js';
import { compileFiles } from '../support/compile-files.js';
import { createJob } from './support/job.js';
import { digestOf, writtenDocument } from '../support/document.js';

const connection = (name: string, mode: string): string =>
  writtenDocument(
    'Connection',
    name,
    `type: s3
bucket: ${name}-bucket
region: eu-central-1
credentials: {anonymous: true}
access:
  - {teams: [risk], modes: [${mode}], prefixes: [fraud/]}
  - {teams: [growth], modes: [read, write], prefixes: [fraud-2/]}
`,
  );

const repository = (data = 'fraud/in/', output = 'fraud/out/'): Readonly<Record<string, string>> => ({
  'services/platform.yaml': writtenDocument(
    'Platform',
    'platform',
    `target: {kubernetes: "1.34", pipelines: "1.15", triggers: "0.37"}
images: {rclone: "rclone/rclone:1.75.2@${digestOf('a')}", node: "node:22-slim@${digestOf('b')}"}
teams:
  - {name: risk, registries: [registry.example.com/risk/]}
  - {name: growth, registries: [registry.example.com/growth/]}
webhook:
  host: jobs.example.com
  callers:
    - {name: airflow, auth: hmac, secretRef: {name: webhook-airflow}, services: ["*"]}
`,
  ),
  'services/connections/raw.yaml': connection('raw', 'read'),
  'services/connections/results.yaml': connection('results', 'write'),
  'services/risk/scorer.yaml': writtenDocument(
    'InferenceService',
    'scorer',
    `image: registry.example.com/risk/scorer:1@${digestOf('c')}
command: [python]
modelSource: {imagePath: /opt/app/model, name: scorer, version: "1"}
dataSource: {connection: raw, path: ${data}}
outputDestination: {connection: results, path: ${output}}
triggers:
  webhook:
    overrides:
      dataSource: [{connection: raw, prefix: fraud/}]
      outputDestination: [{connection: results, prefix: fraud/}]
`,
  ),
});

/** Data and output of a run. `fraud-2/` is growth's, and `raw` may not be written, nor `results` be read. */
const refused = [
  ['the folder of another team', { dataSource: { connection: 'raw', path: 'fraud-2/in/' } }],
  ["another team's folder for results", { outputDestination: { connection: 'results', path: 'fraud-2/out/' } }],
  ['a connection that may only be written', { dataSource: { connection: 'results', path: 'fraud/in/' } }],
  ['a connection that may only be read', { outputDestination: { connection: 'raw', path: 'fraud/out/' } }],
] as const;
interface Reference {
  readonly connection: string;
  readonly path: string;
}
type Spec = Readonly<Partial<Record<'dataSource' | 'outputDestination', Reference>>>;
const allowed: Spec = { dataSource: { connection: 'raw', path: 'fraud/in/a/' }, outputDestination: { connection: 'results', path: 'fraud/out/a/' } };

/** The objects of the service and its namespace, as they would be applied. */
function emitted(): readonly Manifest[] {
  const { files, diagnostics } = compileFiles(repository());
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return emittedObjects(files, ['risk/platform.yaml', 'risk/scorer.yaml']);
}

describe('the compiler', () => {
  const codes = (files: Readonly<Record<string, string>>): readonly string[] =>
    compileFiles(files)
      .diagnostics.filter(({ severity }) => severity === 'error')
      .map(({ code }) => code);

  it.each(refused)('refuses %s as a declared path', (_, spec: Spec) => {
    const { dataSource: data, outputDestination: output } = spec;
    const files = repository(data?.path, output?.path);
    const path = 'services/risk/scorer.yaml';
    const text = (files[path] ?? '')
      .replace('dataSource: {connection: raw', `dataSource: {connection: ${data?.connection ?? 'raw'}`)
      .replace('outputDestination: {connection: results', `outputDestination: {connection: ${output?.connection ?? 'results'}`);
    expect(codes({ ...files, [path]: text })).toEqual(['resolve/access-denied']);
  });

  it('takes what is allowed', () => {
    expect(codes(repository('fraud/in/a/', 'fraud/out/a/'))).toEqual([]);
  });
});

describe('the listener', () => {
  const objects = emitted();
  const outcome = (spec: Spec): string =>
    sendRequest(
      objects,
      { namespace: 'risk', trigger: 'scorer', caller: 'airflow' },
      {
        path: '/risk/api/v1/batch/job',
        headers: {},
        body: new TextEncoder().encode(JSON.stringify({ kind: 'InferenceJob', spec: { inferenceServiceId: 'scorer', ...spec } })),
      },
    ).kind;

  it.each(refused)('refuses %s in a request', (_, spec) => {
    expect(outcome(spec)).toBe('refused');
  });

  it('takes what is allowed', () => {
    expect(outcome(allowed)).toBe('accepted');
  });
});

describe('configure-rclone', () => {
  const task = emitted().find(({ kind }) => kind === 'Task');
  const { steps } = task?.['spec'] as {
    readonly steps: readonly { readonly name: string; readonly env: readonly { name: string; value: string }[] }[];
  };
  const config = steps.find(({ name }) => name === 'configure-rclone')?.env.find(({ name }) => name === stepEnv.config)?.value;

  /** Whether rclone is given anything, and what the step says last. */
  async function outcomeOf({ dataSource, outputDestination }: Spec): Promise<readonly [isConfigured: boolean, reason: unknown]> {
    const job = createJob();
    await job.run(configureRclone, {
      [stepEnv.config]: config,
      [stepEnv.dataConnection]: dataSource?.connection ?? 'raw',
      [stepEnv.dataPath]: dataSource?.path ?? 'fraud/in/',
      [stepEnv.outputConnection]: outputDestination?.connection ?? 'results',
      [stepEnv.outputPath]: outputDestination?.path ?? 'fraud/out/',
    });
    const last = JSON.parse(job.stdout().trim().split('\n').at(-1) ?? '') as Readonly<Record<string, unknown>>;
    return [job.has('rclone/rclone.conf'), last['reason']];
  }

  it.each(refused)('refuses %s in a TaskRun that passed no listener', async (_, spec) => {
    expect(await outcomeOf(spec)).toEqual([false, 'runtime/path-not-allowed']);
  });

  it('takes what is allowed', async () => {
    expect(await outcomeOf(allowed)).toEqual([true, undefined]);
  });
});
