/** Whose certificates count where an authority is named besides those that are known. */
import { readFileSync } from 'node:fs';
import * as tls from 'node:tls';

/**
 * A list that is given to TLS replaces what Node knows by itself, so it holds that, too: its own authorities, those of the file in
 * NODE_EXTRA_CA_CERTS and, from Node 22.15 on, those of the system where Node was told to use them.
 *
 * @param own PEM
 */
export function authoritiesWith(own: string, env: Readonly<Record<string, string | undefined>>): readonly string[] {
  // Not there before Node 22.15.
  const { getCACertificates } = tls as { readonly getCACertificates?: (type: 'default') => readonly string[] };
  if (typeof getCACertificates === 'function') return [...getCACertificates('default'), own];
  return [...tls.rootCertificates, ...extraOf(env['NODE_EXTRA_CA_CERTS']), own];
}

/** Node itself warns of a file that cannot be read, and goes on. */
function extraOf(file: string | undefined): readonly string[] {
  if (file === undefined || file === '') return [];
  try {
    return [readFileSync(file, 'utf8')];
  } catch {
    return [];
  }
}
