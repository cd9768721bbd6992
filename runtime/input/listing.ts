import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeName, fileNameProblem, notUtf8, showBytes } from '../../src/base/file-name.js';
import { files } from '../../src/contract/paths.js';
import { failure } from '../base/failure.js';
import { byBytes, isLostAndFound, isMissing } from '../base/files.js';

type Place = 'data source' | 'model';

/**
 * The input files, sorted: those that sync-data listed, after comparing with those that came. rclone leaves out some
 * names with exit code 0, and a source may change between the listing and the copy.
 */
export async function readListing(data: string): Promise<readonly string[]> {
  const listed = await readNames(join(data, files.listing));
  const came = new Set(listed.length === 0 ? [] : await listNamedFiles(join(data, files.raw), 'data source'));
  const missing = listed.filter((name) => !came.has(name));
  const rewritten = missing.find((name) => rewrittenByRclone.test(name));
  if (rewritten !== undefined) throw failure('runtime/bad-file-name', { place: 'data source', file: rewritten, problem: 'cannot be that of a file' });
  const expected = new Set(listed);
  const surplus = [...came].filter((name) => !expected.has(name));
  const first = missing[0] ?? surplus[0];
  if (first !== undefined) throw failure('runtime/incomplete-input', { missing: missing.length, surplus: surplus.length, file: first });
  return [...expected].sort(byBytes);
}

/**
 * What rclone lists in place of a character that its own names cannot hold (pictures of control characters), and its
 * escape for these.
 * @see https://rclone.org/overview/#restricted-filenames
 */
const rewrittenByRclone = /[\u2400-\u2421\u201b]/;

/** One name a line, as bytes: the listing is not ours. */
async function readNames(path: string): Promise<readonly string[]> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
  const names: string[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(0x0a, start);
    const line = bytes.subarray(start, end < 0 ? bytes.length : end);
    if (line.length > 0) names.push(nameOf(line, '', 'data source'));
    start += line.length + 1;
  }
  return names;
}

/**
 * All files below a folder that rclone filled, relative and sorted. Links and the like are no files; a name that is no
 * text is a failure.
 */
export async function listNamedFiles(root: string, place: Place): Promise<readonly string[]> {
  const found: string[] = [];
  const visit = async (folder: string): Promise<void> => {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true, encoding: 'buffer' })) {
      const path = nameOf(entry.name, folder === '' ? '' : `${folder}/`, place);
      if (path === 'lost+found' && isLostAndFound(path, (await lstat(join(root, path))).uid)) continue;
      if (entry.isDirectory()) await visit(path);
      else if (entry.isFile()) found.push(path);
    }
  };
  await visit('');
  return found.sort(byBytes);
}

function nameOf(bytes: Uint8Array, prefix: string, place: Place): string {
  const name = decodeName(bytes);
  if (name === undefined) throw failure('runtime/bad-file-name', { place, file: `${prefix}${showBytes(bytes)}`, problem: notUtf8 });
  const problem = fileNameProblem(name);
  if (problem !== undefined) throw failure('runtime/bad-file-name', { place, file: `${prefix}${name}`, problem });
  return `${prefix}${name}`;
}
