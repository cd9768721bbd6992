import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { emittedObjects } from '../../src/cli/emitted-objects.js';
import { sendRequest } from '../../src/engine/triggers/listener.js';
import { taskRunParams } from '../../src/engine/triggers/template.js';
import { canonicalCpu, canonicalQuantity } from '../../src/base/quantity.js';
import { platformFile } from '../../src/input/locate-kind.js';
import { importOdahu } from '../../src/odahu/import.js';
import { readDefinitions } from '../../src/read-definitions.js';
import { memoryFileSystem } from '../../src/source/file-system.js';
import { compileFiles } from '../support/compile-files.js';
import { platform } from '../support/odahu.js';

const label = (maxLength: number) =>
  fc
    .array(fc.constantFrom(...'abcdefgh-0123'), { minLength: 1, maxLength })
    .map((characters) => `a${characters.join('').replace(/-+/g, '-')}z`.slice(0, maxLength))
    .map((text) => text.replace(/-$/, 'z'));
const path = fc
  .array(fc.constantFrom('data', 'in', 'A_b', '2022-01-01', 'x.y', 'part=1'), { minLength: 1, maxLength: 4 })
  .chain((parts) => fc.constantFrom(parts.join('/'), `/${parts.join('/')}`, `${parts.join('/')}/`, parts.join('//')));
const reference = fc.record({ connection: fc.constantFrom('store', 'second'), path: fc.oneof(path, fc.constant('')) });
/** Apart from the data: what reads its own results is an error, as it should be. */
const destination = fc.record({ connection: fc.constantFrom('store', 'second'), path: path.map((text) => `results/${text}`) });
const amounts = fc.record(
  { cpu: fc.constantFrom('1', '500m', '2'), memory: fc.constantFrom('1Gi', '512Mi', '2G'), gpu: fc.constantFrom('0', '1') },
  { requiredKeys: [] },
);
/** Each limit is at least its request: ODAHU left that to Kubernetes. */
const resources = amounts.map((requests) => ({ requests, limits: requests }));
const settings = {
  dataSource: reference,
  outputDestination: destination,
  nodeSelector: fc.dictionary(fc.constantFrom('pool', 'example.com/zone'), fc.constantFrom('a', 'gpu-1'), { minKeys: 1 }),
  resources,
};

const service = fc.record({
  kind: fc.constant('InferenceService'),
  id: label(53),
  createdAt: fc.constant('2022-01-01T00:00:00Z'),
  spec: fc.record(
    {
      image: fc.constantFrom('registry.example.com/odahu/a:1', 'registry.example.com/b:2'),
      command: fc.array(fc.constantFrom('python', '-u', 'run me', '1', 'yes', '#x'), { minLength: 1, maxLength: 3 }),
      args: fc.array(fc.constantFrom('--x', '/opt/app/p.py', "it's", 'a: b', '- c'), { maxLength: 3 }),
      modelRegistry: fc.oneof(
        fc.record({
          remote: fc.record({
            modelConnection: fc.constant('store'),
            modelPath: fc.oneof(path, fc.constant('m/model.tar.gz'), fc.constant('m.zip')),
          }),
        }),
        fc.record({
          local: fc.record({
            modelPath: fc.constant('/opt/app/model'),
            meta: fc.record({ name: fc.constantFrom('m', '12'), version: fc.constantFrom('1', '1.10') }),
          }),
        }),
      ),
      triggers: fc.oneof(fc.constant({}), fc.constant({ webhook: { enabled: true } }), fc.constant({ webhook: null })),
      ...settings,
    },
    { requiredKeys: ['image', 'command', 'modelRegistry'] },
  ),
});

const connections = [
  { kind: 'Connection', id: 'store', spec: { type: 's3', uri: 's3://bucket/own/path', region: 'eu-central-1', keyID: 'QQ==', keySecret: 'QQ==' } },
  { kind: 'Connection', id: 'second', spec: { type: 'gcs', uri: 'gs://other/own', region: 'eu', keySecret: 'QQ==' } },
];

/** One service, and jobs that give what it leaves open. */
const documents = service.chain((value) =>
  fc
    .array(fc.record({ ...settings, requestId: fc.constantFrom('', 'r-1') }, { requiredKeys: ['dataSource', 'outputDestination'] }), {
      minLength: 1,
      maxLength: 3,
    })
    .map((jobs) => ({
      value,
      jobs: jobs.map((spec) => ({ kind: 'InferenceJob', spec: { inferenceServiceId: value.id, ...spec } })),
    })),
);

/** Bodies are counted from the second on: `all.json`, `all-2.json`. */
const numberOf = (path: string): number => Number(/-(\d+)\.json$/.exec(path)?.[1] ?? 1);

const cleaned = (text: string): string =>
  text
    .split('/')
    .filter((part) => part !== '')
    .join('/');

