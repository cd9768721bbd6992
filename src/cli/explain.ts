import { readdirSync, readFileSync } from 'node:fs';
import { nearest } from '../base/names.js';
import { docsPage } from '../diagnostics/diagnostic.js';
import { commonOptions, parseArguments } from './arguments.js';
import { type CliIo, type Command, UsageError } from './command.js';
import { packageFile } from './package.js';

const extension = '.md';

/** All codes by stage. The pages are the list: it holds the codes of the runtime, too, which the compiler's catalogue does not know. */
function codesByStage(): ReadonlyMap<string, readonly string[]> {
  const stages = readdirSync(packageFile('docs/diagnostics'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const names = (stage: string): readonly string[] =>
    readdirSync(packageFile(`docs/diagnostics/${stage}`))
      .filter((name) => name.endsWith(extension))
      .map((name) => name.slice(0, -extension.length))
      .sort();
  return new Map(
    stages
      .map(({ name }) => name)
      .sort()
      .map((stage) => [stage, names(stage)]),
  );
}

async function run(args: readonly string[], io: CliIo): Promise<number> {
  const { positionals } = parseArguments(args, commonOptions, { least: 0, most: 1, name: 'CODE' });
  const [code] = positionals;
  const stages = codesByStage();
  if (code === undefined) {
    for (const [stage, names] of stages) io.stdout(`${stage}:\n${names.map((name) => `  ${stage}/${name}\n`).join('')}`);
    return 0;
  }
  const codes = [...stages].flatMap(([stage, names]) => names.map((name) => `${stage}/${name}`));
  // The validator's codes stand alone in reports: E-COUNT.
  const page = /^[ECW]-[A-Z0-9-]+$/.test(code) ? `validate/${code.toLowerCase()}` : code;
  // Only a listed code becomes part of a path.
  if (!codes.includes(page)) throw new UsageError(`unknown code "${code}"`, nearestCode(code, codes));
  io.stdout(readFileSync(packageFile(docsPage(page)), 'utf8'));
  return 0;
}

/** People leave the stage out; then the code with that name is meant. */
function nearestCode(code: string, codes: readonly string[]): string {
  const sameName = codes.find((known) => known.slice(known.indexOf('/') + 1) === code);
  if (sameName !== undefined) return `did you mean ${sameName}?`;
  const near = nearest(code, codes);
  return near === undefined ? 'millrace explain lists all codes' : `did you mean ${near}?`;
}

export const explainCommand: Command = {
  name: 'explain',
  summary: 'explain the code of a diagnostic',
  usage: 'millrace explain [CODE]',
  help: `Prints the page of a diagnostic: why it matters, what is wrong, what is right. The code stands in brackets at the end
of the diagnostic, in _FAILED.json and in the log of a failed step. Without a code it lists all of them by stage.

usage: millrace explain [CODE]

example:
  millrace explain resolve/unknown-connection
  millrace explain E-COUNT
`,
  run,
};
