import { kinds, schemas } from '../input/schemas.js';
import { commonOptions, parseArguments } from './arguments.js';
import { type CliIo, type Command, UsageError } from './command.js';
import { suggest } from './suggest.js';

async function run(args: readonly string[], io: CliIo): Promise<number> {
  const { positionals } = parseArguments(args, commonOptions, { least: 1, most: 1, name: 'KIND' });
  const kind = kinds.find((known) => known === positionals[0]);
  if (kind === undefined) throw new UsageError(`unknown kind "${String(positionals[0])}"`, suggest(String(positionals[0]), kinds, 'kinds'));
  io.stdout(`${JSON.stringify(schemas[kind], null, 2)}\n`);
  return 0;
}

export const schemaCommand: Command = {
  name: 'schema',
  summary: 'print the JSON Schema of a kind',
  usage: 'millrace schema KIND',
  help: `Prints the JSON Schema (draft 2020-12) of a kind of definition: Platform, Team, Connection or InferenceService.
An editor that knows it completes fields and marks wrong ones while you write. The same files are in schemas/ of the
package.

usage: millrace schema KIND

example:
  millrace schema InferenceService > inference-service.schema.json
`,
  run,
};