it('documents of every shape of ODAHU compile, and mean what they meant', () => {
  const { definitions } = readDefinitions(memoryFileSystem({ [platformFile]: platform }));
  const spec = definitions.platform?.spec;
  if (!spec) throw new Error('the platform of the test has errors');
  fc.assert(
    fc.property(documents, fc.boolean(), ({ value, jobs }, asJson) => {
      // Which nodes have the GPUs stood in the settings of ODAHU's operator: that is for somebody to fill in.
      const specs = [value.spec, ...jobs.map(({ spec: each }) => each)];
      const selectors = specs.flatMap(({ nodeSelector }) => (nodeSelector ? [nodeSelector] : []));
      fc.pre(selectors.length > 0 || specs.every((each) => each.resources?.requests.gpu !== '1'));
      // A request chooses among pools with as many labels.
      fc.pre(new Set(selectors.map((each) => Object.keys(each).length)).size <= 1);
      const all = [value, ...jobs, ...connections];
      const text = asJson ? JSON.stringify(all) : all.map((document) => stringify(document, { aliasDuplicateObjects: false })).join('---\n');
      const target = { team: 'risk', platform: { text: platform, spec }, connections: new Map(), exists: () => false };
      const [imported, diagnostics] = importOdahu([{ path: 'all.yaml', text }], target);
      expect(diagnostics).toEqual([]);
      const files = Object.fromEntries((imported?.files ?? []).map((file) => [file.path, file.text]));
      const after = compileFiles({ ...files, [platformFile]: imported?.platform ?? platform });
      expect(after.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);

      const [model] = after.services;
      expect(model).toMatchObject({ serviceId: value.id, image: value.spec.image, command: value.spec.command, args: value.spec.args ?? [] });
      const remote = 'remote' in value.spec.modelRegistry ? value.spec.modelRegistry.remote : undefined;
      expect(model?.model.kind).toBe(remote ? 'remote' : 'embedded');
      if (remote && model?.model.kind === 'remote') expect(cleaned(model.model.path)).toBe(cleaned(remote.modelPath));
      const own: Readonly<Record<string, string>> = { store: 'own/path', second: 'own' };
      for (const field of ['dataSource', 'outputDestination'] as const) {
        const given = value.spec[field];
        expect(model?.[field] && cleaned(model[field].path)).toBe(given && cleaned(given.path === '' ? (own[given.connection] ?? '') : given.path));
        expect(model?.[field]?.connection.name).toBe(given?.connection);
      }
      const { requests } = value.spec.resources ?? {};
      if (requests?.cpu !== undefined) expect(model?.resources.requests.cpu).toBe(canonicalCpu(requests.cpu));
      if (requests?.memory !== undefined) expect(model?.resources.requests.memory).toBe(canonicalQuantity(requests.memory));
      if (requests?.gpu !== undefined) expect(model?.resources.limits.gpu).toBe(Number(requests.gpu));
      expect(model?.nodePool?.nodeSelector).toEqual(selectors[0]);

      // The listener takes the requests that were written, and those of ODAHU's clients whose paths are plain.
      const objects = emittedObjects(after.files, ['risk/platform.yaml', `risk/${model?.name ?? ''}.yaml`]);
      const written = Object.entries(files).filter(([path]) => path.startsWith('jobs/'));
      expect(written).toHaveLength(jobs.length);
      for (const [index, [, text]] of written.sort(([a], [b]) => numberOf(a) - numberOf(b)).entries()) {
        const asked = jobs[index]?.spec;
        if (!asked) throw new Error('there are more bodies than jobs');
        const { gpu, ...others } = asked.resources?.requests ?? { cpu: '1' };
        const isEmpty = others.memory === '2G' || gpu === '0' || (gpu === undefined && Object.keys(others).length === 0);
        const isPlain = !isEmpty && [asked.dataSource, asked.outputDestination].every(({ path: given }) => given !== '' && !/^\/|\/\//.test(given));
        const posted = { kind: 'InferenceJob', spec: { ...asked, requestId: asked.requestId || undefined } };
        for (const body of [text, ...(isPlain ? [JSON.stringify(posted)] : [])]) {
          const query = { namespace: 'risk', trigger: model?.name ?? '', caller: 'airflow' };
          const outcome = sendRequest(objects, query, { path: '/risk/api/v1/batch/job', headers: {}, body: new TextEncoder().encode(body) });
          if (outcome.kind === 'refused') throw new Error(`${outcome.refusal.sentence}: ${body}`);
          const params = taskRunParams(outcome.taskRun);
          const folder = ({ connection, path: given }: typeof asked.dataSource): string =>
            `${cleaned(given === '' ? (own[connection] ?? '') : given)}/`;
          expect(params.get('dataPath')).toBe(folder(asked.dataSource));
          expect(params.get('outputPath')).toBe(folder(asked.outputDestination));
        }
      }
    }),
    { numRuns: 150 },
  );
});
