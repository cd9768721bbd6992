import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { emitYaml } from '../../../src/emit/yaml.js';
import { cpuMilliseconds } from '../../support/cpu-time.js';

const lines = (...text: string[]): string => `${text.join('\n')}\n`;

describe('strings', () => {
  // Each is plain text to a human and something else to at least one reader.
  const nasty = [
    ...['y', 'Y', 'n', 'N', 'yes', 'Yes', 'NO', 'on', 'On', 'OFF', 'true', 'True', 'FALSE', 'null', 'Null', '~', ''],
    ...[
      '0',
      '1',
      '-1',
      '+1',
      '0777',
      '0o17',
      '0x1F',
      '0b1',
      '1_000',
      '1,000',
      '1.',
      '.5',
      '1.5',
      '1e3',
      '1E3',
      '-1e-3',
      'e3',
      'e+0',
      'E5',
      '-e3',
      '-e-3',
      '1.75.2',
      '1e',
    ],
    ...['12:30', '12:30:45', '190:20:30.15', '1:1', '2001-12-14', '2001-12-14t21:59:43.10-05:00', '2001-12-14 21:59:43', '20011214'],
    ...[
      '.inf',
      '-.Inf',
      '.nan',
      '.NaN',
      '=',
      '<<',
      '!',
      '!!str',
      '!tag x',
      '&a',
      '*a',
      '&',
      '*',
      '?',
      '? a',
      '-',
      '- a',
      '--',
      '---',
      '--- a',
      '...',
      '... a',
    ],
    ...[
      '#',
      '# a',
      'a #b',
      'a# b',
      ': a',
      'a: b',
      'a:',
      ':a',
      ':',
      '::',
      'a:b',
      'a :b',
      '%',
      '%YAML 1.1',
      '@a',
      '`a`',
      '|',
      '>',
      '|-',
      '>+',
      "'",
      '"',
      "'a'",
      '"a"',
    ],
    ...[
      '{}',
      '[]',
      '{a: b}',
      '[a]',
      '{',
      '[',
      '}',
      ']',
      ',',
      'a,b',
      'a, b',
      'a{b}',
      ' a',
      'a ',
      '\ta',
      'a\t',
      'a\tb',
      'a  b',
      '  ',
      '\\',
      'a\\b',
      '\\n',
    ],
    ...[
      'a\r',
      'a\rb',
      'a\r\nb',
      'a\u0000',
      '\u001b[0m',
      'a\u007f',
      'a\u0085b',
      'a\u00a0',
      'a\u2028b',
      'a\u2029b',
      '\ufeffa',
      'a\ufffe',
      'a\u202eb',
      'a\u00adb',
      '\u{10ffff}',
      'é',
      '日本',
      '😀',
    ],
    ...[
      '$(params.x)',
      '$',
      '--flag',
      '-f',
      '--flag=a b',
      'sh -ec',
      '/mnt/job/data',
      '(a)',
      '_',
      'nan',
      'inf',
      'a'.repeat(5000),
      '500m',
      '8Gi',
      '1h30m0s',
      '0.5',
      '5x',
      '0m',
      '1e3m',
    ],
  ];

  it.each([...nasty.map((text) => [JSON.stringify(text).slice(0, 40), text])])('comes back from every schema: %s', (_, text) => {
    const value = { [text.slice(0, 500)]: text, list: [text, [text], { [text.slice(0, 500)]: text }] };
    const emitted = emitYaml(value);
    for (const version of ['1.1', '1.2'] as const) expect(parse(emitted, { version })).toEqual(value);
    expect(parse(emitted, { schema: 'core' })).toEqual(value);
    expect(parse(emitted, { schema: 'failsafe' })).toEqual(value);
  });

  it('needs no quotes for what definitions are full of', () => {
    const plain = [
      'fraud-scorer',
      'tekton.dev/v1',
      'docker.io/library/node:22-slim@sha256:0a1b',
      '--stats-one-line',
      '-ec',
      '$(params.dataPath)',
      'Scores card transactions',
    ];
    const more = [
      '500m',
      '8Gi',
      '1h0m0s',
      'body.kind == "InferenceJob" && body.spec.size() <= 4',
      'X-Hub-Signature-256',
      "it's",
      'a {b} [c]',
      'LOG_LEVEL=info',
    ];
    expect(emitYaml([...plain, ...more])).toBe([...plain, ...more].map((text) => `- ${text}\n`).join(''));
  });

  it('escapes as JSON does, and what JSON leaves bare too', () => {
    expect(emitYaml(['a\t"b"\\', '\u0000\u007f\u0085\u2028\ufeff\u202e'])).toBe(
      '- "a\\t\\"b\\"\\\\"\n- "\\u0000\\u007f\\u0085\\u2028\\ufeff\\u202e"\n',
    );
  });

  it('escapes nothing in JSON text, so that it can be read', () => {
    expect(emitYaml({ config: '{"path":"a\\u0024b","empty":""}', both: `{"it's"}` })).toBe(
      lines('both: "{\\"it\'s\\"}"', `config: '{"path":"a\\u0024b","empty":""}'`),
    );
  });
});

describe('text of several lines', () => {
  it('is a literal block, chomped as the text ends', () => {
    expect(emitYaml({ a: 'x\ny', b: 'x\n\n  y\n', c: 'x\n\n\n', d: ['x\n', { e: 'x\n# y' }] })).toBe(
      lines('a: |-', '  x', '  y', 'b: |', '  x', '', '    y', 'c: |+', '  x', '', '', 'd:', '- |', '  x', '- e: |-', '    x', '    # y'),
    );
  });

  it.each([
    '\na',
    ' a\nb',
    '\ta\nb',
    'a \nb',
    'a\t\nb',
    'a\n ',
    'a\n\t\n',
    '\n',
    '\n\n',
    'a\r\nb',
    'a\nb\u0000',
    'a\n\u2028',
    'a\n\u0085b',
    '\u00a0\na',
  ])('is in double quotes where a block could change it: %j', (text) => {
    expect(emitYaml({ text })).toMatch(/^text: ".*"\n$/);
    expect(parse(emitYaml({ text }))).toEqual({ text });
  });

  it('comes back byte for byte with very long lines, backslashes, tabs, markers and what looks like YAML', () => {
    const text = `import{a}from"b";const c=\`\${d}\\n\t\`;\n${'x'.repeat(150_000)}\n---\n...\n%YAML\n# e: f\n- "g\n\n\n\tt\n    h: |\n end: \\u0041 'i' é日😀\n`;
    for (const version of ['1.1', '1.2'] as const)
      expect(parse(emitYaml({ data: { text }, after: 1 }), { version })).toEqual({ data: { text }, after: 1 });
  });

  it('is never a block as a key', () => {
    expect(emitYaml({ 'a\nb': 1 })).toBe('"a\\nb": 1\n');
  });

  it('takes time in proportion to its length', () => {
    const texts = [`a${'\n'.repeat(250_000)}`, `a\n${' '.repeat(250_000)}b`, 'a:'.repeat(125_000), 'a '.repeat(1000)];
    // Quadratic code would take minutes; this machine may be slow, but not that slow.
    expect(cpuMilliseconds(() => texts.map((text) => emitYaml({ text })))).toBeLessThan(10_000);
  });
});
