/** However a job ends, a Pod and `millrace run` publish the same: every file, byte for byte but for the times. */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stepNames } from '../../../src/contract/paths.js';
import { packageRoot, readFiles } from '../../cli/command.js';
import { caller, connectionNames, team } from '../support/definitions.js';
import { execute } from '../support/programs.js';
import { story } from '../support/run-pod.js';
import { disguises, download, put, type StoreKind, storeKinds } from '../support/stores.js';
import { type Bed, type Job, scale, tolerant } from './bed.js';

const report = '_report/';
const outcomes = {
  success: {
    predictor: 'Completed',
    exitCode: 0,
    published: ['_MANIFEST.json', '_SUCCESS', '_feedback/requests.jsonl', '_feedback/responses.jsonl', 'a.json', 'b c.json'],
  },
  invalid: { predictor: 'Skipped', exitCode: 2, published: ['_FAILED.json', `${report}validation.jsonl`] },
  crash: { predictor: 'Continued', exitCode: 7, published: ['_FAILED.json', '_feedback/requests.jsonl'] },
  // In a service that goes on without its invalid files, of the input and of the predictor.
  quarantine: {
    predictor: 'Completed',
    exitCode: 0,
    published: [
      '_MANIFEST.json',
      '_SUCCESS',
      '_feedback/requests.jsonl',
      '_feedback/responses.jsonl',
      '_quarantine/_errors.jsonl',
      '_quarantine/_output/_errors.jsonl',
      '_quarantine/_output/b.json',
      '_quarantine/sub/z.json',
      `${report}output-validation.jsonl`,
      `${report}validation.jsonl`,
      'a.json',
    ],
  },
  lie: { predictor: 'Completed', exitCode: 2, published: ['_FAILED.json', '_feedback/requests.jsonl', `${report}output-validation.jsonl`] },
} as const;
type Outcome = keyof typeof outcomes;

export function testOutcomes(bed: () => Bed): void {
  const cases = storeKinds.flatMap((kind) => (Object.keys(outcomes) as Outcome[]).map((outcome) => ({ kind, outcome })));

  describe('a Pod of the nine steps', () => {
    it.concurrent.each(cases)('publishes to $kind what run publishes: $outcome', async ({ kind, outcome }) => {
      const expected = outcomes[outcome];
      const service = (outcome === 'quarantine' ? tolerant : scale)[kind];
      const job: Job = { service, name: `${service}--${outcome}`, dataPath: `in/${outcome}/` };
      const [pod, local] = await Promise.all([bed().run(job), runLocally(bed(), kind, job)]);

      const clean = stepNames.map((name) => [name, name === 'user-container' ? expected.predictor : name === 'sync-output' ? expected.exitCode : 0]);
      expect(pod.steps, story(pod)).toEqual(Object.fromEntries(clean));
      expect(pod.phase).toBe(expected.exitCode === 0 ? 'Succeeded' : 'Failed');
      expect(local.code, local.stdout + local.stderr).toBe(expected.exitCode === 0 ? 0 : 1);

      const folder = join(bed().root, 'published', job.name);
      await download(bed().stores.of[kind], `out/${job.name}/`, folder);
      const [byPod, byRun] = [readFiles(folder), readFiles(local.published)];
      expect(Object.keys(byPod), story(pod)).toEqual(expected.published);
      const [fromPod, fromRun] = [withoutTimes(byPod), withoutTimes(byRun)];
      expect(fromPod.files).toEqual(fromRun.files);
      // Nothing else differs: not the job id, which is given, nor any digest, count, order or URI.
      expect(fromPod.times).toEqual(fromRun.times);
      expect(fromPod.times).toEqual(
        expected.published
          .flatMap((name) => (name.startsWith('_feedback/') ? feedbackTimes : /^_(MANIFEST|FAILED)/.test(name) ? manifestTimes : []))
          .filter(unique)
          .sort(),
      );

      const everything = [...Object.values(pod.logs), pod.object, local.stdout, ...Object.values(byPod), ...Object.values(byRun)].join('\n');
      for (const secret of bed().stores.of[kind].canaries.flatMap(disguises)) expect(everything).not.toContain(secret);
    });
  });
}

const manifestTimes = ['finishedAt', 'startedAt'];
const feedbackTimes = ['time'];
const unique = (value: string, index: number, all: readonly string[]): boolean => all.indexOf(value) === index;

interface Timeless {
  readonly files: Readonly<Record<string, string>>;
  /** Names of the fields that hold a time. */
  readonly times: readonly string[];
}

/** The same files without what follows from the clock: each time is `TIME`, and the marker, the digest of the manifest with its times, is checked here. */
function withoutTimes({ _SUCCESS: marker, ...files }: Readonly<Record<string, string>>): Timeless {
  if (marker !== undefined)
    expect(marker.trim()).toBe(
      createHash('sha256')
        .update(files['_MANIFEST.json'] ?? '')
        .digest('hex'),
    );
  const times = new Set<string>();
  const strip = (text: string): string =>
    text.replace(/"(\w+)":( ?)"\d{4}-\d\d-\d\dT[\d:.]+Z"/g, (_, field: string, space: string) => {
      times.add(field);
      return `"${field}":${space}"TIME"`;
    });
  return { files: Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strip(text)])), times: [...times].sort() };
}

interface LocalOutcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The folder of what was published. */
  readonly published: string;
}

/** The same job by the command line, with folders of the same content in place of the stores. */
async function runLocally({ root }: Bed, kind: StoreKind, { service, name, dataPath }: Job): Promise<LocalOutcome> {
  const store = join(root, 'local', name);
  for (const connection of connectionNames(kind)) {
    const folder = join(store, connection);
    mkdirSync(folder, { recursive: true });
    if (!connection.endsWith('-results')) cpSync(join(root, 'content'), folder, { recursive: true });
  }
  const [connection] = connectionNames(kind);
  const body = { kind: 'InferenceJob', spec: { inferenceServiceId: service, dataSource: { connection, path: dataPath } } };
  put(root, `requests/${name}.json`, JSON.stringify(body));
  const { code, stdout, stderr } = await execute([
    ...[process.execPath, join(packageRoot, 'bin/millrace.mjs'), 'run', `${team}/${service}`, '--root', join(root, 'definitions')],
    ...['--store', store, '--exec', '--request', join(root, 'requests', `${name}.json`), '--caller', caller, '--job-id', name],
  ]);
  const published = join(store, `${kind}-results/out/${name}`);
  if (!existsSync(published)) throw new Error(`run published nothing:\n${stdout}${stderr}`);
  return { code, stdout, stderr, published };
}
