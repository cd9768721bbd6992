/** What lies in the stores before the jobs run: requests below `in/`, models below `models/`. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { succeed } from './programs.js';
import { put } from './stores.js';

const predictor = (name: string): Buffer => readFileSync(fileURLToPath(new URL(`../predictors/${name}.mjs`, import.meta.url)));

export const request = (id: string, data: readonly number[], behave?: 'crash' | 'lie'): string =>
  JSON.stringify({ id, ...(behave && { parameters: { behave } }), inputs: [{ name: 'x', datatype: 'FP64', shape: [data.length], data }] });

/** The files of a model that multiplies by ten and holds its predictor: `node FOLDER` runs it. `others` are programs beside it. */
export function putModel(root: string, folder: string, program: string, others: readonly string[] = []): void {
  put(root, `${folder}/package.json`, '{"main": "predictor.mjs"}');
  put(root, `${folder}/model.json`, '{"factor": 10}');
  put(root, `${folder}/predictor.mjs`, predictor(program));
  for (const other of others) put(root, `${folder}/${other}.mjs`, predictor(other));
}

/** The model of that folder once more as `<folder>.zip` and `<folder>.tar.gz`, by Python's own writers. */
export async function packModel(root: string, folder: string): Promise<void> {
  const pack = [
    'import sys, tarfile, zipfile, pathlib',
    'folder = pathlib.Path(sys.argv[1])',
    'files = sorted(path for path in folder.rglob("*") if path.is_file())',
    'with zipfile.ZipFile(f"{folder}.zip", "w", zipfile.ZIP_DEFLATED) as archive:',
    '    for path in files: archive.write(path, path.relative_to(folder))',
    'with tarfile.open(f"{folder}.tar.gz", "w:gz") as archive:',
    '    for path in files: archive.add(path, path.relative_to(folder))',
  ];
  await succeed(['python3', '-c', pack.join('\n'), join(root, folder)]);
}
