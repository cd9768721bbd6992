/** Keys that would come into the repository: ODAHU let them stand where it liked, and here everything is in git. */
import { secretArguments } from '../check/secret-value.js';
import { isFields } from '../base/fields.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Place } from '../diagnostics/diagnostic.js';
import { secretsInValue } from '../source/find-secrets.js';
import { secretFields } from './connection.js';
import { spanOf, type Resource } from './documents.js';
import type { OdahuService } from './service.js';

/** Arguments that are called like secrets. */
export const secretProgram = ({ spec, command, args }: OdahuService): readonly Diagnostic[] =>
  secretArguments([...command, ...args]).map(({ index, flag }) => {
    const where = index < command.length ? spanOf(spec, 'command', index) : spanOf(spec, 'args', index - command.length);
    return diagnose('check/secret-value', where, { name: flag });
  });

/**
 * Keys in what an import reads of a resource, but for the fields that hold them by right: its id and its spec. What kubectl
 * and ODAHU write beside those, such as the last applied configuration with all of its keys, is passed over.
 */
export function secretsInResource({ id, fields, path, document }: Resource): readonly Diagnostic[] {
  const { spec } = fields;
  const read = isFields(spec) ? Object.fromEntries(Object.entries(spec).filter(([key]) => !secretFields.has(key))) : spec;
  const idPath = 'id' in fields ? ['id'] : ['metadata', 'name'];
  const found: readonly Diagnostic[] = [
    ...secretsInValue(id, { file: document.file, path: [...path, ...idPath] }),
    ...secretsInValue(read, { file: document.file, path: [...path, 'spec'] }),
  ];
  return found.map((diagnostic) => ({ ...diagnostic, where: document.spanOf((diagnostic.where as Place).path), hint }));
}

const hint = 'revoke it, and take it out of the document: an import copies no key, and what a connection needs goes into a Secret';
