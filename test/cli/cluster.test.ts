/** What stands between `millrace job`/`doctor` and a cluster: each fault has its own answer, and none hangs or shows a stack. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect, createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { createServer as createTlsServer } from 'node:https';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createCertificate } from '../support/certificate.js';
import { type CommandEnd, runCommand } from '../support/run-command.js';
import { kubeconfig, type Reply, serve, status } from '../support/fake-api.js';
import { taskRun } from '../support/taskruns.js';
import { temporaryFolder } from './command.js';

const list = (config: string | undefined, more: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<CommandEnd> =>
  runCommand(['job', 'list', 'risk', ...(config === undefined ? [] : ['--kubeconfig', config]), ...more], { env });

function expectProblem({ code, stdout, stderr }: CommandEnd, diagnostic: string, ...texts: readonly string[]): void {
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(`[${diagnostic}]`);
  for (const text of texts) expect(stderr).toContain(text);
  expect(stderr).not.toContain('secret-token');
  expect(stderr).not.toMatch(/^ {4}at /m);
}

describe('the kubeconfig', () => {
  it('cluster/no-kubeconfig names where it was looked for', async () => {
    const home = temporaryFolder();
    expectProblem(await list(undefined, [], { HOME: home }), 'cluster/no-kubeconfig', `${home}/.kube/config is not there`);
  });

  it.each([
    ['clusters: [\n  {token: secret-token', 'is no YAML in line'],
    ['just text', 'chooses no context'],
    ['', 'is no kubeconfig'],
    ['clusters: [{cluster: {}}]', 'clusters[0].name is missing'],
    ['contexts: [{name: a, context: {cluster: c, user: u}}]\ncurrent-context: a', 'of the cluster "c", which it does not have'],
    [
      'contexts: [{name: a, context: {cluster: c, user: u}}]\nclusters: [{name: c, cluster: {server: "https://x"}}]\ncurrent-context: a',
      'of the user "u", whom it does not have',
    ],
    [
      'contexts: [{name: a, context: {cluster: c, user: u}}]\nclusters: [{name: c, cluster: {server: "x"}}]\nusers: [{name: u, user: {}}]\ncurrent-context: a',
      'no address that begins with',
    ],
  ])('cluster/bad-kubeconfig: %j', async (text, problem) => {
    const file = join(temporaryFolder(), 'config');
    writeFileSync(file, text);
    const { code, stderr } = await list(file);
    expect(code).toBe(1);
    expect(stderr).toMatch(/\[cluster\/(bad-kubeconfig|unknown-context)\]/);
    expect(stderr).toContain(problem);
    expect(stderr).not.toContain('secret-token');
  });

  it('a file that was asked for must be there', async () => {
    expectProblem(await list('/nowhere/config'), 'cluster/bad-kubeconfig', 'the kubeconfig /nowhere/config: no such file or directory (ENOENT) [');
  });

  it('cluster/unknown-context lists those that there are', async () => {
    expectProblem(
      await list(kubeconfig('http://127.0.0.1:1'), ['--context', 'there']),
      'cluster/unknown-context',
      'has no context "there"',
      'contexts: here;',
    );
  });

  it('takes the first of several files that names something, and passes over one that is not there', async () => {
    const api = await serve(() => ({ status: 200, body: { items: [] } }));
    const wrong = kubeconfig('http://127.0.0.1:1');
    const { code } = await list(undefined, [], { KUBECONFIG: ['/nowhere', kubeconfig(api.url), wrong].join(':') });
    expect(code).toBe(0);
    expect(api.received[0]?.headers.authorization).toBe('Bearer secret-token');
  });

  it('cluster/no-credentials has the first line of what a plugin said, and no more', async () => {
    const exec = (command: string, ...args: readonly string[]): unknown => ({
      exec: { apiVersion: 'client.authentication.k8s.io/v1', command, args },
    });
    expectProblem(
      await list(kubeconfig('https://127.0.0.1:1', exec('sh', '-c', 'echo "log in first" >&2; echo second >&2; exit 1'))),
      'cluster/no-credentials',
      ': log in first [',
    );
    expectProblem(await list(kubeconfig('https://127.0.0.1:1', exec('no-such-program'))), 'cluster/no-credentials', 'ENOENT');
  });

  it('asks a plugin for the token', async () => {
    const api = await serve(() => ({ status: 200, body: { items: [] } }));
    const credential = JSON.stringify({ status: { token: 'of-the-plugin' } });
    const { code, stderr } = await list(kubeconfig(api.url, { exec: { command: 'sh', args: ['-c', `echo '${credential}'`] } }));
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'no jobs in risk\n' });
    expect(api.received[0]?.headers.authorization).toBe('Bearer of-the-plugin');
  });
});

describe('the API server', () => {
  const answers = async (reply: Reply): Promise<CommandEnd> => list(kubeconfig((await serve(() => reply)).url));

  it('cluster/unreachable: nobody listens, no such host, connections are cut', async () => {
    expectProblem(await list(kubeconfig('https://127.0.0.1:1')), 'cluster/unreachable', 'nobody listens there');
    expectProblem(await list(kubeconfig('https://nowhere.invalid')), 'cluster/unreachable', 'host name');
    expectProblem(await answers((response) => response.socket?.destroy()), 'cluster/unreachable', 'the connection was cut');
  });

  it('is named by doctor without the password of its address', async () => {
    const config = kubeconfig('https://me:secret-token@127.0.0.1:1');
    for (const more of [[], ['--format', 'json']]) {
      const { stdout, stderr } = await runCommand(['doctor', '--kubeconfig', config, ...more]);
      expect(stdout + stderr).toContain('127.0.0.1:1');
      expect(stdout + stderr).not.toContain('secret-token');
    }
  });

  it('does not wait for ever where the server hangs', async () => {
    const api = await serve(() => () => undefined);
    expectProblem(await list(kubeconfig(api.url)), 'cluster/unreachable', 'no answer in 15 seconds');
    expect(api.received).toHaveLength(1);
  });

  it('cluster/untrusted: a certificate of nobody we know, and plain text where TLS is meant', async () => {
    const { key, cert } = createCertificate('127.0.0.1');
    const tls = createTlsServer({ key, cert });
    const tcp = createTcpServer((socket) => socket.on('error', () => undefined).end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    for (const server of [tls, tcp]) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      tls.close();
      tcp.close();
    });
    const at = (server: { address(): unknown }): string => `https://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    expectProblem(await list(kubeconfig(at(tls))), 'cluster/untrusted', 'its certificate is');
    expectProblem(await list(kubeconfig(at(tcp))), 'cluster/untrusted', 'TLS');
  });

  it('cluster/unauthorized, cluster/forbidden, cluster/missing-kind and cluster/refused', async () => {
    expectProblem(await answers(status(401, 'Unauthorized')), 'cluster/unauthorized', 'context "here"');
    expectProblem(
      await answers(status(403, 'taskruns.tekton.dev is forbidden: User "me" cannot list resource', { reason: 'Forbidden' })),
      'cluster/forbidden',
      'you may not list taskruns.tekton.dev in namespace risk',
      'kubectl --context here auth can-i list taskruns.tekton.dev --namespace risk',
    );
    expectProblem(
      await answers({ status: 404, body: '404 page not found\n' }),
      'cluster/missing-kind',
      'no TaskRun of tekton.dev/v1',
      'millrace doctor',
    );
    expectProblem(await answers(status(422, 'limit is wrong')), 'cluster/refused', 'limit is wrong');
  });

  it('reads again after 503, 429 and a cut connection', async () => {
    const faults: readonly Reply[] = [status(503, 'etcd is away'), status(429, 'slowly'), (response) => response.socket?.destroy()];
    const api = await serve(
      (_, count) => faults[count - 1] ?? { status: 200, body: { items: [taskRun({ condition: { status: 'True', reason: 'Succeeded' } })] } },
    );
    const { code, stdout } = await list(kubeconfig(api.url));
    expect(code).toBe(0);
    expect(stdout).toContain('fraud-scorer--r1  succeeded  fraud-scorer  airflow');
    expect(api.received).toHaveLength(4);
  });

  it('tells of 503 that stays', async () => {
    expectProblem(await answers(status(503, 'etcd is away')), 'cluster/refused', 'did not list taskruns in namespace risk: etcd is away');
  });
});

it('cluster/unknown-team of doctor, which takes no namespace', async () => {
  const end = await runCommand(['doctor', 'riks']);
  expectProblem(end, 'cluster/unknown-team', 'teams: growth, risk');
  expect(end.stderr).not.toContain('--namespace');
});

it('cluster/unknown-team lists the teams; outside of a repository the word is the namespace', async () => {
  const api = await serve(() => ({ status: 200, body: { items: [] } }));
  const config = kubeconfig(api.url);
  expectProblem(await runCommand(['job', 'list', 'riks', '--kubeconfig', config]), 'cluster/unknown-team', 'teams: growth, risk');
  const outside = temporaryFolder();
  mkdirSync(join(outside, 'x'));
  const { code } = await runCommand(['job', 'list', 'anything', '--kubeconfig', config], { cwd: join(outside, 'x') });
  expect(code).toBe(0);
  expect(api.received.at(-1)?.url).toContain('/namespaces/anything/taskruns?');
});

describe('the proxy that the environment names', () => {
  const empty = { status: 200, body: { items: [] } };

  it('is told the whole address of an API server without encryption', async () => {
    const proxy = await serve(() => empty);
    expect((await list(kubeconfig('http://api.example.com'), [], { HTTP_PROXY: proxy.url })).code).toBe(0);
    expect(proxy.received[0]?.url).toMatch(/^http:\/\/api\.example\.com\/apis\/tekton\.dev\/v1\/namespaces\/risk\/taskruns\?/);
    expect(proxy.received[0]?.headers).toMatchObject({ host: 'api.example.com', authorization: 'Bearer secret-token' });
  });

  it('makes a tunnel to one with encryption, with all that the kubeconfig says of certificates; its own proxy-url comes first', async () => {
    const certificate = createCertificate('inside.example.com');
    const client = createCertificate('client');
    const subjects: boolean[] = [];
    const api = createTlsServer({ ...certificate, ca: client.cert, requestCert: true, rejectUnauthorized: true }, ({ socket }, response) => {
      subjects.push((socket as TLSSocket).authorized);
      response.end(JSON.stringify(empty.body));
    });
    const asked: (string | undefined)[] = [];
    const tunnel = createServer().on('connect', ({ url }, socket) => {
      asked.push(url);
      const upstream = connect(port(api), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        socket.pipe(upstream).pipe(socket);
      });
      // Whoever does not trust the other hangs up.
      for (const each of [socket, upstream]) each.on('error', () => each.destroy());
    });
    for (const server of [api, tunnel]) {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      onTestFinished(() => void server.close());
    }
    const base64 = (text: string): string => Buffer.from(text).toString('base64');
    const user = { 'client-certificate-data': base64(client.cert), 'client-key-data': base64(client.key) };
    const cluster = { 'certificate-authority-data': base64(certificate.cert), 'tls-server-name': 'inside.example.com' };
    const address = 'https://api.example.com:6443';
    const proxy = `http://127.0.0.1:${String(port(tunnel))}`;
    expect(await list(kubeconfig(address, user, cluster), [], { HTTPS_PROXY: proxy })).toMatchObject({ code: 0 });
    const named = kubeconfig(address, user, { ...cluster, 'proxy-url': proxy });
    expect(await list(named, [], { HTTPS_PROXY: 'http://127.0.0.1:1' })).toMatchObject({ code: 0 });
    expect({ asked, subjects }).toEqual({ asked: ['api.example.com:6443', 'api.example.com:6443'], subjects: [true, true] });
    expectProblem(await list(kubeconfig(address, user), [], { HTTPS_PROXY: proxy }), 'cluster/untrusted');
  });

  it('is named where it is what is wrong', async () => {
    const config = kubeconfig('https://api.example.com');
    const refused = await list(config, [], { https_proxy: 'user:secret-token@127.0.0.1:1' });
    expectProblem(refused, 'cluster/unreachable', 'the proxy 127.0.0.1:1 of https_proxy cannot be reached (ECONNREFUSED)');
    const unknown = await list(config, [], { HTTPS_PROXY: 'socks5://x:1' });
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('HTTPS_PROXY names a proxy of socks5://') as string });
  });
});

const port = (server: Server): number => (server.address() as AddressInfo).port;
