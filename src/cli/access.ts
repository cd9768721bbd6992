import { analyze } from '../analyze.js';
import { hasErrors } from '../diagnostics/diagnostic.js';
import { lineColumn } from '../diagnostics/line-column.js';
import { readDefinitions } from '../read-definitions.js';
import { accessMatrix, type Grant } from '../resolve/access-matrix.js';
import { locate } from '../source/locate.js';
import { commonOptions, parseArguments } from './arguments.js';
import { type CliIo, type Command, UsageError } from './command.js';
import { nodeFileSystem } from './node-file-system.js';
import { reporter } from './report.js';
import { findRoot } from './root.js';
import { suggest } from './suggest.js';

const formats = ['text', 'json'] as const;
const options = { ...commonOptions, format: { type: 'string' }, team: { type: 'string' }, connection: { type: 'string' } } as const;

interface Row extends Omit<Grant, 'place'> {
  readonly file: string;
  readonly line: number;
}

async function run(args: readonly string[], io: CliIo): Promise<number> {
  const { values } = parseArguments(args, options, { least: 0, most: 0, name: '' });
  const { format = 'text', team, connection } = values;
  if (!(formats as readonly string[]).includes(format)) throw new UsageError(`unknown format "${format}"`, suggest(format, formats, 'formats'));
  const report = reporter(io, values);
  const fileSystem = nodeFileSystem(findRoot(io, values.root));
  const { definitions, sources } = readDefinitions(fileSystem);
  const { diagnostics, sources: shown } = analyze(fileSystem);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (hasErrors(errors)) {
    // Part of a matrix would be taken for all of it.
    report(errors, shown);
    return 1;
  }
  known(
    'team',
    team,
    (definitions.platform?.spec.teams ?? []).map(({ name }) => name),
  );
  known('connection', connection, [...new Set(definitions.connections.map(({ name }) => name))]);
  const rows = accessMatrix(definitions)
    .filter((grant) => (team === undefined || grant.team === team) && (connection === undefined || grant.connection === connection))
    .map((grant) => toRow(grant, sources));
  io.stdout(format === 'json' ? `${JSON.stringify(rows, null, 2)}\n` : table(rows));
  return 0;
}

function known(what: string, given: string | undefined, names: readonly string[]): void {
  if (given !== undefined && !names.includes(given)) throw new UsageError(`there is no ${what} "${given}"`, suggest(given, names, `${what}s`));
}

function toRow({ place, team, connection, mode, prefix }: Grant, sources: ReadonlyMap<string, string>): Row {
  const text = sources.get(place.file) ?? '';
  return { team, connection, mode, prefix, file: place.file, line: lineColumn(text, locate(place, text).start).line };
}

const header = ['TEAM', 'CONNECTION', 'MODE', 'PREFIX', 'GRANTED BY'];

function table(rows: readonly Row[]): string {
  if (rows.length === 0) return 'nobody may read or write anything there\n';
  const cells = [
    header,
    ...rows.map(({ team, connection, mode, prefix, file, line }) => [team, connection, mode, prefix, `${file}:${String(line)}`]),
  ];
  const widths = header.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

export const accessCommand: Command = {
  name: 'access',
  summary: 'show who may read and write what, and what grants it',
  usage: 'millrace access [OPTION…]',
  help: `Shows every right that connections give: which team may read or write which folder of which connection, with the
file and line that grants it. What is not listed may be done by nobody: check refuses it in a definition, the listener
in a request, and the first step of a job once more. "/" is the whole bucket or container.

usage: millrace access [OPTION…]

  --team NAME        rights of this team only
  --connection NAME  rights in this connection only
  --format json      one JSON array on standard output: team, connection, mode, prefix, file, line
  --root DIR         the repository; default: the nearest folder upwards with services/platform.yaml

exit codes: 0 shown, 1 the definitions have errors, and nothing is shown

examples:
  millrace access
  millrace access --connection raw --format json
`,
  run,
};
