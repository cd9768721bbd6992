import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { parseHeader } from '../../../src/emit/header.js';
import { renderFile } from '../../../src/emit/render-file.js';

const file = renderFile({
  path: 'risk/fraud.yaml',
  source: 'services/risk/fraud.yaml',
  manifests: [
    { kind: 'Task', apiVersion: 'tekton.dev/v1', metadata: { name: 'fraud' } },
    { kind: 'Trigger', apiVersion: 'triggers.tekton.dev/v1beta1', metadata: { name: 'fraud' } },
  ],
});

describe('renderFile', () => {
  it('writes header, notice and one document for each object', () => {
    const rest = [
      '# Generated from services/risk/fraud.yaml. Do not edit: change that file and run `npx millrace synth`.',
      'apiVersion: tekton.dev/v1',
      'kind: Task',
      'metadata:',
      '  name: fraud',
      '---',
      'apiVersion: triggers.tekton.dev/v1beta1',
      'kind: Trigger',
      'metadata:',
      '  name: fraud',
      '',
    ].join('\n');
    const sha256 = createHash('sha256').update(rest).digest('hex');
    expect(file).toEqual({ path: 'risk/fraud.yaml', text: `# millrace 1 source=services/risk/fraud.yaml sha256=${sha256}\n${rest}` });
    expect(parseAllDocuments(file.text)).toHaveLength(2);
  });

  it('refuses a source that the header could not hold', () => {
    expect(() => renderFile({ path: 'a.yaml', source: 'a b', manifests: [] })).toThrow('the header cannot hold the source "a b"');
  });
});

describe('parseHeader', () => {
  it('knows an unedited file of ours', () => {
    expect(parseHeader(file.text)).toEqual({ version: 1, source: 'services/risk/fraud.yaml', sha256: file.text.slice(52, 116), intact: true });
  });

  it.each([
    ['another value', file.text.replace('Task', 'Job')],
    ['a line at the end', `${file.text}# mine\n`],
    ['CRLF', file.text.replaceAll('\n', '\r\n')],
    ['half of it', file.text.slice(0, 200)],
    ['nothing but the header', file.text.split('\n', 1).join('')],
    ['a header without hash', file.text.replace(/ sha256=\S+/, '')],
    ['a header without source', file.text.replace(/ source=\S+/, '')],
    ['a header without both', file.text.replace(/ source=\S+ sha256=\S+/, '')],
  ])('knows a file of ours that was edited: %s', (_, text) => {
    expect(parseHeader(text)).toMatchObject({ version: 1, intact: false });
  });

  it('takes a file of a newer format for ours and not for intact', () => {
    expect(parseHeader('# millrace 2 anything\na: 1\n')).toEqual({ version: 2, source: '', sha256: '', intact: false });
  });

  it.each([
    '',
    'a: 1\n',
    '# millrace\n',
    '# millrace 1x\n',
    '# millrace one source=a\n',
    '#millrace 1 \n',
    '\ufeff# millrace 1 source=a\n',
    ` ${file.text}`,
    '---\n# millrace 1\n',
  ])('takes %j for the file of someone else', (text) => {
    expect(parseHeader(text)).toBeUndefined();
  });
});
