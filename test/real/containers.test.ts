/** Whole jobs in real containers: with each engine of this machine that answers. */
import { spawn } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot, readFiles, temporaryFolder } from '../cli/command.js';
import { findEngines, makeImage } from './support/engines.js';
import { execute, type Ended } from './support/programs.js';

const image = 'localhost/millrace-test:1';
const predictor = readFileSync(new URL('predictors/in-container.mjs', import.meta.url), 'utf8');
const engines = await findEngines();

interface Place {
  readonly root: string;
  readonly app: string;
}

/** The example of this repository with a predictor in JavaScript and smaller limits. */
function place(mode: string, { timeout = '5m', folder = 'place' }: { readonly timeout?: string; readonly folder?: string } = {}): Place {
  const root = join(temporaryFolder(), folder);
  mkdirSync(join(root, 'app'), { recursive: true });
  cpSync(join(packageRoot, 'services'), join(root, 'services'), { recursive: true });
  for (const connection of ['raw', 'models'])
    cpSync(join(packageRoot, 'examples/fraud/store', connection), join(root, 'store', connection), { recursive: true });
  writeFileSync(join(root, 'app/predictor.mjs'), predictor);
  mkdirSync(join(root, 'store/results'));
  edit(join(root, 'services/risk/fraud-scorer.yaml'), (yaml) =>
    yaml.replace('[python3]', '[node]').replace('predictor.py', 'predictor.mjs').replaceAll('8Gi', '256Mi').concat(`  env: {MODE: ${mode}}
  timeout: ${timeout}
  storage: {shm: 32Mi}
`),
  );
  edit(join(root, 'services/platform.yaml'), (yaml) =>
    yaml.replace(/(\n {4}(?:rclone|node): ).*/g, `$1${image}`).replace('requireDigests: true', 'requireDigests: false'),
  );
  return { root, app: join(root, 'app') };
}

const edit = (path: string, change: (text: string) => string): void => writeFileSync(path, change(readFileSync(path, 'utf8')));

const command = (more: readonly string[]): readonly string[] => [
  process.execPath,
  join(packageRoot, 'bin/millrace.mjs'),
  ...['run', 'risk/fraud-scorer', '--store', 'store'],
  ...more,
];

