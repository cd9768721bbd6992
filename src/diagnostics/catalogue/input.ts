import { error } from '../define.js';
import { quote, visible } from '../words.js';

/** A hint, or none where the caller found nothing to say. */
export interface Hinted {
  readonly hint: string | undefined;
}
const given = ({ hint }: Hinted): string | undefined => hint;

/** What is wrong in a file of an encrypted Secret; no value is ever among it. */
export interface AboutSecretFile {
  readonly subject: string;
  /** Completes the subject. */
  readonly problem: string;
  readonly hint: string;
}

export const inputCatalogue = {
  // Which document this is.
  'input/missing-platform': error<{ readonly problem: 'is missing' | 'is empty' }>(
    ({ problem }) => `services/platform.yaml ${problem}`,
    () => '`millrace init` writes one to start from',
  ),
  'input/empty-document': error<{ readonly kind: string }>(
    ({ kind }) => `the file is empty, ${kind} belongs here`,
    () => 'write the document, or remove the file',
  ),
  'input/not-a-map': error<{ readonly found: string; readonly kind: string }>(
    ({ found, kind }) => `the document is ${found}, ${kind} belongs here`,
    () => 'a document begins with apiVersion: millrace.dev/v1',
  ),
  'input/odahu-document': error<{ readonly kind: string }>(
    ({ kind }) => `this is ODAHU's own document (${kind}), which is not read`,
    () => 'write it as a millrace.dev/v1 document: the page of this code shows which field becomes which',
  ),
  'input/kubernetes-object': error<{ readonly apiVersion: string; readonly kind: string } & Hinted>(
    ({ apiVersion, kind }) => `this is a Kubernetes object (${kind} of ${apiVersion}), not a definition`,
    given,
  ),
  'input/wrong-kind': error<{ readonly found: string; readonly expected: string } & Hinted>(
    ({ found, expected }) => `kind is ${found}, but ${expected} belongs in this file`,
    given,
  ),
  'input/api-version': error<{ readonly found: string; readonly expected: string }>(
    ({ found, expected }) => `apiVersion is ${found}, but only ${expected} is known`,
    ({ expected }) => `write apiVersion: ${expected}`,
  ),
  'input/name-differs-from-file': error<{ readonly name: string; readonly expected: string; readonly what: 'file' | 'folder' }>(
    ({ name, expected, what }) => `metadata.name is ${quote(name)}, but the ${what} is called ${quote(expected)}`,
    ({ name, expected, what }) => `give both the same name: rename the ${what} to ${visible(name)}, or write name: ${visible(expected)}`,
  ),
  'input/reserved-name': error<{ readonly name: string; readonly why: string }>(
    ({ name, why }) => `the name ${quote(name)} is reserved: ${why}`,
    () => 'choose another name',
  ),

  // What is in it.
  'input/unknown-field': error<{ readonly field: string; readonly parent: string } & Hinted>(
    ({ field, parent }) => `${parent} has no field ${field}`,
    given,
  ),
  'input/missing-field': error<{ readonly field: string; readonly parent: string } & Hinted>(
    ({ field, parent }) => `${parent} lacks the field ${field}`,
    given,
  ),
  'input/missing-command': error<{ readonly problem: 'is missing' | 'is empty' | 'names no program' }>(
    ({ problem }) => `the command of the service ${problem}`,
    () => "the image's entrypoint is never used: give the program, for example command: [python]",
  ),
  'input/wrong-type': error<{ readonly field: string; readonly expected: string; readonly found: string } & Hinted>(
    ({ field, expected, found }) => `${field} must be ${expected}, but is ${found}`,
    given,
  ),
  'input/not-one-of': error<{ readonly field: string; readonly allowed: string; readonly found: string } & Hinted>(
    ({ field, allowed, found }) => `${field} must be ${allowed}, but is ${found}`,
    given,
  ),
  'input/name': error<{ readonly subject: string; readonly rule: string } & Hinted>(({ subject, rule }) => `${subject} ${rule}`, given),
  'input/wrong-form': error<{ readonly field: string; readonly form: string } & Hinted>(({ field, form }) => `${field} must be ${form}`, given),
  'input/too-long': error<{ readonly field: string; readonly length: number; readonly limit: number }>(
    ({ field, length, limit }) => `${field} has ${length} characters, at most ${limit} are allowed`,
  ),
  'input/empty': error<{ readonly field: string } & Hinted>(({ field }) => `${field} must not be empty`, given),
  'input/too-many': error<{ readonly field: string; readonly count: number; readonly limit: number; readonly items: 'items' | 'entries' }>(
    ({ field, count, limit, items }) => `${field} has ${count} ${items}, at most ${limit} are allowed`,
  ),
  'input/out-of-range': error<{ readonly field: string; readonly minimum: number; readonly maximum: number; readonly found: string }>(
    ({ field, minimum, maximum, found }) => `${field} must be from ${minimum} to ${maximum}, but is ${found}`,
  ),
  'input/exactly-one': error<{ readonly field: string; readonly choices: string; readonly found: string } & Hinted>(
    ({ field, choices, found }) => `${field} must have exactly one of ${choices}, but has ${found}`,
    given,
  ),
  'input/target-too-old': error<{ readonly what: string; readonly found: string; readonly minimum: string }>(
    ({ what, found, minimum }) => `${what} ${found} is too old: the output needs ${minimum} or later`,
    ({ minimum }) => `update the cluster, then write "${minimum}" or what it has`,
  ),
  'input/too-many-problems': error<{ readonly more: number; readonly atLeast: boolean }>(
    ({ more, atLeast }) => `this file has ${atLeast ? 'at least ' : ''}${more} more ${more === 1 ? 'problem' : 'problems'}, not shown here`,
    () => 'correct those that are shown first',
  ),

  // Files of encrypted Secrets
  'input/secret-file': error<AboutSecretFile>(
    ({ subject, problem }) => `${subject} ${problem}`,
    ({ hint }) => hint,
  ),
  'input/plain-secret': error<AboutSecretFile>(
    ({ subject, problem }) => `${subject} ${problem}`,
    ({ hint }) => hint,
  ),
};
