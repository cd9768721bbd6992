/** docs/security.md, whose tables are those of the compiled manifests, and what it says of keys that change. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { configureRclone } from '../../runtime/steps/configure-rclone.js';
import { stepEnv, stepNames } from '../../src/contract/paths.js';
import { createJob, stepConfig } from '../runtime/support/job.js';
import { compileFiles, textOf } from '../support/compile-files.js';
import { repositoryOfAllModes } from '../support/secret-files.js';

interface Mount {
  readonly name: string;
  readonly readOnly?: boolean;
  readonly subPath?: string;
}
interface Step {
  readonly name: string;
  readonly env?: readonly object[];
  readonly volumeMounts: readonly Mount[];
}
interface Volume {
  readonly name: string;
  readonly emptyDir?: object;
  readonly projected?: { readonly sources: readonly Readonly<Record<string, object>>[] };
}
interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}
interface Named {
  readonly kind: string;
  readonly name: string;
}
interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly automountServiceAccountToken?: boolean;
  readonly rules?: readonly Rule[];
  readonly roleRef?: Named;
  readonly subjects?: readonly Named[];
  readonly spec: { readonly steps: readonly Step[]; readonly volumes: readonly Volume[] };
}

/** Every mode of credentials, and besides a sink with a Secret, callers, schedules and viewers. */
function repository(): Readonly<Record<string, string>> {
  const files = repositoryOfAllModes();
  const platform = 'services/platform.yaml';
  const service = 'services/risk/given.yaml';
  return {
    ...files,
    [platform]: `${(files[platform] ?? '').replace('{name: risk,', '{name: risk, viewers: [risk-ml],')}  feedback:
    sink: fluentd
    fluentd: {host: fluentd.logging.svc.cluster.local, tls: {ca: {configMap: {name: company-ca}}}, secretRef: {name: fluentd}}
  webhook:
    host: jobs.example.com
    route: {kind: none, maxBody: 64Ki}
    callers: [{name: airflow, auth: hmac, secretRef: {name: webhook-airflow}, services: ["*"]}]
`,
    [service]: (files[service] ?? '').replace(
      'triggers: {webhook: {enabled: false}}',
      'triggers: {webhook: {callers: [airflow]}, schedules: [{name: nightly, cron: "0 2 * * *", timeZone: Europe/Berlin}]}',
    ),
  };
}

const result = compileFiles(repository());
const manifests = result.files
  .filter(({ path }) => !path.endsWith('.sops.yaml'))
  .flatMap(({ text }) => parseAllDocuments(text).map((document) => document.toJS() as Manifest));
const tasks = manifests.filter(({ kind }) => kind === 'Task').map(({ spec }) => spec);
const page = readFileSync('docs/security.md', 'utf8');

