import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createJob, request, stepConfig, stepEnvironment } from './support/job.js';

const bundle = fileURLToPath(new URL('../../lib/runtime.mjs', import.meta.url));

/** Runs the bundle as a step does: alone in its folder, with nothing but the step's environment. */
function run(
  step: string,
  env: Readonly<Record<string, string>> = {},
): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const job = createJob();
  copyFileSync(bundle, job.path('runtime.mjs'));
  return spawnSync(process.execPath, [job.path('runtime.mjs'), ...(step === '' ? [] : [step])], { env, cwd: job.root, encoding: 'utf8' });
}

describe('the bundled runtime', () => {
  it('fits into the ConfigMap with room for what will be added', () => {
    const bytes = readFileSync(bundle);
    expect(bytes.length).toBeLessThan(198 * 1024);
    // What YAML and terminals show as it is.
    expect(bytes.every((byte) => byte === 0x0a || (byte >= 0x20 && byte < 0x7f))).toBe(true);
  });

  it.each(['', 'sync-data', 'user-container', 'constructor', '../validate-input'])('has no step %j', (name) => {
    const { status, stderr } = run(name);
    expect(status).toBe(2);
    expect(stderr).toContain('configure-rclone|validate-input|log-input|validate-output|log-output');
  });

  it('exits with the code of a failure that ends the run at once', () => {
    const { status, stdout, stderr } = run('configure-rclone');
    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ level: 'error', step: 'configure-rclone', reason: 'runtime/bad-environment' });
    expect(stderr).toContain('MILLRACE_CONTROL');
  });

  it('configures and inspects a job', () => {
    const job = createJob();
    job.data({ 'a.json': request });
    const model = { kind: 'embedded', imagePath: '/opt/app/model', name: 'm', version: '1' } as const;
    const env = stepEnvironment(job.root, { ...stepConfig, model });
    expect(run('configure-rclone', env).status).toBe(0);
    expect(run('validate-input', env).status).toBe(0);
    expect(job.read('result-run')).toBe('yes');
  });
});
