import { error, warning } from '../define.js';
import { listed, quote } from '../words.js';

/** A path is as the user would type it: `dist/risk/fraud-scorer.yaml`. */
export interface AtPath {
  readonly path: string;
}

/** A path as it is; in quotes where a name on disk, which anybody may have made, holds characters that act on a terminal. */
const shown = (path: string): string => (/^[ -~]+$/.test(path) ? path : quote(path));

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

export const emitCatalogue = {
  // What is in the output folder: plan.
  'emit/foreign-file': warning<AtPath>(
    ({ path }) => `${shown(path)} was not written by millrace, and is left alone`,
    () => 'move it elsewhere: what is synced from this folder should all come from the definitions',
  ),
  'emit/foreign-manifest': error<AtPath>(
    ({ path }) => `${shown(path)} was not written by millrace, and a GitOps engine would apply it with what was`,
    () => 'move it to a folder of your own, and sync that too, or remove it',
  ),
  'emit/foreign-in-the-way': error<AtPath & { readonly source: string }>(
    ({ path, source }) => `${shown(path)} was not written by millrace, so the output of ${source} cannot take its place`,
    () => 'move it elsewhere or remove it',
  ),
  'emit/hand-edited': error<AtPath & { readonly folder: string; readonly source: string; readonly onlyLineEnds: boolean }>(
    ({ path, onlyLineEnds }) =>
      onlyLineEnds ? `${shown(path)} has CRLF line ends, millrace wrote LF` : `${shown(path)} was edited after millrace wrote it`,
    ({ path, folder, source, onlyLineEnds }) =>
      onlyLineEnds
        ? `add "${folder}/** -text" to .gitattributes, remove ${shown(path)} and synth again`
        : `make the change in ${shown(source || 'the definition it comes from')}; then remove ${shown(path)} and synth again`,
  ),
  'emit/newer-format': error<AtPath & { readonly version: number; readonly known: number }>(
    ({ path, version, known }) => `${shown(path)} has format ${version}, this millrace knows ${known}`,
    () => 'use the newer millrace that wrote it, or remove the file and synth again',
  ),
  'emit/empty-result': error<{ readonly folder: string }>(
    ({ folder }) => `the definitions compile to nothing, which would empty ${folder}/`,
    () => 'if that is meant, give --allow-empty',
  ),
  'emit/many-removals': error<{ readonly removed: readonly string[]; readonly of: number }>(
    ({ removed, of }) => `${removed.length} of ${plural(of, 'service')} would be removed: ${listed(removed.map(shown))}`,
    () => 'if that is meant, give --allow-removals',
  ),

  'emit/too-many-problems': warning<{ readonly folder: string; readonly code: string; readonly more: number }>(
    ({ folder, code, more }) => `${folder}/ has ${more} more ${more === 1 ? 'problem' : 'problems'} of the kind ${code}, not shown here`,
    () => 'correct those that are shown first',
  ),

  // What the disk holds and does: writer.
  'emit/not-a-file': error<AtPath & { readonly found: string }>(
    ({ path, found }) => `${shown(path)} is a ${found}, and only regular files belong in the output`,
    () => 'move it elsewhere or remove it',
  ),
  'emit/not-a-folder': error<AtPath & { readonly found: string }>(
    ({ path, found }) => `${shown(path)} is a ${found} where a folder belongs`,
    () => 'move it elsewhere or remove it',
  ),
  'emit/other-file-system': error<AtPath>(
    ({ path }) => `${shown(path)} is on another file system than the folder it is in, so files cannot be moved into it in one step`,
    () => 'mount the folder that holds it instead',
  ),
  'emit/cannot-read': error<AtPath & { readonly reason: string }>(({ path, reason }) => `${shown(path)} cannot be read: ${reason}`),
  'emit/cannot-write': error<AtPath & { readonly folder: string; readonly reason: string }>(
    ({ path, folder, reason }) => `${shown(path)} cannot be written: ${reason}; ${folder}/ is as it was`,
  ),
  'emit/cannot-undo': error<AtPath & { readonly folder: string; readonly stage: string; readonly reason: string }>(
    ({ path, folder, reason }) => `${shown(path)} cannot be written: ${reason}; ${folder}/ is half written, and nothing is lost`,
    ({ stage }) => `both versions are in ${stage}: when the cause is gone, any synth finishes or undoes the write`,
  ),
  'emit/changed-meanwhile': error<AtPath>(
    ({ path }) => `${shown(path)} was changed by someone else during this run, and nothing was written`,
    () => 'run the command again',
  ),
  'emit/locked': error<{ readonly folder: string; readonly holder: string; readonly lock: string }>(
    ({ folder, holder }) => `${folder}/ is being written by ${holder}`,
    ({ lock }) => `wait for it; if it does not exist any more, remove ${lock}`,
  ),
  'emit/interrupted-write': warning<{ readonly folder: string; readonly outcome: 'finished' | 'undone' }>(
    ({ folder, outcome }) => `an earlier write of ${folder}/ was interrupted, and has been ${outcome} now`,
    ({ outcome }) => (outcome === 'undone' ? 'synth again to bring the output up to date' : undefined),
  ),
  'emit/unreadable-journal': error<AtPath & { readonly folder: string; readonly stage: string }>(
    ({ path, folder }) => `an earlier write of ${folder}/ was interrupted, and its record ${shown(path)} cannot be understood`,
    ({ folder, stage }) => `remove ${stage}, look at ${folder}/ with git diff, and synth again`,
  ),
};
