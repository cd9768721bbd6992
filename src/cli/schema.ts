import { readdirSync, readFileSync } from 'node:fs';
import { commonOptions, parseArguments } from './arguments.js';
import { type CliIo, type Command, UsageError } from './command.js';
import { packageFile } from './package.js';
import { suggest } from './suggest.js';

/** Kinds by the file name of their schema. The folder is the list: a new kind needs no change here. */
const kinds = (): readonly string[] =>
  readdirSync(packageFile('schemas'))
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .sort();

async function run(args: readonly string[], io: CliIo): Promise<number> {
  const { positionals } = parseArguments(args, commonOptions, { least: 1, most: 1, name: 'KIND' });
  const kind = String(positionals[0]);
  if (!kinds().includes(kind)) throw new UsageError(`unknown kind "${kind}"`, suggest(kind, kinds(), 'kinds'));
  io.stdout(readFileSync(packageFile(`schemas/${kind}.json`), 'utf8'));
  return 0;
}

export const schemaCommand: Command = {
  name: 'schema',
  summary: 'print the JSON Schema of a kind',
  usage: 'millrace schema KIND',
  help: `Prints the JSON Schema (draft 2020-12) of a kind of definition: Platform, Team, Connection or InferenceService.
An editor that knows it completes fields and marks wrong ones while you write. The same files are in schemas/ of the package.

usage: millrace schema KIND

example:
  millrace schema InferenceService > inference-service.schema.json
`,
  run,
};
