import { parse } from 'yaml';
import type { Diagnostic, Path } from '../../../src/diagnostics/diagnostic.js';
import { isSpan } from '../../../src/diagnostics/diagnostic.js';
import { parseInput, type ParsedInput } from '../../../src/input/parse-input.js';
import type { SourceDocument } from '../../../src/source/source.js';

export const documentOf = (path: string, text: string): SourceDocument => ({ file: { path, text }, value: parse(text) as unknown });

/** Parses files given as path -> YAML. */
export const parseFiles = (files: Readonly<Record<string, string>>): ParsedInput =>
  parseInput(Object.entries(files).map(([path, text]) => documentOf(path, text)));

/** One line for a diagnostic: `spec.image (key): message [code] hint`. */
export function lineOf({ code, where, message, hint }: Diagnostic): string {
  const place = where && !isSpan(where) ? `${pathText(where.path)}${where.target === 'key' ? ' (key)' : ''}` : '-';
  return `${place}: ${message} [${code}]${hint === undefined ? '' : ` | ${hint}`}`;
}

const pathText = (path: Path): string => (path.length ? path.join('.') : '.');

export const linesOf = (input: ParsedInput): readonly string[] => input.diagnostics.map(lineOf);

/** A whole document, indented as it is; `spec` is YAML without its own indentation. */
export const document = (kind: string, name: string, spec: string): string =>
  `apiVersion: millrace.dev/v1\nkind: ${kind}\nmetadata: {name: ${name}}\nspec:\n${spec.trim().replace(/^/gm, '  ')}\n`;

export const minimal = {
  platform: document(
    'Platform',
    'platform',
    `
target: {kubernetes: "1.34", pipelines: "1.15", triggers: "0.37"}
images: {rclone: docker.io/rclone/rclone:1.75.2, node: docker.io/library/node:22-slim}
teams: [{name: risk, registries: [registry.example.com/risk/]}]`,
  ),
  connection: document('Connection', 'raw', 'type: s3\nbucket: raw-bucket\nregion: eu-central-1\ncredentials: {anonymous: true}'),
  service: document(
    'InferenceService',
    'fraud',
    'image: registry.example.com/risk/fraud:1\ncommand: [python]\nmodelSource: {imagePath: /model, name: fraud, version: "1"}',
  ),
  team: document('Team', 'risk', 'owner: risk@example.com'),
};
