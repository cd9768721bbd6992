import { join } from 'node:path';
import { packageRoot, readFiles, writeFiles } from './command.js';

/** A right repository of one team and one service: what `init` makes, its definitions only. */
export const definitions: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(readFiles(join(packageRoot, 'scaffold/services'))).map(([path, text]) => [`services/${path}`, text]),
);

export const service = 'services/demo/scorer.yaml';

/** Writes the definitions with some of them replaced. */
export function writeRepository(folder: string, changes: Readonly<Record<string, (text: string) => string>> = {}): void {
  writeFiles(folder, Object.fromEntries(Object.entries(definitions).map(([path, text]) => [path, changes[path]?.(text) ?? text])));
}

/** A second service beside the first one, with results of its own. */
export const renamed = (name: string): string =>
  String(definitions[service]).replace('name: scorer\nspec:', `name: ${name}\nspec:`).replace('path: scorer/out/', `path: scorer/${name}/`);
