/**
 * `millrace job` and `millrace doctor` against a real API server with Tekton's types. No controller runs there: the test
 * writes what Tekton and the garbage collector would.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { packageRoot, temporaryFolder } from '../cli/command.js';
import { type ApiServer, startApiServer } from '../support/api-server.js';
import { serve } from '../support/fake-api.js';
import { type CommandEnd, runCommand } from '../support/run-command.js';
import { allOk, taskRun } from '../support/taskruns.js';

let server: ApiServer | undefined;
const api = (): ApiServer => {
  if (!server) throw new Error('the API server was not started');
  return server;
};
const kubectl = (...args: readonly string[]): string => api().kubectl(args).stdout;
const apply = (...items: readonly unknown[]): unknown =>
  api().kubectl(
    ['apply', '--server-side', '--force-conflicts', '--validate=strict', '-f', '-'],
    JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
  );
const get = (
  name: string,
):
  | { metadata: { uid: string; deletionTimestamp?: string; labels: Record<string, string> }; spec: { status?: string; params: unknown[] } }
  | undefined => {
  const text = kubectl('-n', 'risk', 'get', 'taskrun', name, '--ignore-not-found', '-o', 'json');
  return text.trim() === '' ? undefined : (JSON.parse(text) as ReturnType<typeof get>);
};

const millrace = (args: readonly string[], kubeconfig = api().kubeconfig): Promise<CommandEnd> => runCommand([...args, '--kubeconfig', kubeconfig]);
const direct = (id: string, ...more: readonly string[]): Promise<CommandEnd> =>
  millrace(['job', 'submit', 'risk/fraud-scorer', '--direct', '--request-id', id, ...more]);

/** What Tekton writes of a run. */
function tell(name: string, status: unknown): void {
  kubectl('-n', 'risk', 'patch', 'taskrun', name, '--subresource=status', '--type=merge', '-p', JSON.stringify({ status }));
}
const statusOf = (options: Parameters<typeof taskRun>[0]): unknown => taskRun(options)['status'];
const cancelled = { status: 'False', reason: 'TaskRunCancelled', message: 'TaskRun "x" was cancelled. stopped by millrace job delete' };

