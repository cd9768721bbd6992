import { escapeUnsafeJson } from '../../base/text.js';
import { docsPage, isSpan, type Diagnostic, type Where } from '../diagnostic.js';
import { positionOf, tablesOf, type Tables } from './position.js';
import type { Renderer } from './renderer.js';

const levels = { error: 'error', warning: 'warning', info: 'note' } as const;

/**
 * One run of the Static Analysis Results Interchange Format, as code scanning reads it.
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export const renderSarif: Renderer = (diagnostics, sources) => {
  const tables = tablesOf(sources);
  const codes = [...new Set(diagnostics.map(({ code }) => code))].sort();
  const log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: { name: 'millrace', rules: codes.map((code) => ({ id: code, help: { text: `millrace explain ${code}, or ${docsPage(code)}` } })) },
        },
        columnKind: 'utf16CodeUnits',
        results: diagnostics.map((diagnostic) => ({
          ruleId: diagnostic.code,
          ruleIndex: codes.indexOf(diagnostic.code),
          level: levels[diagnostic.severity],
          message: { text: textOf(diagnostic) },
          locations: locations(diagnostic.where, tables),
          ...(diagnostic.related.length === 0
            ? {}
            : {
                relatedLocations: diagnostic.related.flatMap(({ message, where }) =>
                  locations(where, tables).map((location) => ({ ...location, message: { text: message } })),
                ),
              }),
        })),
      },
    ],
  };
  return escapeUnsafeJson(`${JSON.stringify(log, undefined, 2)}\n`);
};

const textOf = ({ message, hint }: Diagnostic): string => (hint === undefined ? message : `${message} (${hint})`);

function locations(where: Where | undefined, tables: Tables): readonly object[] {
  if (!where) return [];
  const position = positionOf(where, tables);
  const region = position && {
    startLine: position.line,
    startColumn: position.column,
    endLine: position.endLine,
    endColumn: position.endColumn,
    ...(isSpan(where) && where.window ? { byteOffset: where.start } : {}),
  };
  const uri = where.file.split('/').map(encodeURIComponent).join('/');
  return [{ physicalLocation: { artifactLocation: { uri }, ...(region ? { region } : {}) } }];
}
