/** docs/webhook.md: the code of its callers, run as it is printed, against a server that checks the signature over the raw body. */
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { temporaryFolder } from '../cli/command.js';
import { type FakeServer, type Received, serve } from '../support/fake-api.js';

const page = readFileSync('docs/webhook.md', 'utf8');
const key = "k/ey+ with 'quotes' and $(dollars)==";

/** The block below `<!-- run: NAME -->`. */
function block(name: string): string {
  const found = new RegExp(`<!-- run: ${name} -->\n\n?\`\`\`[a-z]+\n([^]*?)\n\`\`\``).exec(page)?.[1];
  if (found === undefined) throw new Error(`docs/webhook.md has no block ${name}`);
  return `${found}\n`;
}

const isSigned = ({ headers, body }: Received): boolean =>
  headers['x-hub-signature-256'] === `sha256=${createHmac('sha256', key).update(body).digest('hex')}` &&
  headers['content-type'] === 'application/json';

/** As a listener, but it says what it thinks of the signature. */
const listen = (): Promise<FakeServer> =>
  serve((request) => (isSigned(request) ? { status: 202, body: { eventID: 'e-1' } } : { status: 401, body: 'wrong signature' }));

interface End {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(program: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<End> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args], { env: { PATH: process.env['PATH'] ?? '', ...env } });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

function keyFile(text = key): string {
  const file = join(temporaryFolder(), 'airflow.key');
  writeFileSync(file, text);
  return file;
}

const specOf = ({ received }: FakeServer): unknown => (JSON.parse(received[0]?.body.toString() ?? '') as { spec: unknown }).spec;
const day = '2026-11-22';
const dated = { inferenceServiceId: 'fraud-scorer', dataSource: { connection: 'raw', path: `fraud/in/${day}/` }, requestId: day };

describe('docs/webhook.md', () => {
  it('curl', async () => {
    const server = await listen();
    expect(await run('bash', ['-euo', 'pipefail', '-c', block('curl')], { KEY_FILE: keyFile(), JOBS_URL: server.url })).toMatchObject({
      code: 0,
      stdout: '{"eventID":"e-1"}',
    });
    expect(specOf(server)).toEqual({ inferenceServiceId: 'fraud-scorer', requestId: day });
  });

  it('curl with another key fails', async () => {
    const server = await listen();
    const script = block('curl').replace('--retry 3', '--retry 0');
    expect((await run('bash', ['-euo', 'pipefail', '-c', script], { KEY_FILE: keyFile('other'), JOBS_URL: server.url })).code).not.toBe(0);
  });

  it('Python', async () => {
    const server = await listen();
    const program = join(temporaryFolder(), 'start.py');
    writeFileSync(program, block('python'));
    expect(await run('python3', ['-I', program], { KEY_FILE: keyFile(), JOBS_URL: server.url })).toEqual({ code: 0, stdout: 'e-1\n', stderr: '' });
    expect(specOf(server)).toEqual({ inferenceServiceId: 'fraud-scorer', requestId: day });
  });

  it('the function of the Airflow operator, with the arguments that the DAG gives it', async () => {
    const server = await listen();
    const [, keywords = ''] = /op_kwargs=\{([^]*?)\},\n/.exec(page) ?? [];
    expect([...keywords.matchAll(/"(\w+)":/g)].map(([, name]) => name)).toEqual(['url', 'key']);
    const program = join(temporaryFolder(), 'dag.py');
    writeFileSync(program, `${block('airflow')}\nimport os\nprint(start_scoring(ds="${day}", url=os.environ["JOBS_URL"], key=os.environ["KEY"]))\n`);
    expect(await run('python3', ['-I', program], { KEY: key, JOBS_URL: server.url })).toEqual({ code: 0, stdout: 'e-1\n', stderr: '' });
    expect(specOf(server)).toEqual(dated);
  });

  it('the step of the GitHub Actions workflow, in the shell that runs it there', async () => {
    const server = await listen();
    const workflow = parse(block('github-actions')) as {
      jobs: { start: { steps: { run: string; env: Record<string, string> }[] } };
    };
    const [step] = workflow.jobs.start.steps;
    expect(Object.keys(step?.env ?? {})).toEqual(['KEY', 'DAY', 'JOBS_URL']);
    const end = await run('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step?.run ?? ''], { KEY: key, DAY: day, JOBS_URL: server.url });
    expect(end).toEqual({ code: 0, stdout: '{"eventID":"e-1"}', stderr: '' });
    expect(specOf(server)).toEqual(dated);
  });

  it('puts nothing that a form holds into a script', () => {
    expect((parse(block('github-actions')) as { jobs: { start: { steps: { run: string }[] } } }).jobs.start.steps[0]?.run).not.toContain('${{');
  });

  it('the key that it makes has no line feed', async () => {
    const line = page.split('\n').find((each) => each.startsWith('head -c 32 /dev/urandom')) ?? '';
    const { stdout } = await run('bash', ['-c', line.replace('> airflow.key', '')], {});
    expect(stdout).toMatch(/^[A-Za-z0-9+/]{43}=$/);
  });
});
