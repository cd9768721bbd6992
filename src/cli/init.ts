import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArguments } from './arguments.js';
import { type CliIo, type Command, UsageError } from './command.js';
import { type NewFile, writeNewFiles } from './new-files.js';
import { packageFile, packageVersion } from './package.js';
import { lstat, stat } from './stat.js';

/** Names that start with a dot stand as `dot-…` in the package: npm leaves a file `.gitignore` out of what it publishes. */
const targetPath = (path: string): string =>
  path
    .split(sep)
    .map((part) => part.replace(/^dot-/, '.'))
    .join('/');

function scaffoldFiles(): readonly NewFile[] {
  const folder = fileURLToPath(packageFile('scaffold'));
  const version = packageVersion();
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({
      path: targetPath(relative(folder, file)),
      text: readFileSync(file, 'utf8').replaceAll('__MILLRACE_VERSION__', version),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Files that a new repository often has: its own are kept, because nothing depends on ours. */
const keepable: ReadonlySet<string> = new Set(['README.md', '.gitignore']);

/** Each folder from the new repository down to the file, and the file itself. */
const steps = (path: string): readonly string[] => path.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'));

/** What is there already and in the way: a file that would be written, or anything but a folder where a folder is to be. */
function obstacles(folder: string, files: readonly NewFile[]): readonly string[] {
  const inTheWay = (path: string, file: string): boolean => {
    const found = lstat(join(folder, path));
    return found !== undefined && (path === file || !found.isDirectory());
  };
  return [
    ...new Set(
      files.flatMap((file) =>
        steps(file.path)
          .filter((path) => inTheWay(path, file.path))
          .slice(0, 1),
      ),
    ),
  ];
}

/** What a `.gitignore` that was there lets git see of what we and others leave behind. */
function lackingLines(folder: string, { path, text }: NewFile): string {
  if (path !== '.gitignore') return '';
  const lines = new Set(readFileSync(join(folder, path), 'utf8').split(/\r?\n/));
  const lacking = text.split('\n').filter((line) => line !== '' && !line.startsWith('#') && !lines.has(line));
  return lacking.length > 0 ? `; add to it: ${lacking.join(' ')}` : '';
}

async function run(args: readonly string[], io: CliIo): Promise<number> {
  const { positionals } = parseArguments(args, { 'no-color': { type: 'boolean' } }, { least: 0, most: 1, name: 'DIR' });
  const given = positionals[0] ?? '.';
  if (given === '') throw new UsageError('DIR is empty', 'leave it out for this folder');
  const folder = resolve(io.cwd, given);
  const found = stat(folder);
  if (found && !found.isDirectory()) throw new UsageError(`${given} is no folder`);
  const scaffold = scaffoldFiles();
  const kept = scaffold.filter(({ path }) => keepable.has(path) && lstat(join(folder, path))?.isFile());
  const files = scaffold.filter((file) => !kept.includes(file));
  const taken = obstacles(folder, files);
  if (taken.length > 0) throw new UsageError(`${given} holds already: ${taken.join(', ')}`, 'choose another folder; nothing was written');
  writeNewFiles(folder, files);
  const written = files.map(({ path }) => `written  ${path}\n`);
  const left = kept.map((file) => `kept     ${file.path}, which was there${lackingLines(folder, file)}\n`);
  io.stdout(`${[...written, ...left].join('')}\nnext:\n${given === '.' ? '' : `  cd ${given}\n`}  npx millrace synth\n`);
  return 0;
}

export const initCommand: Command = {
  name: 'init',
  summary: 'create a repository of definitions that compiles as it is',
  usage: 'millrace init [DIR]',
  help: `Creates a repository of definitions in DIR (default: this folder): the platform, three connections, one service with a
tiny model, input and predictor, CODEOWNERS, a workflow for GitHub Actions and a README that says what to replace.
It compiles as it is. Nothing is overwritten: a README.md or .gitignore that is there is kept, and a folder that holds
another of these files is left alone.

usage: millrace init [DIR]

example:
  millrace init my-services
`,
  run,
};
