import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { JobRecord } from '../../src/contract/job-record.js';
import { unpack } from '../archive/unpack.js';
import { failure } from '../base/failure.js';
import { emptyFolder, isMissing, sha256OfFile, sha256OfText } from '../base/files.js';
import { listNamedFiles } from './listing.js';
import { projectFiles, readProjectFile } from './project-file.js';

interface ModelFolders {
  /** Where the predictor reads the model. */
  readonly model: string;
  /** Where an archive was copied to. */
  readonly modelRaw: string;
}

/**
 * Makes the model ready for the predictor and returns its digest, null where it is part of the image: the SHA-256 of
 * the archive, or {@link digestOfFolder}. The digest is compared before anything is unpacked.
 */
export async function prepareModel(model: JobRecord['model'], folders: ModelFolders): Promise<string | null> {
  if (model.kind === 'embedded') return null;
  if (model.form === 'directory') {
    const digest = await digestOfFolder(folders.model);
    if (digest === undefined) throw failure('runtime/missing-model', { uri: model.uri });
    checkDigest(model, digest);
    return digest;
  }
  const archive = join(folders.modelRaw, basename(model.path));
  if (!(await isThere(archive))) throw failure('runtime/missing-model', { uri: model.uri });
  const digest = await sha256OfFile(archive);
  checkDigest(model, digest);
  // What an attempt before this one left.
  await emptyFolder(folders.model);
  await unpack(archive, model.form, folders.model);
  return digest;
}

/**
 * The model with its name and version: the service's, or what the model says of itself where the service says nothing.
 * @param folder the model, as the predictor reads it
 */
export async function nameModel(model: JobRecord['model'], folder: string): Promise<JobRecord['model']> {
  const { name, version } = model;
  if (model.kind === 'embedded' || (name !== undefined && version !== undefined)) return model;
  const own = await readProjectFile(folder);
  const named = { name: name ?? own.name, version: version ?? own.version };
  if (named.name !== undefined && named.version !== undefined) return { ...model, name: named.name, version: named.version };
  const missing = [...(named.name === undefined ? ['name'] : []), ...(named.version === undefined ? ['version'] : [])];
  throw failure('runtime/model-not-named', { uri: model.uri, missing, file: projectFiles[0] });
}

function checkDigest({ uri, sha256 }: { readonly uri: string; readonly sha256?: string }, actual: string): void {
  if (sha256 !== undefined && sha256 !== actual) throw failure('runtime/model-digest', { uri, expected: sha256, actual });
}

/**
 * The SHA-256 of the list of all files, sorted by path, in the format of `sha256sum`, so that anyone can compute it:
 * `find . -type f -printf '%P\0' | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum`. Undefined where there is no file.
 */
export async function digestOfFolder(folder: string): Promise<string | undefined> {
  const paths = await listNamedFiles(folder, 'model');
  if (paths.length === 0) return undefined;
  const lines: string[] = [];
  for (const path of paths) lines.push(`${await sha256OfFile(join(folder, path))}  ${path}\n`);
  return sha256OfText(lines.join(''));
}

async function isThere(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
