import { analyze } from '../analyze.js';
import { mayPassLimits } from '../check/small.js';
import { type Diagnostic, hasErrors } from '../diagnostics/diagnostic.js';
import { commonOptions, parseArguments } from './arguments.js';
import type { CliIo, Command } from './command.js';
import { nodeFileSystem } from './node-file-system.js';
import { pathFilter } from './path-filter.js';
import { count, countProblems, formatOption, reporter } from './report.js';
import { findRoot } from './root.js';

async function run(args: readonly string[], io: CliIo): Promise<number> {
  const { values, positionals } = parseArguments(args, { ...commonOptions, ...formatOption }, { least: 0, most: Infinity, name: 'PATH' });
  const report = reporter(io, values);
  const root = findRoot(io, values.root);
  const isSelected = pathFilter(io, root, positionals);
  const analysis = analyze(nodeFileSystem(root));
  const isLarge = mayPassLimits(analysis.namespaces, analysis.services);
  // What makes manifests is loaded for large definitions only.
  const { diagnostics, sources } = isLarge ? (await import('../limits.js')).withLimits(analysis) : analysis;
  // A problem also belongs to the places it refers to, and one without a place to every file.
  const isShown = ({ where, related }: Diagnostic): boolean =>
    where === undefined || [where, ...related.map((each) => each.where)].some(({ file }) => isSelected(file));
  const shown = diagnostics.filter(isShown);
  report(shown, sources);
  const hidden = diagnostics.filter((each) => !isShown(each));
  const elsewhere = hidden.length === 0 ? '' : `; elsewhere ${countProblems(hidden)}`;
  io.stdout(`${count([...sources.keys()].filter(isSelected).length, 'definition')}: ${countProblems(shown)}${elsewhere}\n`);
  return hasErrors(diagnostics) ? 1 : 0;
}

export const checkCommand: Command = {
  name: 'check',
  summary: 'show all problems of the definitions, write nothing',
  usage: 'millrace check [PATH…] [OPTION…]',
  help: `Shows all problems of all definitions and writes nothing. With PATHs (files or folders) only problems of those are
shown; the others are counted, and the exit code is still that of the whole: what is wrong in one file can hide what is
wrong in another.

usage: millrace check [PATH…] [OPTION…]

  --root DIR     the repository; default: the nearest folder upwards with services/platform.yaml
  --format json  one JSON array of diagnostics on standard error, also if it is empty; also: github (annotations), sarif

exit codes: 0 no errors (warnings are no errors), 1 errors

examples:
  millrace check
  millrace check services/risk --format json 2> problems.json
`,
  run,
};
