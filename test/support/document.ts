/** Whole definitions, as values and as texts. */
import { stringify } from 'yaml';

/** An image's digest, all of one hexadecimal digit. */
export const digestOf = (digit: string): string => `sha256:${digit.repeat(64)}`;

export const document = (kind: string, name: string, spec: unknown): unknown => ({ apiVersion: 'millrace.dev/v1', kind, metadata: { name }, spec });

/** The same as a file has it. */
export const documentText = (kind: string, name: string, spec: unknown): string =>
  stringify(document(kind, name, spec), { aliasDuplicateObjects: false });

/** `spec` is YAML without its own indentation. */
export const writtenDocument = (kind: string, name: string, spec: string): string =>
  `apiVersion: millrace.dev/v1\nkind: ${kind}\nmetadata:\n  name: ${name}\nspec:\n${spec.replace(/^(?=.)/gm, '  ')}`;
