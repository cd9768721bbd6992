import { dirname, join, relative, resolve, sep } from 'node:path';
import { hasErrors, type Result } from '../diagnostics/diagnostic.js';
import type { OutputFile } from '../emit/output-file.js';
import { type Plan, planOutput } from '../emit/plan.js';
import { readOutput, updateOutput } from '../emit/writer.js';
import { commonOptions, parseArguments } from './arguments.js';
import { type CliIo, type Command, UsageError } from './command.js';
import { compileRoot } from './compile-root.js';
import { count, formatOption, reporter } from './report.js';
import { findRoot } from './root.js';
import { keepYoungGenerationSmall } from './young-generation.js';

const options = {
  ...commonOptions,
  ...formatOption,
  out: { type: 'string' },
  check: { type: 'boolean' },
  'allow-removals': { type: 'boolean' },
  'allow-empty': { type: 'boolean' },
} as const;

async function run(args: readonly string[], io: CliIo): Promise<number> {
  keepYoungGenerationSmall();
  const { values } = parseArguments(args, options, { least: 0, most: 0, name: '' });
  const report = reporter(io, values);
  const root = findRoot(io, values.root);
  const out = outputFolder(io, root, values.out);
  const folder = relative(io.cwd, out).replaceAll(sep, '/') || '.';
  const { files, diagnostics, sources } = compileRoot(root);
  if (hasErrors(diagnostics)) {
    report(diagnostics, sources);
    return 1;
  }
  const [plan, problems] =
    values.check === true
      ? compareOutput(out, folder, files)
      : updateOutput(out, files, { folder, allowRemovals: values['allow-removals'] === true, allowEmpty: values['allow-empty'] === true });
  report([...diagnostics, ...problems], sources);
  if (!plan) return 1;
  if (values.check !== true) {
    io.stdout(listChanges(plan, folder));
    return 0;
  }
  const differs = plan.writes.length + plan.removals.length > 0;
  if (differs) io.stdout(listDifferences(plan, folder));
  else if (!hasErrors(problems)) io.stdout(`${folder}/ is up to date: ${count(plan.unchanged.length, 'file')}\n`);
  return differs || hasErrors(problems) ? 1 : 0;
}

/** `--out` counts from where the user stands, the default from the root. */
function outputFolder(io: CliIo, root: string, given: string | undefined): string {
  if (given === undefined) return join(root, 'dist');
  const out = resolve(io.cwd, given);
  // Everything in the output folder is ours to replace, and nothing in it may become an input of the next run.
  if (isWithin(root, out) || isWithin(out, join(root, 'services')) || dirname(out) === out) {
    throw new UsageError(`--out ${given}: the output needs a folder of its own, outside of services/`);
  }
  return out;
}

const isWithin = (path: string, folder: string): boolean => path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

/**
 * What synth would change. How much that is does not matter to a comparison. A manifest of someone else is an error here
 * and a warning of synth: synth has brought about what the definitions say, and would be of no use while a repository moves
 * its manifests elsewhere; the gate before a sync answers for all that the engine would read.
 */
function compareOutput(out: string, folder: string, files: readonly OutputFile[]): Result<Plan> {
  const [current, found] = readOutput(out, { folder }, files);
  if (!current) return [undefined, found];
  const [plan, planned] = planOutput(current, files, { folder, allowRemovals: true, allowEmpty: true, refuseForeign: true });
  return [plan, [...found, ...planned]];
}

function listChanges({ writes, removals, unchanged }: Plan, folder: string): string {
  return [
    ...writes.map(({ path }) => `written  ${folder}/${path}`),
    ...removals.map(({ path }) => `removed  ${folder}/${path}`),
    `${folder}/: ${String(writes.length)} written, ${String(removals.length)} removed, ${String(unchanged.length)} unchanged`,
    '',
  ].join('\n');
}

const listDifferences = ({ writes, removals }: Plan, folder: string): string =>
  [
    ...writes.map(({ path, before }) => `${before === undefined ? 'missing  ' : 'different'}  ${folder}/${path}`),
    ...removals.map(({ path }) => `surplus    ${folder}/${path}`),
    `${folder}/ is not what the definitions compile to: run npx millrace synth`,
    '',
  ].join('\n');

export const synthCommand: Command = {
  name: 'synth',
  summary: 'check, then write the manifests to dist/',
  usage: 'millrace synth [--check] [OPTION…]',
  help: `Checks all definitions, then brings the output folder to what they compile to: all of it, or with any error nothing.
Only files that millrace wrote are replaced or removed; others are reported and left alone.

usage: millrace synth [--check] [OPTION…]

  --out DIR         the output folder; default: dist in the repository
  --check           change nothing: list what differs, and exit with 1 if anything does, or if there is a manifest
                    that millrace did not write
  --allow-removals  even if more than a fifth of the services would be removed
  --allow-empty     even if nothing would be left
  --root DIR        the repository; default: the nearest folder upwards with services/platform.yaml
  --format json     one JSON array of diagnostics on standard error, also if it is empty

exit codes: 0 done (or up to date), 1 errors (or differences, or manifests of someone else)

examples:
  millrace synth
  millrace synth --check
`,
  run,
};