/** Plays Tekton, which ends a run that is cancelled, and the garbage collector, which lets it go when its pod has gone. */
async function play(name: string, command: Promise<CommandEnd>): Promise<CommandEnd> {
  let over = false;
  const watched = command.finally(() => (over = true));
  let ended = false;
  while (!over) {
    const run = get(name);
    if (run?.metadata.deletionTimestamp !== undefined)
      kubectl('-n', 'risk', 'patch', 'taskrun', name, '--type=merge', '-p', '{"metadata":{"finalizers":null}}');
    else if (run?.spec.status === 'TaskRunCancelled' && !ended) {
      tell(name, statusOf({ name, condition: cancelled }));
      ended = true;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return watched;
}

/** The same cluster as somebody who may do nothing unless a Role says so. */
function nobody(name: string): string {
  const config = JSON.parse(kubectl('config', 'view', '--raw', '--kubeconfig', api().kubeconfig, '-o', 'json')) as {
    users: { user: Record<string, unknown> }[];
  };
  for (const { user } of config.users) user['as'] = name;
  const file = join(temporaryFolder(), 'kubeconfig');
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  return file;
}

beforeAll(async () => {
  server = await startApiServer();
  const dist = join(packageRoot, 'dist');
  const objects = readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .flatMap((name) =>
      parseAllDocuments(readFileSync(join(dist, name), 'utf8')).map((document) => document.toJS() as { kind: string; apiVersion: string }),
    );
  apply(...objects.filter(({ kind }) => kind === 'Namespace'));
  // Types of others that dist/ may hold are not on this server.
  const served = new Set(kubectl('api-versions').trim().split('\n'));
  apply(...objects.filter(({ apiVersion }) => served.has(apiVersion)));
});
afterAll(() => server?.stop());

describe('job', () => {
  it('creates a run that the API server takes as it is, once for one requestId', async () => {
    expect(await direct('d1', '--data', 'fraud/in/d/')).toEqual({ code: 0, stdout: 'job risk/fraud-scorer--d1 started\n', stderr: '' });
    const made = get('fraud-scorer--d1');
    expect(made?.metadata.labels).toMatchObject({
      'millrace.dev/service': 'fraud-scorer',
      'millrace.dev/team': 'risk',
      'millrace.dev/caller': 'none',
    });
    expect(made?.spec.params).toContainEqual({ name: 'dataPath', value: 'fraud/in/d/' });
    expect((await direct('d1')).stderr).toContain('[job/already-there]');
    expect(get('fraud-scorer--d1')?.metadata.uid).toBe(made?.metadata.uid);
    const unnamed = await millrace(['job', 'submit', 'risk/fraud-scorer', '--direct']);
    expect(unnamed.stdout).toMatch(/^job risk\/fraud-scorer--[a-z0-9]{5} started\n$/);
  });

  it('lists and shows what Tekton has written', async () => {
    tell(
      'fraud-scorer--d1',
      statusOf({
        name: 'fraud-scorer--d1',
        condition: { status: 'False', reason: 'StepFailed', message: 'failed' },
        ended: { ...allOk, 'sync-data': [4, 'Error'] },
      }),
    );
    const jobs = JSON.parse((await millrace(['job', 'list', 'risk/fraud-scorer', '--format', 'json'])).stdout) as { job: string; state: string }[];
    expect(jobs.map(({ state }) => state).sort()).toEqual(['failed', 'waiting']);
    const { stdout, code } = await millrace(['job', 'get', 'risk/fraud-scorer--d1']);
    expect(code).toBe(0);
    expect(stdout).toContain('  failed in sync-data with exit code 4: failed\n');
    expect((await millrace(['job', 'get', 'risk/none'])).stderr).toContain('[job/unknown-job]');
  });

  it('says that a pod is gone', async () => {
    const { code, stderr } = await millrace(['job', 'logs', 'risk/fraud-scorer--d1']);
    expect(code).toBe(0);
    expect(stderr).toContain('pods "fraud-scorer--d1-pod" not found');
  });

  it('--rerun makes a new run of the same name', async () => {
    const before = get('fraud-scorer--d1')?.metadata.uid;
    const { code, stdout } = await play('fraud-scorer--d1', direct('d1', '--rerun'));
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'job risk/fraud-scorer--d1 started\n' });
    const after = get('fraud-scorer--d1')?.metadata.uid;
    expect(after).toBeDefined();
    expect(after).not.toBe(before);
    expect((await direct('d1', '--rerun')).stderr).toContain('[job/still-running]');
  });

  it('stops and keeps, then deletes', async () => {
    const kept = await play('fraud-scorer--d1', millrace(['job', 'delete', 'risk/fraud-scorer--d1', '--yes', '--keep']));
    expect(kept).toEqual({ code: 0, stdout: 'risk/fraud-scorer--d1 was stopped\n', stderr: '' });
    expect(get('fraud-scorer--d1')?.spec.status).toBe('TaskRunCancelled');
    const deleted = await play('fraud-scorer--d1', millrace(['job', 'delete', 'risk/fraud-scorer--d1', '--yes']));
    expect(deleted).toEqual({ code: 0, stdout: 'risk/fraud-scorer--d1 was deleted\n', stderr: '' });
    expect(get('fraud-scorer--d1')).toBeUndefined();
  });

  it('signs with the key of the Secret, and finds the run that the listener made', async () => {
    apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'webhook-airflow', namespace: 'risk' }, stringData: { token: 'hmac-key' } });
    const listener = await serve(() => {
      const { spec, ...run } = taskRun({ name: 'fraud-scorer--w1', labels: { 'triggers.tekton.dev/triggers-eventid': 'e-1' } });
      api().kubectl(
        ['create', '-f', '-'],
        JSON.stringify({ ...run, spec: { ...(spec as object), taskRef: { kind: 'Task', name: 'fraud-scorer' } } }),
      );
      return { status: 202, body: { eventID: 'e-1' } };
    });
    const { code, stdout, stderr } = await millrace([
      'job',
      'submit',
      'risk/fraud-scorer',
      '--request-id',
      'w1',
      '--url',
      listener.url,
      '--format',
      'json',
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '[]\n' });
    expect(JSON.parse(stdout)).toMatchObject({ job: 'fraud-scorer--w1', namespace: 'risk', eventId: 'e-1', started: true, state: 'waiting' });
    expect(listener.received[0]?.headers['x-hub-signature-256']).toMatch(/^sha256=[0-9a-f]{64}$/);
  });

  it('cluster/forbidden names the right that is missing, and the Role of its page is what it takes', async () => {
    const operator = nobody('operator');
    expect((await millrace(['job', 'list', 'risk'], operator)).stderr).toContain(
      'you may not list taskruns.tekton.dev in namespace risk [cluster/forbidden]',
    );
    expect((await millrace(['job', 'submit', 'risk/fraud-scorer', '--url', 'http://127.0.0.1:1'], operator)).stderr).toContain(
      'may not be read by you [job/no-key]',
    );
    const page = readFileSync(join(packageRoot, 'docs/diagnostics/cluster/forbidden.md'), 'utf8');
    const role = parse(/```yaml\n([^]*?)```/.exec(page)?.[1] ?? '') as unknown;
    apply(role, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'job-operator', namespace: 'risk' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'job-operator' },
      subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'operator' }],
    });
    expect((await millrace(['job', 'list', 'risk'], operator)).code).toBe(0);
    expect((await millrace(['job', 'submit', 'risk/fraud-scorer', '--direct', '--request-id', 'o1'], operator)).code).toBe(0);
    expect((await millrace(['job', 'logs', 'risk/fraud-scorer--o1'], operator)).code).toBe(0);
    expect((await play('fraud-scorer--o1', millrace(['job', 'delete', 'risk/fraud-scorer--o1', '--yes'], operator))).code).toBe(0);
  });
});