/** The rows of the page's table whose head begins with this cell. */
function tableOf(head: string): readonly (readonly string[])[] {
  const lines = page.split('\n');
  const from = lines.findIndex((line) => line.startsWith(`| ${head} |`));
  if (from < 0) throw new Error(`docs/security.md has no table that begins with ${head}`);
  const length = lines.slice(from).findIndex((line) => !line.startsWith('|'));
  return lines.slice(from + 2, from + length).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** What holds or makes a credential, in the order of the table's columns. Whatever else is mounted holds none. */
const guarded = ['credentials', 'identity', 'rclone-config', 'sink'] as const;

it('compiles what it is about', () => {
  expect(textOf(result)).toBe('');
  const mounted = new Set(tasks.flatMap(({ volumes }) => volumes.map(({ name }) => name)));
  expect(guarded.filter((name) => !mounted.has(name))).toEqual([]);
});

describe('the table of the steps', () => {
  it('is what the Tasks mount', () => {
    const rows = stepNames.map((name) => {
      const mounts = tasks.flatMap(({ steps }) => steps.filter((step) => step.name === name).flatMap((step) => step.volumeMounts));
      return [
        `\`${name}\``,
        ...guarded.map((volume) => {
          const found = mounts.filter((mount) => mount.name === volume);
          if (found.length === 0) return 'no';
          return found.every(({ readOnly }) => readOnly === true) ? 'reads' : 'writes';
        }),
      ];
    });
    expect(tableOf('step')).toEqual(rows);
  });

  it('leaves no other way to a Secret or a token: none in the environment, and no other volume has one', () => {
    for (const { steps, volumes } of tasks) {
      expect(JSON.stringify(steps)).not.toMatch(/secretKeyRef|secretRef|envFrom|valueFrom/);
      const holding = volumes.filter((volume) => /"(?:secret|serviceAccountToken)":/.test(JSON.stringify(volume))).map(({ name }) => name);
      expect(holding.filter((name) => !(guarded as readonly string[]).includes(name))).toEqual([]);
      expect(volumes.find(({ name }) => name === 'rclone-config')?.emptyDir).toMatchObject({ medium: 'Memory' });
    }
  });

  it('holds for a predictor of every service: it mounts none of them', () => {
    const predictors = tasks.flatMap(({ steps }) => steps.filter(({ name }) => name === 'user-container'));
    expect(predictors).toHaveLength(tasks.length);
    for (const { volumeMounts } of predictors) expect(volumeMounts.filter(({ name }) => (guarded as readonly string[]).includes(name))).toEqual([]);
  });
});

describe('the table of the accounts', () => {
  const textOfRule = ({ verbs, resources }: Rule): string => `${verbs.join(', ')}: ${resources.map((each) => `\`${each}\``).join(', ')}`;
  const bindings = manifests.filter(({ kind }) => kind.endsWith('RoleBinding'));
  const rightsOf = (subject: Named): readonly string[] =>
    bindings
      .filter(
        ({ metadata, subjects = [] }) =>
          subjects.some(({ kind, name }) => kind === subject.kind && name === subject.name) && [undefined, 'risk'].includes(metadata.namespace),
      )
      .flatMap(({ roleRef, metadata }) =>
        manifests
          .filter(({ kind, metadata: own }) => kind === roleRef?.kind && own.name === roleRef.name && own.namespace === metadata.namespace)
          .flatMap(({ rules = [] }) => rules.map((rule) => textOfRule(rule) + (metadata.namespace === undefined ? ' (of the cluster)' : ''))),
      );

  it('is what the Roles grant, to accounts and groups', () => {
    const accounts = manifests
      .filter(({ kind, metadata }) => kind === 'ServiceAccount' && metadata.namespace === 'risk')
      .map(({ metadata }) => metadata.name);
    const groups = [...new Set(bindings.flatMap(({ subjects = [] }) => subjects.filter(({ kind }) => kind === 'Group').map(({ name }) => name)))];
    expect(groups).toEqual(['risk-ml']);
    const rows = [
      ...accounts.map((name) => [`\`${name}\``, rightsOf({ kind: 'ServiceAccount', name })] as const),
      ...groups.map((name) => ['`teams[].viewers`', rightsOf({ kind: 'Group', name })] as const),
    ]
      // Each identity has an account like this one.
      .map(([name, rights]) => [name.replace(/(?<=`millrace-run-).*(?=`)/, 'NAME'), rights.length > 0 ? rights.join('; ') : 'nothing'])
      .filter(([name], index, all) => all.findIndex(([other]) => other === name) === index)
      .sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
    expect(tableOf('account')).toEqual(rows);
  });

  it('has no right to Secrets, to tokens, or to a shell in a pod', () => {
    const all = manifests.flatMap(({ rules = [] }) => rules);
    expect(all.length).toBeGreaterThan(8);
    const resources = all.flatMap((rule) => rule.resources);
    expect(resources.filter((resource) => /^\*|secrets|token|pods\/(?:exec|attach|portforward|ephemeralcontainers)/.test(resource))).toEqual([]);
    expect(all.flatMap(({ verbs }) => verbs).filter((verb) => /^\*|impersonate|bind|escalate/.test(verb))).toEqual([]);
  });

  it('mounts the token of the cluster only where a pod of ours asks for it', () => {
    const accounts = manifests.filter(({ kind, metadata }) => kind === 'ServiceAccount' && metadata.name !== 'millrace-listener');
    expect(accounts.length).toBeGreaterThan(4);
    for (const { metadata, automountServiceAccountToken } of accounts) expect(automountServiceAccountToken, metadata.name).toBe(false);
  });
});

describe('a key that changes', () => {
  it('is what the next job takes, and the one that has started goes on with what it read', async () => {
    const connection = { type: 's3', bucket: 'raw-bucket', region: 'eu-central-1' } as const;
    const keys = { access_key_id: 'access_key_id', secret_access_key: 'secret_access_key' };
    const raw = { ...connection, credentials: { kind: 'secret', name: 'raw-s3', keys } } as const;
    const env = { [stepEnv.config]: JSON.stringify({ ...stepConfig, connections: { ...stepConfig.connections, raw } }) };
    const secret = (job: ReturnType<typeof createJob>, version: string): void => {
      for (const key of Object.keys(keys)) job.write(`credentials/raw/${key}`, `${key}-${version}`);
    };
    const running = createJob();
    secret(running, 'old');
    expect(await running.run(configureRclone, env)).toBe(0);
    secret(running, 'new');
    const next = createJob();
    secret(next, 'new');
    expect(await next.run(configureRclone, env)).toBe(0);
    expect(running.read('rclone/rclone.conf')).toContain('secret_access_key-old');
    expect(running.read('rclone/rclone.conf')).not.toContain('-new');
    expect(next.read('rclone/rclone.conf')).toContain('secret_access_key-new');
    // Nothing after the first step sees the Secret, so nothing can read it again.
    const readers = tasks.flatMap(({ steps }) => steps.filter(({ volumeMounts }) => volumeMounts.some(({ name }) => name === 'credentials')));
    expect(new Set(readers.map(({ name }) => name))).toEqual(new Set(['configure-rclone']));
  });

  it('reaches a running pod where a file is read anew: the kubelet renews no file of a mount with subPath', () => {
    const mounts = tasks
      .flatMap(({ steps }) => steps.flatMap(({ volumeMounts }) => volumeMounts))
      .filter(({ name }) => ['identity', 'sink'].includes(name));
    expect(mounts.length).toBeGreaterThan(10);
    expect(mounts.filter(({ subPath }) => subPath !== undefined)).toEqual([]);
    const tokens = tasks.flatMap(({ volumes }) =>
      volumes.flatMap(({ projected }) =>
        (projected?.sources ?? []).flatMap(({ serviceAccountToken }) => (serviceAccountToken ? [serviceAccountToken] : [])),
      ),
    );
    expect(tokens.length).toBeGreaterThan(0);
    for (const token of tokens) expect(token).toMatchObject({ expirationSeconds: 3600 });
  });
});
