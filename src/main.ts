// The app of `cdk8s synth` (cdk8s.yaml: `app: node lib/main.js`, `output: .cdk8s-out`).
//
// The cdk8s CLI deletes its output folder before it runs the app, so dist/ is never that folder: it would be gone whenever
// a definition has an error. With the output folder of cdk8s.yaml this app writes dist/, as a whole or not at all, and puts
// a copy where the CLI looks for it. With another one (`-o`, `-p`) it writes only there.
import { readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { bugText } from './cli/cli.js';
import { compileRoot } from './cli/compile-root.js';
import { diagnose } from './diagnostics/diagnose.js';
import { hasErrors, type Diagnostic } from './diagnostics/diagnostic.js';
import { renderText } from './diagnostics/render/text.js';
import { isDiskError, reasonOf } from './emit/disk.js';
import type { OutputFile } from './emit/output-file.js';
import { updateOutput } from './emit/writer.js';

/** The output folder that the CLI names in the environment. The app is started in the folder of cdk8s.yaml: the root. */
const root = currentFolder();
const dist = resolve(root, 'dist');
const given = process.env['CDK8S_OUTDIR'];
const output = given ? resolve(root, given) : dist;
const mirror = resolve(root, '.cdk8s-out');

/** The folder may be gone meanwhile. */
function currentFolder(): string {
  try {
    return process.cwd();
  } catch (error) {
    process.stderr.write(`millrace: this folder cannot be used: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  }
}

function run(): number {
  const { files, diagnostics, sources } = compileRoot(root);
  const problems = hasErrors(diagnostics) ? [] : write(files);
  process.stderr.write(renderText([...diagnostics, ...problems], sources, { color: false }));
  return hasErrors([...diagnostics, ...problems]) ? 1 : 0;
}

function write(files: readonly OutputFile[]): readonly Diagnostic[] {
  if (isPrintFolder(output)) {
    // The CLI prints the files of this folder side by side, in pieces of 64 KiB and without `---`: only one comes out whole.
    try {
      writeFileSync(join(output, 'millrace.yaml'), files.map(({ text }) => text).join('---\n'), { flag: 'wx' });
      return [];
    } catch (error) {
      if (!isDiskError(error)) throw error;
      return [diagnose('emit/cannot-write', undefined, { path: output, folder: 'dist', reason: reasonOf(error) })];
    }
  }
  if (output === dist) return updateOutput(dist, files)[1];
  // What is in a folder that the CLI empties at each run is nobody's loss.
  const problems = updateOutput(output, files, { allowRemovals: true, allowEmpty: true })[1];
  return output === mirror && !hasErrors(problems) ? [...problems, ...updateOutput(dist, files)[1]] : problems;
}

/** The new, empty, temporary folder that `cdk8s synth -p` makes (cdk8s-cli 2.207, lib/util.js, `mkdtemp`). */
function isPrintFolder(path: string): boolean {
  if (dirname(path) !== resolve(tmpdir()) || !/^cdk8s-[A-Za-z0-9]{6}$/.test(basename(path))) return false;
  try {
    return readdirSync(path).length === 0;
  } catch {
    return false;
  }
}

try {
  process.exitCode = run();
} catch (error) {
  process.stderr.write(bugText(error));
  process.exitCode = 3;
}
