import { hideSecrets } from '../base/secrets.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { secretsInValue } from '../source/find-secrets.js';
import { plainSpec } from './named.js';

/** What a construct is called in messages: its path, which its author chooses. */
export const constructName = (kind: string, path: string): string => `${kind} ${hideSecrets(path)}`;

/**
 * Keys in plain text in props. Where there is one nothing else is said of the props, which would repeat it.
 *
 * @param props those that are data, by name
 */
export const secretsInProps = (what: string, props: Readonly<Record<string, unknown>>): readonly Diagnostic[] =>
  Object.entries(props).flatMap(([name, value]) => secretsInValue(plainSpec(value), { file: what, path: [name] }));
