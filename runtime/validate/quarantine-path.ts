import { files } from '../../src/contract/paths.js';
import { sha256OfText } from '../base/files.js';

/** Object stores take keys of at most 1,024 bytes, file systems names of at most 255. */
const longestKey = 1024;
const longestName = 255;

/** In the quarantine, names that begin with one "_" are ours: `_errors.jsonl`, `_output/`, `_long/`. */
const ours = '_';
const long = '_long/';

/**
 * Where an invalid input file lies, relative to the quarantine: its own path. No two files have the same one, and none
 * has one of ours: a path that begins with "_" gets one more, and a path that becomes too long is named by its digest.
 */
export const inputQuarantinePath = (path: string, destination: string): string =>
  fitting(path, path.startsWith(ours) ? `${ours}${path}` : path, destination);

/** The same for a file of the predictor, whose path never begins with "_". */
export const outputQuarantinePath = (path: string, destination: string): string => {
  const folder = `${files.outputQuarantine}/`;
  return `${folder}${fitting(path, path, `${destination}${folder}`)}`;
};

function fitting(path: string, wanted: string, destination: string): string {
  const key = `${destination}${files.quarantineFolder}/${wanted}`;
  const fits = Buffer.byteLength(key) <= longestKey && wanted.split('/').every((name) => Buffer.byteLength(name) <= longestName);
  return fits ? wanted : `${long}${sha256OfText(path)}${path.slice(path.lastIndexOf('.'))}`;
}
