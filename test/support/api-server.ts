/**
 * A real Kubernetes API server for tests: the one that KUBECONFIG names, or etcd and kube-apiserver of the test bed
 * (MILLRACE_TESTBED), started on loopback and stopped again. Having neither is a failure, not a skip.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.js';
import { lockOnMachine } from './machine-lock.js';

export interface KubectlResult {
  readonly stdout: string;
  readonly stderr: string;
}

export interface ApiServer {
  /** Runs kubectl; throws with its whole output if it fails. */
  kubectl(args: readonly string[], input?: string): KubectlResult;
  /** A file that reaches it as an administrator. */
  readonly kubeconfig: string;
  stop(): void;
}

export async function startApiServer(): Promise<ApiServer> {
  const { KUBECONFIG: kubeconfig, MILLRACE_TESTBED: testbed } = process.env;
  if (testbed !== undefined && testbed !== '') return startTestbed(testbed);
  if (kubeconfig !== undefined && kubeconfig !== '')
    return { kubectl: (args, input) => run('kubectl', args, input), kubeconfig, stop: () => undefined };
  throw new Error(
    'these tests need a Kubernetes API server: set KUBECONFIG to a cluster with the CRDs of Tekton Pipelines and Triggers (README, "Working on millrace")',
  );
}

function run(command: string, args: readonly string[], input?: string): KubectlResult {
  const errors = join(mkdtempSync(join(tmpdir(), 'millrace-kubectl-')), 'stderr');
  try {
    const stdout = execFileSync(command, [...args], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      stdio: ['pipe', 'pipe', openSync(errors, 'w')],
      ...(input === undefined ? {} : { input }),
    });
    return { stdout, stderr: readFileSync(errors, 'utf8') };
  } catch (cause) {
    throw new Error(`${command} ${args.slice(0, 6).join(' ')} failed:\n${readFileSync(errors, 'utf8')}`, { cause });
  } finally {
    rmSync(join(errors, '..'), { recursive: true, force: true });
  }
}

async function startTestbed(testbed: string): Promise<ApiServer> {
  // Where the test bed unpacks its programs.
  const tools = process.env['TESTBED_HOME'] ?? join(tmpdir(), 'millrace-testbed');
  const unpacked = await lockOnMachine('testbed-tools');
  try {
    execFileSync(join(testbed, 'cluster'), ['tools'], { stdio: 'ignore', env: { ...process.env, TESTBED_HOME: tools } });
  } finally {
    unpacked();
  }
  const bin = join(tools, 'bin');
  const home = mkdtempSync(join(tmpdir(), 'millrace-api-server-'));
  const [etcdPort, peerPort, port] = await Promise.all([freePort(), freePort(), freePort()]);
  const children: ChildProcess[] = [];
  const start = (name: string, args: readonly string[]): void => {
    const log = openSync(join(home, `${name}.log`), 'w');
    children.push(spawn(join(bin, name), [...args], { stdio: ['ignore', log, log] }));
  };

  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(join(home, 'sa.key'), privateKey.export({ type: 'pkcs1', format: 'pem' }));
  writeFileSync(join(home, 'sa.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
  const token = randomBytes(16).toString('hex');
  writeFileSync(join(home, 'tokens.csv'), `${token},admin,admin,system:masters\n`, { mode: 0o600 });

  start('etcd', [
    `--data-dir=${home}/etcd`,
    `--listen-client-urls=http://127.0.0.1:${String(etcdPort)}`,
    `--advertise-client-urls=http://127.0.0.1:${String(etcdPort)}`,
    `--listen-peer-urls=http://127.0.0.1:${String(peerPort)}`,
    `--initial-advertise-peer-urls=http://127.0.0.1:${String(peerPort)}`,
    `--initial-cluster=default=http://127.0.0.1:${String(peerPort)}`,
    '--unsafe-no-fsync',
    '--log-level=warn',
  ]);
  start('kube-apiserver', [
    `--etcd-servers=http://127.0.0.1:${String(etcdPort)}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    `--secure-port=${String(port)}`,
    `--cert-dir=${home}/certificates`,
    `--token-auth-file=${home}/tokens.csv`,
    '--authorization-mode=RBAC',
    '--anonymous-auth=false',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${home}/sa.pub`,
    `--service-account-signing-key-file=${home}/sa.key`,
    '--service-cluster-ip-range=198.19.0.0/20',
    '--endpoint-reconciler-type=none',
    '--enable-admission-plugins=ResourceQuota,LimitRanger,PodSecurity',
  ]);
  const stop = (): void => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  const file = join(home, 'kubeconfig');
  const address = `https://127.0.0.1:${String(port)}`;
  // JSON is YAML.
  const config = {
    clusters: [{ name: 'test', cluster: { server: address, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'admin', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'admin' } }],
    'current-context': 'test',
  };
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  const access = [`--server=${address}`, `--token=${token}`, '--insecure-skip-tls-verify=true', `--cache-dir=${home}/cache`];
  const kubectl: ApiServer['kubectl'] = (args, input) => run(join(bin, 'kubectl'), [...args, ...access], input);
  try {
    await until('the API server', () => kubectl(['get', '--raw', '/readyz']));
    installTekton(kubectl, testbed);
  } catch (cause) {
    const log = readFileSync(join(home, 'kube-apiserver.log'), 'utf8').slice(-2000);
    stop();
    throw new Error(`the API server did not start:\n${log}`, { cause });
  }
  return { kubectl, kubeconfig: file, stop };
}

/** Schemas only: neither controllers nor admission webhooks, so nothing may ask for a conversion. */
function installTekton(kubectl: ApiServer['kubectl'], testbed: string): void {
  kubectl(['apply', '--server-side', '-f', join(testbed, 'crds')]);
  const none = '[{"op":"replace","path":"/spec/conversion","value":{"strategy":"None"}}]';
  for (const kind of ['tasks', 'taskruns', 'pipelines', 'pipelineruns']) kubectl(['patch', 'crd', `${kind}.tekton.dev`, '--type=json', '-p', none]);
  kubectl(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=60s']);
}

async function until(what: string, attempt: () => unknown): Promise<void> {
  let last: unknown;
  for (let tries = 0; tries < 300; tries += 1) {
    try {
      attempt();
      return;
    } catch (cause) {
      last = cause;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  throw new Error(`${what} did not come up`, { cause: last });
}
