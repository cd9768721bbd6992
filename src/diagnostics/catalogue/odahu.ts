import { error, warning } from '../define.js';

export const odahuCatalogue = {
  'odahu/unknown-kind': error<{ found: string; known: readonly string[] }>(
    ({ found }) => `${found} is nothing that ODAHU's batch inference knows`,
    ({ known }) => `documents of ODAHU are ${known.join(', ')}; take the others out of the file`,
  ),
  'odahu/missing-field': error<{ kind: string; field: string }>(
    ({ kind, field }) => `${kind} has no ${field}`,
    () => 'ODAHU itself would refuse the document: export it again, or complete it',
  ),
  'odahu/wrong-type': error<{ field: string; expected: string; found: string }>(
    ({ field, expected, found }) => `${field} is ${found}, but must be ${expected}`,
    () => 'ODAHU itself would refuse the document: export it again, or correct it',
  ),
  'odahu/bad-uri': error<{ type: string; form: string }>(
    ({ type }) => `this uri names no place in a store of type ${type}`,
    ({ form }) => `ODAHU expects ${form}`,
  ),
  'odahu/duplicate-id': error<{ kind: string; id: string }>(
    ({ kind, id }) => `${kind} "${id}" is given twice`,
    () => 'ODAHU has one of them only: leave the other one out',
  ),
  'odahu/same-name': error<{ kind: string; id: string; name: string; other: string }>(
    ({ kind, id, name, other }) => `${kind} "${id}" and "${other}" would both be called ${name}`,
    ({ kind, id }) =>
      kind === 'Connection'
        ? `names of connections are lower-case letters, digits and "-": give "${id}" another id in the documents, also where services and jobs name it`
        : `names of services have at most 25 characters: import "${id}" on its own with a shorter id, and set its serviceId in the file afterwards`,
  ),
  'odahu/file-exists': error<{ path: string; what: string }>(
    ({ path, what }) => `${path} is there already: ${what}`,
    ({ path }) => `nothing was written; move ${path} away, or take the document out of the import`,
  ),
  'odahu/too-large': error<{ tokens: number }>(
    ({ tokens }) => `this file has more than ${String(tokens)} tokens`,
    () => 'split it, or export it as JSON, of which more can be read',
  ),
  'odahu/nothing-found': error(
    () => 'there is no resource of ODAHU in this file',
    () => 'give files that hold a Connection, InferenceService or InferenceJob of ODAHU',
  ),
  'odahu/unreadable-file': error<{ problem: string }>(
    ({ problem }) => `this file cannot be imported: ${problem}`,
    () => 'give a regular file of YAML or JSON, of at most 4 MiB',
  ),
  'odahu/platform-not-ready': error(
    () => 'services/platform.yaml has errors, so nothing can be added to it',
    () => 'run "millrace check services/platform.yaml" and correct it first',
  ),
  'odahu/not-carried-over': warning<{ what: string; reason: string }>(({ what, reason }) => `${what} is not carried over: ${reason}`),
};
