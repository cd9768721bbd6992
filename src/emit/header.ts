import { createHash } from 'node:crypto';

/** Version of the header and of what it promises; not the version of this tool, so that an upgrade alone changes no file. */
export const formatVersion = 1;

/** What the first line of one of our files says. */
export interface Header {
  /** Above {@link formatVersion}: a newer millrace wrote the file; then nothing else is known. */
  readonly version: number;
  /** The definition the file was compiled from, relative to the root. */
  readonly source: string;
  readonly sha256: string;
  /** Whether the rest of the file is what the hash was taken of: nobody edited it. */
  readonly intact: boolean;
}

/** Every file that starts with this is ours, whatever happened to it since. */
const ours = /^# millrace ([1-9][0-9]{0,8})(?: ([^\r\n]*))?\r?(?:\n|$)/;
const fields = /^source=(\S+) sha256=([0-9a-f]{64})$/;

/** Whether a file that begins like this may be ours; 11 characters are enough. */
export const startsLikeOurs = (beginning: string): boolean => beginning.startsWith('# millrace ');

/** The header of a file, or undefined where the file is not ours. */
export function parseHeader(text: string): Header | undefined {
  const [line, version, words] = ours.exec(text) ?? [];
  if (line === undefined) return undefined;
  const [, source = '', sha256 = ''] = fields.exec(words ?? '') ?? [];
  const isKnown = Number(version) === formatVersion;
  return { version: Number(version), source, sha256, intact: isKnown && line.endsWith('\n') && sha256Of(text.slice(line.length)) === sha256 };
}

/** A file of ours: the header over the rest. Joined into one piece: it is kept, and would be put together again when it is written. */
export const withHeader = (source: string, rest: string): string =>
  [`# millrace ${formatVersion} source=${source} sha256=${sha256Of(rest)}\n`, rest].join('');

/** Lower-case hexadecimal SHA-256 of a text as UTF-8. */
export const sha256Of = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
