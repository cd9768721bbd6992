import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { millrace, packageRoot, readFiles, temporaryFolder } from './command.js';

test('the packed package holds all that the commands need, and needs no other package', () => {
  const folder = temporaryFolder();
  // Without scripts: packing would build again under the feet of the other tests.
  execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: packageRoot, stdio: 'pipe' });
  const [archive] = Object.keys(readFiles(folder));
  execFileSync('tar', ['-xzf', String(archive)], { cwd: folder });
  const surroundings = { cwd: folder, package: join(folder, 'package') };

  expect(millrace(['init', 'new'], surroundings).code).toBe(0);
  expect(millrace(['init', 'same'], { cwd: folder }).code).toBe(0);
  const repository = { ...surroundings, cwd: join(folder, 'new') };
  expect(millrace(['check'], repository)).toEqual({ code: 0, stdout: '5 definitions: no problems\n', stderr: '' });
  expect(millrace(['synth'], repository).code).toBe(0);
  expect(millrace(['synth'], { cwd: join(folder, 'same') }).code).toBe(0);
  expect(readFiles(join(folder, 'new'))).toEqual(readFiles(join(folder, 'same')));
  for (const args of [['explain'], ['explain', 'resolve/unknown-connection'], ['schema', 'Team'], ['--version'], ['help', 'run']]) {
    expect(millrace(args, repository)).toEqual(millrace(args));
  }
});
