import { closeSync, lstatSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { analyze } from '../analyze.js';
import { isDnsLabel } from '../base/names.js';
import { diagnose } from '../diagnostics/diagnose.js';
import { type Diagnostic, hasErrors } from '../diagnostics/diagnostic.js';
import { platformFile } from '../input/locate-kind.js';
import { secretFields } from '../odahu/connection.js';
import { importOdahu, type Target } from '../odahu/import.js';
import { readDefinitions } from '../read-definitions.js';
import { decodeSource } from '../source/decode.js';
import { coverForeign, foreignLimits } from '../source/foreign.js';
import { locateAll } from '../source/locate.js';
import type { SourceFile } from '../source/source.js';
import { commonOptions, parseArguments } from './arguments.js';
import { type CliIo, type Command, UsageError } from './command.js';
import { writeNewFiles } from './new-files.js';
import { nodeFileSystem } from './node-file-system.js';
import { readRegularFile } from './read-request.js';
import { countProblems, formatOption, reporter, type Report } from './report.js';
import { findRoot } from './root.js';
import { lstat } from './stat.js';
import { suggest } from './suggest.js';

const options = { ...commonOptions, ...formatOption, team: { type: 'string' } } as const;
const systems = ['odahu'];

async function run(args: readonly string[], io: CliIo): Promise<number> {
  const { values, positionals } = parseArguments(args, options, { least: 1, most: Infinity, name: 'odahu FILE…' });
  const report = reporter(io, values);
  const [system = '', ...files] = positionals;
  if (!systems.includes(system)) throw new UsageError(`nothing can be imported from "${system}"`, suggest(system, systems, 'systems'));
  if (files.length === 0) throw new UsageError('FILE is missing', 'give the files that ODAHU was given, or that its API or kubectl exported');
  const { team } = values;
  if (team === undefined) throw new UsageError('--team is missing', 'say which team the services become those of: --team NAME');
  if (!isDnsLabel(team)) throw new UsageError(`"${team}" can be no name of a team`, 'lower-case letters, digits and - only, at most 63');
  if (team === 'connections')
    throw new UsageError(`"${team}" can be no name of a team`, "services/connections/ is the folder of the platform's connections");
  return importInto(findRoot(io, values.root), team, readFiles(io, files), { io, report });
}

interface Reporting {
  readonly io: CliIo;
  readonly report: Report;
}

function importInto(root: string, team: string, [sources, unreadable]: Read, { io, report }: Reporting): number {
  const covered = new Map(sources.map(({ path, text }) => [path, coverForeign(text, secretFields)]));
  const [target, notReady] = targetOf(root, team);
  const [imported, problems] = target && unreadable.length === 0 ? importOdahu(sources, target) : [undefined, []];
  const diagnostics = locateAll([...unreadable, ...notReady, ...problems], covered);
  if (!imported) {
    report(diagnostics, covered);
    io.stdout(`${countProblems(diagnostics)}; nothing was written\n`);
    return 1;
  }
  const { files, platform, said, commands } = imported;
  writeNewFiles(root, files, () => {
    if (platform !== undefined) replaceFile(join(root, platformFile), platform);
  });
  const written = files.map(({ path }) => `written  ${path}\n`).join('');
  const changed = platform === undefined ? '' : `changed  ${platformFile}\n`;
  const notes = said.map((sentence) => `- ${sentence}\n`).join('');
  const secrets = commands.map((command) => `  ${command}\n`).join('');
  io.stdout(`${written}${changed}`);
  if (notes !== '') io.stdout(`\ndecided:\n${notes}`);
  if (secrets !== '') io.stdout(`\nthe keys were not copied; make the Secrets, each FILE with one value and nothing else:\n${secrets}`);
  const result = analyze(nodeFileSystem(root));
  report([...diagnostics, ...result.diagnostics], new Map([...result.sources, ...covered]));
  const dropped = diagnostics.length > 0 ? `${String(diagnostics.length)} not carried over; ` : '';
  io.stdout(`\n${dropped}the definitions now have ${countProblems(result.diagnostics)}\n`);
  return diagnostics.length > 0 || hasErrors(result.diagnostics) ? 1 : 0;
}

/** Without the byte order mark that programs on Windows write before UTF-8. */
const withoutMark = (bytes: Uint8Array): Uint8Array => (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes);

type Read = readonly [readonly SourceFile[], readonly Diagnostic[]];

function readFiles(io: CliIo, files: readonly string[]): Read {
  const problems: Diagnostic[] = [];
  const sources = files.flatMap((file) => {
    const bytes = readRegularFile(resolve(io.cwd, file), foreignLimits.bytes);
    if (typeof bytes === 'string') {
      problems.push(diagnose('odahu/unreadable-file', { file, path: [] }, { problem: bytes }));
      return [];
    }
    const [source, decodeProblems] = decodeSource(file, withoutMark(bytes));
    problems.push(...decodeProblems);
    return source ? [source] : [];
  });
  return [sources, problems];
}

function targetOf(root: string, team: string): readonly [Target | undefined, readonly Diagnostic[]] {
  const { definitions, sources, holes } = readDefinitions(nodeFileSystem(root));
  const text = sources.get(platformFile);
  if (!definitions.platform || text === undefined || holes.has(platformFile))
    return [undefined, [diagnose('odahu/platform-not-ready', { file: platformFile, path: [] }, {})]];
  const usable = definitions.connections.filter((connection) => connection.team === undefined || connection.team === team);
  return [
    {
      team,
      platform: { text, spec: definitions.platform.spec },
      connections: new Map(usable.map(({ name, spec, place }) => [name, { file: place.file, spec }])),
      exists: (path) => lstat(join(root, path)) !== undefined,
    },
    [],
  ];
}

/** At once: whoever reads the file meanwhile finds the old text or the new one. */
function replaceFile(file: string, text: string): void {
  const staged = `${file}.new`;
  // One that is there already is somebody else's.
  const descriptor = openSync(staged, 'wx', lstatSync(file).mode);
  try {
    try {
      writeFileSync(descriptor, text);
    } finally {
      closeSync(descriptor);
    }
    renameSync(staged, file);
  } catch (error) {
    rmSync(staged, { force: true });
    throw error;
  }
}

export const importCommand: Command = {
  name: 'import',
  summary: 'make definitions of what another system has: odahu',
  usage: 'millrace import odahu FILE… --team TEAM [OPTION…]',
  help: `Reads InferenceServices, InferenceJobs and Connections of ODAHU (documents of its API, its custom resources, several in
a file, or lists of them, as YAML or JSON) and writes definitions for TEAM: services/TEAM/NAME.yaml,
services/connections/NAME.yaml and, for each job, the body of a request, jobs/FILE.json. Comments say what was decided.
Nothing is overwritten. A team and node pools that services/platform.yaml lacks are added there.

Keys are never copied: the commands that make their Secrets are printed, with names only. What cannot be carried over is
listed with the reason.

usage: millrace import odahu FILE… --team TEAM [OPTION…]

  --team TEAM    the team that gets the services; its folder below services/
  --root DIR     the repository; default: the nearest folder upwards with services/platform.yaml
  --format json  one JSON array of diagnostics on standard error, also if it is empty; also: github (annotations), sarif

exit codes: 0 all was carried over and compiles, 1 something was not, or is to be filled in

examples:
  millrace import odahu inferenceservice.yaml inferencejob.yaml --team risk
  kubectl get connections.odahuflow.odahu.org -o yaml > connections.yaml
  millrace import odahu connections.yaml --team risk --root .
`,
  run,
};
