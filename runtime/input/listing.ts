import { join } from 'node:path';
import { files } from '../../src/contract/paths.js';
import { failure } from '../base/failure.js';
import { byBytes, listFiles, readIfThere } from '../base/files.js';

/**
 * The input files, sorted: those that sync-data listed, after comparing with those that came. rclone leaves out some
 * names with exit code 0, and a source may change between the listing and the copy.
 */
export async function readListing(data: string): Promise<readonly string[]> {
  const listing = (await readIfThere(join(data, files.listing))) ?? '';
  const listed = listing.split('\n').filter((name) => name !== '');
  const came = new Set(listed.length === 0 ? [] : await listFiles(join(data, files.raw)));
  const missing = listed.filter((name) => !came.has(name));
  const expected = new Set(listed);
  const surplus = [...came].filter((name) => !expected.has(name));
  const first = missing[0] ?? surplus[0];
  if (first !== undefined) throw failure('runtime/incomplete-input', { missing: missing.length, surplus: surplus.length, file: first });
  return [...expected].sort(byBytes);
}
