import { fileNameProblem } from '../../src/base/file-name.js';
import type { ArchiveLimits } from './limits.js';

export type EntryPath =
  | { readonly path: string; readonly problem?: undefined }
  /** Completes "which …". */
  | { readonly path?: undefined; readonly problem: string };

/**
 * Where an entry goes, relative and without `./` or a final `/`; the empty path is the archive's own root. Nothing is
 * ever put right: a name that has to be changed to be safe is refused.
 */
export function entryPath(name: string, limits: ArchiveLimits): EntryPath {
  const unreadable = fileNameProblem(name);
  if (unreadable !== undefined) return { problem: `has a name that ${unreadable}` };
  // What a reader puts in place of bytes that are no text.
  if (name.includes('\ufffd')) return { problem: 'has a name that is not UTF-8' };
  if (name.startsWith('/') || /^[A-Za-z]:[\\/]/.test(name)) return { problem: 'is an absolute path' };
  if (name.includes('\\')) return { problem: 'has a backslash in its name' };
  const path = name.replace(/^(?:\.\/)+/, '').replace(/\/$/, '');
  if (path === '' || path === '.') return { path: '' };
  const parts = path.split('/');
  if (parts.includes('..')) return { problem: 'leads out of the archive with ".."' };
  if (parts.includes('.') || parts.includes('')) return { problem: 'has an empty part or "." in its path' };
  if (parts.length > limits.depth) return { problem: `is more than ${String(limits.depth)} folders deep` };
  if (Buffer.byteLength(path) > limits.pathBytes || parts.some((part) => Buffer.byteLength(part) > 255)) return { problem: 'has too long a name' };
  return { path };
}
