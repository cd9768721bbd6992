/** docs/webhook.md: what it says of requests holds for the listener that its service gets. Its callers run in test/real/webhook-page.test.ts. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { CompileResult } from '../../src/compile.js';
import { emittedObjects } from '../../src/cli/emitted-objects.js';
import { sendRequest, type TriggerOutcome } from '../../src/engine/triggers/listener.js';
import { textOf, compileFiles } from '../support/compile-files.js';
import { documentText } from '../support/document.js';

const page = readFileSync('docs/webhook.md', 'utf8');
const digest = `sha256:${'a'.repeat(64)}`;

/** The blocks below `<!-- NAME -->`. */
const blocks = (name: string): readonly string[] =>
  [...page.matchAll(new RegExp(`<!-- ${name} -->\n\`\`\`[a-z]+\n([^]*?)\n\`\`\``, 'g'))].map(([, text = '']) => text);

/** The page's service, with the parts of a definition that the page leaves out. */
const compiled = (text: string): CompileResult =>
  compileFiles({
    'services/platform.yaml': documentText('Platform', 'platform', {
      target: { kubernetes: '1.34', pipelines: '1.15', triggers: '0.37' },
      images: { rclone: `rclone/rclone:1.75.2@${digest}`, node: `node:22-slim@${digest}` },
      teams: [{ name: 'risk', registries: ['registry.example.com/risk/'] }],
      nodePools: ['a100', 'h100'].map((pool) => ({ name: `gpu-${pool}`, nodeSelector: { pool }, teams: ['risk'] })),
      webhook: {
        host: 'jobs.example.com',
        route: { kind: 'none', maxBody: '64Ki' },
        callers: [{ name: 'ci', auth: 'token', secretRef: { name: 'webhook-ci' }, services: ['*'] }],
      },
    }),
    'services/risk/connections/store.yaml': documentText('Connection', 'store', {
      type: 's3',
      bucket: 'store-bucket',
      region: 'eu-central-1',
      credentials: { anonymous: true },
    }),
    'services/risk/fraud-scorer.yaml': documentText('InferenceService', 'fraud-scorer', {
      image: `registry.example.com/risk/fraud:1@${digest}`,
      command: ['python3'],
      modelSource: { imagePath: '/opt/model', name: 'fraud', version: '1' },
      dataSource: { connection: 'store', path: 'in/' },
      outputDestination: { connection: 'store', path: 'out/' },
      ...(parse(text) as object),
    }),
  });

const [changing = '', dedicated = ''] = blocks('service');
const service = compiled(changing);
const objects = emittedObjects(service.files, ['risk/platform.yaml', 'risk/fraud-scorer.yaml']);

function send(body: string): TriggerOutcome {
  const request = { path: '/risk/api/v1/batch/job', headers: { 'X-Millrace-Token': 'assumed' }, body: new TextEncoder().encode(body) };
  return sendRequest(objects, { namespace: 'risk', trigger: 'fraud-scorer', caller: 'ci' }, request);
}

describe('what a request may change', () => {
  it('is what the service of the page declares', () => {
    expect(textOf(service)).toBe('');
  });

  it('the request of the page passes, and its run has what it asks for', () => {
    const outcome = send(blocks('request')[0] ?? '');
    expect(outcome).toMatchObject({
      kind: 'accepted',
      taskRun: {
        spec: {
          podTemplate: { nodeSelector: { pool: 'h100' } },
          stepSpecs: [
            {
              name: 'user-container',
              computeResources: {
                requests: { cpu: '500m', memory: '4Gi', 'nvidia.com/gpu': '2' },
                limits: { memory: '16Gi', 'nvidia.com/gpu': '2' },
              },
            },
          ],
        },
      },
    });
    expect(JSON.stringify(outcome)).toContain('{"name":"param_threshold","value":"0.75"}');
  });

  const rows = ['cpu', 'memory', 'gpu'].map((name) => ({
    name,
    cells: (new RegExp(`^\\| \`${name}\` (.*)$`, 'm').exec(page)?.[1] ?? '').split('|'),
  }));
  const amounts = rows.flatMap(({ name, cells }) =>
    [3, 2].flatMap((fromEnd) =>
      [...(cells.at(-fromEnd) ?? '').matchAll(/`([^`]+)`/g)].map(([, value = '']) => [name, value, fromEnd === 3 ? 'accepted' : 'refused'] as const),
    ),
  );
  it('has a table of amounts', () => {
    expect(amounts).toHaveLength(18);
  });
  it.each(amounts)('%s %s is %s', (name, value, kind) => {
    const body = `{"kind": "InferenceJob", "spec": {"inferenceServiceId": "fraud-scorer", "resources": {"limits": {"${name}": ${value}}}}}`;
    expect(send(body).kind).toBe(kind);
  });
});

it('a listener of its own has the address that the page gives', () => {
  const result = compiled(dedicated);
  expect(textOf(result)).toBe('');
  const emitted = emittedObjects(result.files, ['risk/platform.yaml', 'risk/fraud-scorer.yaml']);
  expect(emitted.flatMap(({ kind, metadata }) => (kind === 'EventListener' ? [metadata.name] : []))).toEqual(['fraud-scorer']);
  const addresses = [...page.matchAll(/^(https?:\/\/\S*fraud-scorer\S*)$/gm)].map(([, address = '']) => new URL(address));
  expect(addresses.map(({ host }) => host)).toEqual(['jobs.example.com', 'el-fraud-scorer.risk.svc:8080']);
  const body = new TextEncoder().encode('{"kind": "InferenceJob", "spec": {"inferenceServiceId": "fraud-scorer"}}');
  const to = (path: string): string =>
    sendRequest(emitted, { namespace: 'risk', trigger: 'fraud-scorer', caller: 'ci' }, { path, headers: { 'X-Millrace-Token': 'assumed' }, body })
      .kind;
  expect(addresses.map(({ pathname }) => to(pathname))).toEqual(['accepted', 'accepted']);
  expect(to('/risk/api/v1/batch/job')).toBe('refused');
});
