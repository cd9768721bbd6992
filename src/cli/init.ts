import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeDisk } from '../emit/disk.js';
import { makeFolders } from '../emit/make-folders.js';
import { parseArguments } from './arguments.js';
import { type CliIo, type Command, UsageError } from './command.js';
import { packageFile, packageVersion } from './package.js';
import { lstat, stat } from './stat.js';

interface ScaffoldFile {
  /** Relative to the new repository. */
  readonly path: string;
  readonly text: string;
}

/** Names that start with a dot stand as `dot-…` in the package: npm leaves a file `.gitignore` out of what it publishes. */
const targetPath = (path: string): string =>
  path
    .split(sep)
    .map((part) => part.replace(/^dot-/, '.'))
    .join('/');

function scaffoldFiles(): readonly ScaffoldFile[] {
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

/** Each folder from the new repository down to the file, and the file itself. */
const steps = (path: string): readonly string[] => path.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'));

/** What is there already and in the way: a file that would be written, or anything but a folder where a folder is to be. */
function obstacles(folder: string, files: readonly ScaffoldFile[]): readonly string[] {
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

function writeAll(folder: string, files: readonly ScaffoldFile[]): void {
  // What was made is taken away again if a later file cannot be written, the innermost first.
  const made: string[] = [];
  try {
    for (const { path, text } of files) {
      const file = join(folder, path);
      const first = makeFolders(dirname(file), nodeDisk);
      if (first !== undefined) made.push(first);
      // Never over a file that somebody made meanwhile.
      writeFileSync(file, text, { flag: 'wx' });
      made.push(file);
    }
  } catch (error) {
    for (const path of made.reverse()) rmSync(path, { recursive: true, force: true });
    throw new UsageError(`cannot write there: ${error instanceof Error ? error.message : String(error)}`, 'nothing was left behind');
  }
}

async function run(args: readonly string[], io: CliIo): Promise<number> {
  const { positionals } = parseArguments(args, { 'no-color': { type: 'boolean' } }, { least: 0, most: 1, name: 'DIR' });
  const given = positionals[0] ?? '.';
  const folder = resolve(io.cwd, given);
  const found = stat(folder);
  if (found && !found.isDirectory()) throw new UsageError(`${given} is no folder`);
  const files = scaffoldFiles();
  const taken = obstacles(folder, files);
  if (taken.length > 0) throw new UsageError(`${given} holds already: ${taken.join(', ')}`, 'choose another folder; nothing was written');
  writeAll(folder, files);
  io.stdout(`${files.map(({ path }) => `written  ${path}\n`).join('')}\nnext:\n${given === '.' ? '' : `  cd ${given}\n`}  millrace synth\n`);
  return 0;
}

export const initCommand: Command = {
  name: 'init',
  summary: 'create a repository of definitions that compiles as it is',
  usage: 'millrace init [DIR]',
  help: `Creates a repository of definitions in DIR (default: this folder): the platform, three connections, one service with a
tiny model, input and predictor, CODEOWNERS, a workflow for GitHub Actions and a README that says what to replace.
It compiles as it is. A folder that holds one of these files already is left alone.

usage: millrace init [DIR]

example:
  millrace init my-services
`,
  run,
};
