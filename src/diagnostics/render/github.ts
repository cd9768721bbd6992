import { escapeUnsafe } from '../../base/text.js';
import { positionOf, tablesOf } from './position.js';
import type { Renderer } from './renderer.js';

const commands = { error: 'error', warning: 'warning', info: 'notice' } as const;

/** The escapes of workflow commands: a value ends at the line, and a property at a comma or colon, too. */
const escapeText = (text: string): string => escapeUnsafe(text).replaceAll('%', '%25');
const escapeProperty = (text: string): string => escapeText(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/**
 * Workflow commands, which GitHub shows as annotations of a pull request.
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
export const renderGithub: Renderer = (diagnostics, sources) => {
  const tables = tablesOf(sources);
  return diagnostics
    .map(({ code, severity, message, where, hint }) => {
      const position = positionOf(where, tables);
      const properties = {
        ...(where ? { file: where.file } : {}),
        ...(position ? { line: position.line, endLine: position.endLine, col: position.column, endColumn: position.endColumn } : {}),
        title: code,
      };
      const listed = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
      return `::${commands[severity]} ${listed.join(',')}::${escapeText(hint === undefined ? message : `${message} (${hint})`)}\n`;
    })
    .join('');
};
