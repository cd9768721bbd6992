import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { millrace, packageRoot, readFiles, temporaryFolder, writeFiles } from './command.js';

/** Holds the unpacked package, and nothing else. */
let folder: string;
let unpacked: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-package-'));
  unpacked = join(folder, 'package');
  // Without scripts: packing would build again under the feet of the other tests.
  execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: packageRoot, stdio: 'pipe' });
  const [archive] = Object.keys(readFiles(folder));
  execFileSync('tar', ['-xzf', String(archive)], { cwd: folder });
}, 120_000);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('the packed package holds all that the commands need, and needs no other package', () => {
  const cwd = temporaryFolder();
  const surroundings = { cwd, package: unpacked };
  expect(millrace(['init', 'new'], surroundings).code).toBe(0);
  expect(millrace(['init', 'same'], { cwd }).code).toBe(0);
  const repository = { ...surroundings, cwd: join(cwd, 'new') };
  expect(millrace(['check'], repository)).toEqual({ code: 0, stdout: '5 definitions: no problems\n', stderr: '' });
  expect(millrace(['synth'], repository).code).toBe(0);
  expect(millrace(['synth'], { cwd: join(cwd, 'same') }).code).toBe(0);
  expect(readFiles(join(cwd, 'new'))).toEqual(readFiles(join(cwd, 'same')));
  for (const args of [['explain'], ['explain', 'resolve/unknown-connection'], ['schema', 'Team'], ['--version'], ['help', 'run']]) {
    expect(millrace(args, repository)).toEqual(millrace(args));
  }
});

test('it holds no test, no source and no path of the machine that packed it', () => {
  const files = readFiles(unpacked);
  expect(Object.keys(files).filter((path) => /^(?:src|test|runtime|services|dist)\/|\.test\.|\.bytecode$/.test(path))).toEqual([]);
  expect(Object.keys(files)).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'CHANGELOG.md', 'SECURITY.md', 'lib/THIRD-PARTY-NOTICES.txt']));
  for (const [path, text] of Object.entries(files)) expect(text.includes(packageRoot), path).toBe(false);
});

const app = `import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { App, Chart } from 'cdk8s';
import { compile, DiagnosticsError, InferenceService, memoryFileSystem, PlatformNamespace } from 'millrace';
import type { CompileResult, ConnectionSpec, InferenceServiceSpec, PlatformSpec } from 'millrace';

const platform: PlatformSpec = {
  target: { kubernetes: '1.34', pipelines: '1.15', triggers: '0.37' },
  images: { rclone: 'rclone/rclone:1.75.2', node: 'node:22-slim' },
  requireDigests: false,
  teams: [{ name: 'risk', registries: ['registry.example.com/risk/'] }],
};
const raw: ConnectionSpec = {
  type: 's3',
  bucket: 'raw-bucket',
  region: 'eu-central-1',
  credentials: { anonymous: true },
  access: [{ teams: ['risk'], modes: ['read', 'write'], prefixes: ['fraud/'] }],
};
const spec: InferenceServiceSpec = {
  image: 'registry.example.com/risk/fraud:1.4.2',
  command: ['python'],
  modelSource: { imagePath: '/opt/app/model', name: 'fraud', version: '1.4' },
  dataSource: { connection: 'raw', path: 'fraud/in/' },
  outputDestination: { connection: 'raw', path: 'fraud/out/' },
  triggers: { webhook: { enabled: false } },
};
const runtime = readFileSync(fileURLToPath(import.meta.resolve('millrace/runtime.mjs')), 'utf8');
const chart = new Chart(new App(), 'inference');
const risk = new PlatformNamespace(chart, 'risk', { platform, team: 'risk', runtime });
const name: string = new InferenceService(chart, 'fraud-scorer', { platform: risk, connections: { raw }, spec }).serviceName;
const result: CompileResult = compile({ fileSystem: memoryFileSystem({}), runtime: { text: runtime } });
const kinds = (chart.toJson() as readonly { readonly kind: string }[]).map(({ kind }) => kind);
console.log(JSON.stringify([name, kinds.includes('Task'), result.diagnostics.map(({ code }) => code), DiagnosticsError.name]));

// @ts-expect-error: no service has such a field
export const wrong: InferenceServiceSpec = { ...spec, imagine: 1 };
// @ts-expect-error: constructs read no files
new PlatformNamespace(chart, 'other', { platform, team: 'risk' });
`;

describe('in an app of its user', () => {
  let cwd: string;
  beforeAll(() => {
    cwd = mkdtempSync(join(tmpdir(), 'millrace-app-'));
    writeFiles(cwd, { 'package.json': '{"type": "module"}', 'app.ts': app });
    const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8')) as Readonly<
      Record<'dependencies' | 'peerDependencies', Readonly<Record<string, string>>>
    >;
    // What npm would install with it, and no more: the package itself is beside it, not a link into this repository.
    for (const name of [...Object.keys({ ...dependencies, ...peerDependencies }), '@types/node']) {
      mkdirSync(dirname(join(cwd, 'node_modules', name)), { recursive: true });
      symlinkSync(join(packageRoot, 'node_modules', name), join(cwd, 'node_modules', name));
    }
    renameSync(unpacked, join(cwd, 'node_modules/millrace'));
  });
  afterAll(() => {
    rmSync(cwd, { recursive: true, force: true });
  });

  const tsc = join(packageRoot, 'node_modules/typescript/bin/tsc');
  const settings = { strict: true, exactOptionalPropertyTypes: true, target: 'es2022', types: ['node'] };
  test.each([
    // Here the declarations themselves are checked, too.
    ['nodenext', { module: 'nodenext', outDir: 'out', skipLibCheck: false }],
    ['bundler', { module: 'esnext', moduleResolution: 'bundler', noEmit: true, skipLibCheck: true }],
  ])(
    'its types resolve with moduleResolution %s',
    (_, more) => {
      writeFiles(cwd, { 'tsconfig.json': JSON.stringify({ compilerOptions: { ...settings, ...more }, files: ['app.ts'] }) });
      expect(spawnSync(process.execPath, [tsc, '-p', cwd], { encoding: 'utf8' })).toMatchObject({ stdout: '', status: 0 });
    },
    300_000,
  );

  test('the library needs no package but those that it names', () => {
    // The last line of the app is a mistake of its user.
    const { stdout, stderr } = spawnSync(process.execPath, ['out/app.js'], { cwd, encoding: 'utf8' });
    expect(JSON.parse(stdout || '[]'), stderr).toEqual(['fraud-scorer', true, ['input/missing-platform'], 'DiagnosticsError']);
    expect(stderr).toContain('props lacks the field runtime [input/missing-field]');
  });
});