/** Without what differs from run to run: times, and the marker, which is a digest of a manifest with times. */
const publishedBy = ({ root }: Place): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(readFiles(join(root, 'store/results'))).map(([path, text]) => [
      path,
      path.endsWith('_SUCCESS') ? 'a digest' : text.replace(/\d{4}-\d\d-\d\dT[^"]+Z/g, 'TIME'),
    ]),
  );

describe.each(engines)('with $kind', (engine) => {
  const { kind, program } = engine;
  const run = ({ root }: Place, more: readonly string[] = []): Promise<Ended> =>
    execute(command(['--container-engine', kind, '--image', image, ...more]), { cwd: root });
  const containers = async (): Promise<string> => (await execute([program, 'ps', '--all', '--quiet', '--filter', 'label=millrace.dev/job'])).stdout;

  let removeImage: () => Promise<void> = () => Promise.resolve();
  beforeAll(async () => {
    removeImage = await makeImage(engine, image, { 'opt/app/predictor.mjs': predictor });
  });
  afterAll(async () => {
    await removeImage();
  });

  it('the same is published as by a process', async () => {
    const [inContainer, asProcess] = [place('answer'), place('answer')];
    const { code, stdout, stderr } = await run(inContainer);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`job fraud-scorer--local of risk/fraud-scorer (predictor in ${kind})\n`);
    expect((await execute(command(['--exec', '--exec-map', '/opt/app=app']), { cwd: asProcess.root })).code).toBe(0);
    expect(Object.keys(publishedBy(inContainer))).toContain('fraud/out/_SUCCESS');
    expect(publishedBy(inContainer)).toEqual(publishedBy(asProcess));
    expect(await containers()).toBe('');
    expect(existsSync(join(inContainer.root, '.millrace-run'))).toBe(false);
  });

  it('a predictor that looks around finds what its Task says, and no more', async () => {
    const { code, stdout, stderr } = await run(place('look', { folder: 'a place=with signs' }), ['--network', 'none']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const seen = JSON.parse(/^ {4}\| (\{.*\})$/m.exec(stdout)?.[1] ?? 'null') as Readonly<Record<string, unknown>>;
    const root = process.getuid?.() === 0 || (kind === 'podman' && engine.rootless);
    expect(seen).toEqual({
      user: root ? [65532, 65532] : engine.rootless ? [0, 0] : [process.getuid?.(), process.getgid?.()],
      capabilities: ['0', '0', '0'],
      noNewPrivileges: '1',
      seccomp: '2',
      writable: ['/mnt/job/output', '/tmp', '/dev/shm'],
      seen: [['/mnt/job', ['input', 'model', 'output']]],
      memory: [String(256 * 1024 * 1024)],
      shm: 32 * 1024 * 1024,
      args: ['--model', '/mnt/job/model'],
      environment: ['HOME', 'ODAHU_INPUT_PATH', 'ODAHU_MODEL', 'ODAHU_MODEL_INPUT', 'ODAHU_MODEL_OUTPUT', 'ODAHU_MODEL_PATH', 'ODAHU_OUTPUT_PATH'],
      interfaces: ['lo'],
    });
  });

  it('every step in its own image publishes the same', async () => {
    const [inContainers, asProcesses] = [place('answer'), place('answer')];
    openStore(inContainers);
    const { code, stdout, stderr } = await run(inContainers, ['--containers', 'all', '--network', 'none']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`(all steps in ${kind})\n`);
    expect((await execute(command(['--exec', '--exec-map', '/opt/app=app']), { cwd: asProcesses.root })).code).toBe(0);
    expect(publishedBy(inContainers)).toEqual(publishedBy(asProcesses));
    expect(await containers()).toBe('');
  });

  it('the exit code of a predictor is that of the run, and the evidence is published', async () => {
    const at = place('exit');
    const { code, stdout, stderr } = await run(at);
    expect({ code, step: /6\/9 user-container \.\.\. (.*) \d/.exec(stdout)?.[1] }).toEqual({ code: 1, step: 'exit code 42' });
    expect(stderr).toContain('step user-container failed with exit code 42');
    expect(Object.keys(publishedBy(at))).toEqual(['fraud/out/_FAILED.json', 'fraud/out/_feedback/requests.jsonl']);
    expect(await containers()).toBe('');
  });

  it('a predictor is killed at the limit of memory of its Task', async () => {
    const { code, stdout, stderr } = await run(place('memory'));
    expect({ code, step: /6\/9 user-container \.\.\. (.*) \d/.exec(stdout)?.[1] }).toEqual({ code: 1, step: 'exit code 137' });
    expect(stderr).toContain('step user-container failed with exit code 137: The predictor was killed, most often because it used more memory');
    // podman does not always notice why (its monitor may read the kernel's event after the container has gone).
    if (kind === 'docker') {
      expect(stderr).toContain(
        'warning: step user-container used more memory than its limit of 256Mi, and the kernel killed a process of it [run/out-of-memory]',
      );
    }
    expect(await containers()).toBe('');
  });

  it('run/step-timed-out after the timeout of the step', async () => {
    const { code, stderr } = await run(place('forever', { timeout: '3s' }));
    expect(code).toBe(1);
    expect(stderr).toContain(
      'error: step user-container took longer than its 3s, so the run ended there and nothing was published [run/step-timed-out]',
    );
    expect(await containers()).toBe('');
  });

  it('a program that the image does not have ends the run', async () => {
    const at = place('answer');
    edit(join(at.root, 'services/risk/fraud-scorer.yaml'), (yaml) => yaml.replace('[node]', '[/opt/app/none]'));
    const { code, stderr } = await run(at);
    expect(code).toBe(1);
    expect(stderr).toMatch(/error: step user-container failed with exit code 1 \(.*\/opt\/app\/none.*\) \[run\/step-failed\]/);
    expect(await containers()).toBe('');
  });

  it('run/image-not-pulled', async () => {
    const { code, stdout, stderr } = await run(place('answer'), ['--image', 'localhost:1/none:1']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'pulling localhost:1/none:1\n' });
    expect(stderr).toContain('error: the image localhost:1/none:1 is not on this machine, and ');
    expect(stderr).toContain('[run/image-not-pulled]');
  });

  /** A run whose predictor has started. */
  async function start(at: Place): Promise<ReturnType<typeof spawn>> {
    const [node = '', ...args] = command(['--container-engine', kind, '--image', image]);
    const child = spawn(node, args, { cwd: at.root, stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    while (!output.includes('| it runs')) {
      if (child.exitCode !== null) throw new Error(output);
      await sleep(50);
    }
    expect(await containers()).not.toBe('');
    return child;
  }
  const ended = (child: ReturnType<typeof spawn>): Promise<number | null> => new Promise((resolve) => child.on('close', resolve));

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends a run with %i and leaves no container', async (signal, expected) => {
    const child = await start(place('forever'));
    const end = ended(child);
    child.kill(signal);
    expect(await end).toBe(expected);
    expect(await containers()).toBe('');
  });

  it('what a run that was killed leaves is removed by the next one', async () => {
    const at = place('forever');
    const child = await start(at);
    const end = ended(child);
    child.kill('SIGKILL');
    await end;
    const left = await containers();
    expect(left).not.toBe('');
    edit(join(at.root, 'services/risk/fraud-scorer.yaml'), (yaml) => yaml.replace('MODE: forever', 'MODE: answer'));
    expect((await run(at)).code).toBe(0);
    expect(await containers()).toBe('');
  });
});

/** The steps have a user of their own where root starts them. */
function openStore({ root }: Place): void {
  const results = join(root, 'store/results');
  if (process.getuid?.() === 0) chownSync(results, 65532, 65532);
  chmodSync(results, 0o755);
}
