/** What the imported services and jobs do with each connection, and the paths they mean. */
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { spanOf } from './documents.js';
import type { OdahuConnection } from './connection.js';
import { connectionNameOf } from './names.js';
import { folderOf, folderPath, modelPath } from './paths.js';
import type { Reference } from './service.js';

/** A reference as a definition writes it. */
export interface Placed {
  /** Name of the connection. */
  readonly connection: string;
  /** Undefined: only the connection's own path can be meant, and no document says what that is. */
  readonly path: string | undefined;
}

export interface Places {
  readonly folder: (reference: Reference, mode: 'read' | 'write') => Placed | undefined;
  readonly model: (reference: Reference) => Placed | undefined;
  /** Counts a folder as asked for, by the name of its connection. */
  readonly allow: (connection: string, folder: string, mode: 'read' | 'write') => void;
  /** Folders that were asked for, by connection. */
  readonly used: ReadonlyMap<string, { readonly read: ReadonlySet<string>; readonly write: ReadonlySet<string> }>;
}

/**
 * A path that is given takes the place of the connection's own and is not joined to it: that is how ODAHU read it.
 * What a definition cannot name is a warning, and undefined.
 */
export function findPlaces(connections: ReadonlyMap<string, OdahuConnection>, diagnostics: Diagnostic[]): Places {
  const used = new Map<string, { read: Set<string>; write: Set<string> }>();
  const usesOf = (name: string): { read: Set<string>; write: Set<string> } => {
    const uses = used.get(name) ?? { read: new Set(), write: new Set() };
    used.set(name, uses);
    return uses;
  };
  const place = (reference: Reference, mode: 'read' | 'write', toPath: (path: string) => string | undefined): Placed | undefined => {
    const own = connections.get(reference.connection);
    const name = own?.name ?? connectionNameOf(reference.connection);
    const uses = usesOf(name);
    if (reference.path === '' && !own) return { connection: name, path: undefined };
    const path = toPath(reference.path === '' ? (own?.path ?? '') : reference.path);
    if (path === undefined) {
      const what = `a path of connection "${reference.connection}"`;
      const reason = 'it holds characters that no path of a definition may have (letters, digits and ._=+@~- between /)';
      diagnostics.push(diagnose('odahu/not-carried-over', spanOf(reference.item), { what, reason }));
      return undefined;
    }
    uses[mode].add(folderOf(path));
    return { connection: name, path };
  };
  return {
    folder: (reference, mode) => place(reference, mode, folderPath),
    model: (reference) => place(reference, 'read', modelPath),
    allow: (connection, folder, mode) => {
      usesOf(connection)[mode].add(folder);
    },
    used,
  };
}
