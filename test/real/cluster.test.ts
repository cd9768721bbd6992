/** All of `dist/` on a real API server: taken with strict validation, and unchanged by a second apply. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { startApiServer, type ApiServer } from '../support/api-server.js';

interface StoredObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly resourceVersion?: string; readonly generation?: number };
}

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
const files = readdirSync(dist, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .sort();
const objects = files.flatMap((name) => parseAllDocuments(readFileSync(join(dist, name), 'utf8')).map((document) => document.toJS() as StoredObject));
const manifest = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
const namespaces = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects.filter(({ kind }) => kind === 'Namespace') });

let server: ApiServer | undefined;
const kubectl = (args: readonly string[], input?: string): ReturnType<ApiServer['kubectl']> => {
  if (!server) throw new Error('the API server was not started');
  return server.kubectl(args, input);
};
const apply = (more: readonly string[], input: string): ReturnType<ApiServer['kubectl']> =>
  kubectl(['apply', '--server-side', '--validate=strict', '--field-manager=argocd', ...more, '-f', '-'], input);
const stored = (): StoredObject[] => (JSON.parse(kubectl(['get', '-o', 'json', '-f', '-'], manifest).stdout) as { items: StoredObject[] }).items;

beforeAll(async () => {
  server = await startApiServer();
});
afterAll(() => server?.stop());

it('takes the namespaces, then everything in a dry run, then everything', () => {
  expect(objects.length).toBeGreaterThan(20);
  expect(apply([], namespaces).stderr).toBe('');
  expect(apply(['--dry-run=server'], manifest).stderr).toBe('');
  expect(apply([], manifest).stderr).toBe('');
});

it('changes nothing when it is applied again', () => {
  const before = stored();
  expect(apply([], manifest).stderr).toBe('');
  expect(stored().map(({ metadata }) => metadata.resourceVersion)).toEqual(before.map(({ metadata }) => metadata.resourceVersion));
});

it('stores every field as it was sent', () => {
  for (const [index, object] of stored().entries()) expect(object).toMatchObject(JSON.parse(JSON.stringify(objects[index])) as object);
});

it('refuses an object with a field that does not exist', () => {
  const task = objects.find(({ kind }) => kind === 'Task');
  const broken = JSON.stringify({ ...task, spec: { ...(task as unknown as { spec: object }).spec, bogus: true } });
  expect(() => apply(['--dry-run=server'], broken)).toThrow(/bogus/);
});

/** `verb group/resource`, of namespace risk unless another is named. */
type Right = readonly [verb: string, group: string, resource: string, namespace?: string];

/** What the authorizer of the API server says of each of these. */
function allowed(who: { readonly user: string; readonly groups?: readonly string[] }, rights: readonly Right[]): boolean[] {
  const reviews = rights.map(([verb, group, path, namespace = 'risk']) => {
    const [resource, subresource] = path.split('/');
    const resourceAttributes = { verb, group, resource, namespace, ...(subresource === undefined ? {} : { subresource }) };
    return { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec: { ...who, resourceAttributes } };
  });
  return reviews.map((review) => {
    const { status } = JSON.parse(kubectl(['create', '-f', '-', '-o', 'json'], JSON.stringify(review)).stdout) as { status: { allowed: boolean } };
    return status.allowed;
  });
}

const account = (name: string) => ({ user: `system:serviceaccount:risk:${name}` });
const tekton = 'tekton.dev';
const triggers = 'triggers.tekton.dev';
const neverForAnyone: readonly Right[] = [
  ['get', '', 'secrets'],
  ['list', '', 'secrets'],
  ['create', '', 'pods'],
  ['create', '', 'pods/exec'],
  ['create', '', 'pods/attach'],
  ['create', '', 'pods/portforward'],
  ['create', '', 'serviceaccounts/token'],
  ['impersonate', '', 'serviceaccounts'],
  ['update', tekton, 'tasks'],
  ['create', tekton, 'pipelineruns'],
  ['delete', tekton, 'taskruns'],
  ['update', triggers, 'triggers'],
  ['create', 'rbac.authorization.k8s.io', 'rolebindings'],
  ['get', tekton, 'taskruns', 'growth'],
  ['create', tekton, 'taskruns', 'growth'],
];

it.each([
  {
    name: 'viewers',
    who: { user: 'somebody', groups: ['risk-ml'] },
    may: [
      ['list', tekton, 'taskruns'],
      ['watch', '', 'pods'],
      ['get', '', 'pods/log'],
      ['list', '', 'events'],
    ] satisfies Right[],
    mayNot: [
      ['create', tekton, 'taskruns'],
      ['update', tekton, 'taskruns'],
      ['get', '', 'configmaps'],
    ] satisfies Right[],
  },
  {
    name: 'the listener',
    who: account('millrace-listener'),
    may: [
      ['create', tekton, 'taskruns'],
      ['list', triggers, 'triggers'],
      ['get', triggers, 'triggertemplates'],
      ['list', triggers, 'clusterinterceptors', ''],
    ] satisfies Right[],
    mayNot: [
      ['get', tekton, 'taskruns'],
      ['get', '', 'pods/log'],
      ['get', '', 'configmaps'],
    ] satisfies Right[],
  },
  {
    name: 'runs',
    who: account('millrace-run'),
    may: [] satisfies Right[],
    mayNot: [
      ['create', tekton, 'taskruns'],
      ['get', tekton, 'taskruns'],
      ['get', '', 'pods'],
      ['get', '', 'configmaps'],
    ] satisfies Right[],
  },
])('$name may do what they need, and nothing else', ({ who, may, mayNot }) => {
  const never: readonly Right[] = [...mayNot, ...neverForAnyone];
  const given = allowed(who, may);
  expect(may.filter((_, index) => !given[index])).toEqual([]);
  const granted = allowed(who, never);
  expect(never.filter((_, index) => granted[index])).toEqual([]);
});