describe('doctor', () => {
  interface Report {
    readonly checks: readonly {
      readonly namespace: string | null;
      readonly what: string;
      readonly state: string;
      readonly diagnostics: readonly { readonly code: string; readonly message: string }[];
    }[];
  }
  const examine = async (
    kubeconfig?: string,
  ): Promise<{ readonly code: number | null; readonly text: string; readonly messages: readonly string[] }> => {
    const { code, stdout } = await millrace(['doctor', 'risk', '--format', 'json'], kubeconfig);
    const { checks } = JSON.parse(stdout) as Report;
    return { code, text: stdout, messages: checks.flatMap(({ diagnostics }) => diagnostics.map((each) => `${each.code}: ${each.message}`)) };
  };

  it('finds what is not there on a cluster without controllers, and what is wrong with Secrets', async () => {
    apply({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'raw-s3', namespace: 'risk' },
      stringData: { access_key_id: 'id', secret_access_key: '' },
    });
    apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'models-s3', namespace: 'risk' }, stringData: { access_key_id: 'id' } });
    const { code, text, messages } = await examine();
    expect(code).toBe(1);
    const all = messages.join('\n');
    expect(all).toContain('doctor/interceptor-missing: ');
    expect(all).toContain('doctor/security-context-flag: set-security-context is not set');
    expect(all).toContain(
      'doctor/secret-key-empty: the key secret_access_key of Secret raw-s3 in namespace risk, which connection raw needs, is empty',
    );
    expect(all).toContain('doctor/secret-key-missing: the Secret models-s3 in namespace risk has no key secret_access_key');
    expect(all).toContain('doctor/secret-missing: there is no Secret regcred in namespace risk, which imagePullSecrets needs');
    expect(all).toMatch(/doctor\/listener-not-ready: the listener millrace .*has not seen it yet/);
    expect(all).not.toContain('webhook-airflow');
    expect(all).not.toContain('doctor/tekton-missing');
    expect(text).not.toContain('hmac-key');
  });

  it('sees what a repair changes', async () => {
    apply({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'raw-s3', namespace: 'risk' },
      stringData: { access_key_id: 'id', secret_access_key: 'key' },
    });
    kubectl('label', 'namespace', 'risk', 'pod-security.kubernetes.io/enforce=privileged', '--overwrite');
    kubectl('-n', 'risk', 'delete', 'task', 'fraud-scorer');
    const all = (await examine()).messages.join('\n');
    expect(all).not.toContain('Secret raw-s3');
    expect(all).toContain('doctor/pod-security: namespace risk enforces Pod Security "privileged"');
    expect(all).toMatch(/doctor\/not-applied: .*Task fraud-scorer/);
  });

  it('says what somebody without rights cannot see, and ends well', async () => {
    const { code, messages } = await examine(nobody('guest'));
    expect(code).toBe(0);
    expect(messages.length).toBeGreaterThan(5);
    expect(messages.every((each) => each.startsWith('doctor/not-seen: '))).toBe(true);
  });
});
