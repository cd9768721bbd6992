/** Folders of test/cases: input in `services/`, what the user must see in `diagnostics.txt`, what must come out in `expected/`. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

export const casesRoot = fileURLToPath(new URL('../cases', import.meta.url));

export interface Case {
  /** Relative to test/cases, `/` between parts. */
  readonly name: string;
  readonly folder: string;
}

const slashes = (path: string): string => path.split(sep).join('/');

/** Every case, sorted. A folder without subfolders of cases has to be one: there is no list that could forget it. */
export function findCases(folder = casesRoot): Case[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  const names = entries.map(({ name }) => name);
  if (['services', 'case.yaml', 'diagnostics.txt', 'expected'].some((name) => names.includes(name))) {
    return [{ name: slashes(relative(casesRoot, folder)), folder }];
  }
  const stray = entries.find((entry) => !entry.isDirectory());
  if (stray) throw new Error(`${join(folder, stray.name)} belongs to no case`);
  const cases = entries
    .map(({ name }) => name)
    .sort()
    .flatMap((name) => findCases(join(folder, name)));
  if (cases.length === 0 && folder !== casesRoot) throw new Error(`${folder} holds no case`);
  return cases;
}

/** Paths of all files below a folder, relative to it, sorted. */
export function listFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => slashes(relative(folder, join(entry.parentPath, entry.name))))
    .sort();
}

/** Optional `case.yaml`. */
interface Options {
  readonly intent?: string;
  /**
   * Files that a disk or git would not keep: other cases of a name, line ends, sizes. A list is one text after the other. A path
   * with `<n>` stands for as many files as its content is repeated.
   */
  readonly files?: Readonly<Record<string, Content | readonly Content[]>>;
}

/** `<n>` in what is repeated is the number of the repetition, from 1. */
type Content = string | { readonly repeat: string; readonly times: number };

const repetitions = (content: Content): readonly string[] =>
  typeof content === 'string' ? [content] : Array.from({ length: content.times }, (_, index) => content.repeat.replaceAll('<n>', String(index + 1)));

/** The input of a case: its `services/` folder and the files of `case.yaml`. */
export function readInput({ folder }: Case): Record<string, string | Uint8Array> {
  const files: Record<string, string | Uint8Array> = {};
  for (const path of listFiles(join(folder, 'services'))) files[`services/${path}`] = new Uint8Array(readFileSync(join(folder, 'services', path)));
  const optionsFile = join(folder, 'case.yaml');
  const options: Options = existsSync(optionsFile) ? parse(readFileSync(optionsFile, 'utf8')) : {};
  for (const [path, content] of Object.entries(options.files ?? {})) {
    const texts = [content].flat().flatMap(repetitions);
    if (path.includes('<n>')) for (const [index, text] of texts.entries()) files[path.replaceAll('<n>', String(index + 1))] = text;
    else files[path] = texts.join('');
  }
  return files;
}

export interface Expectations {
  /** '' where the case has no diagnostics.txt. */
  readonly diagnostics: string;
  /** Undefined where the case has no `expected/`: any output is right. */
  readonly output: Readonly<Record<string, string>> | undefined;
}

export function readExpectations({ folder }: Case): Expectations {
  const diagnosticsFile = join(folder, 'diagnostics.txt');
  const outputFolder = join(folder, 'expected');
  return {
    diagnostics: existsSync(diagnosticsFile) ? readFileSync(diagnosticsFile, 'utf8') : '',
    output: existsSync(outputFolder)
      ? Object.fromEntries(listFiles(outputFolder).map((path) => [path, readFileSync(join(outputFolder, path), 'utf8')]))
      : undefined,
  };
}

/** Rewrites what a case expects, for a person to read the difference. */
export function writeExpectations({ folder }: Case, { diagnostics, output }: Expectations): void {
  const diagnosticsFile = join(folder, 'diagnostics.txt');
  if (diagnostics) writeFileSync(diagnosticsFile, diagnostics);
  else rmSync(diagnosticsFile, { force: true });
  if (!output) return;
  const outputFolder = join(folder, 'expected');
  rmSync(outputFolder, { recursive: true, force: true });
  mkdirSync(outputFolder, { recursive: true });
  for (const [path, text] of Object.entries(output)) {
    mkdirSync(dirname(join(outputFolder, path)), { recursive: true });
    writeFileSync(join(outputFolder, path), text);
  }
}
