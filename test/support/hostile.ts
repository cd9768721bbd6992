/** Texts of 256 KiB, each made to keep one part of a YAML reader busy. */
const size = 256 * 1024;
const fill = (unit: string): string => unit.repeat(Math.ceil(size / unit.length)).slice(0, size);
const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => `${line(index)}\n`)
    .join('')
    .slice(0, size);

export const hostileTexts: Readonly<Record<string, string>> = {
  'commas in a list': fill('[,').replace(/\[/g, ',').replace(',', '['),
  'commas below the token limit': `[${','.repeat(19_000)}`,
  anchors: fill('&a &a '),
  aliases: fill('- *a\n'),
  'alias bomb': `a: &a [x]\n${lines(100, (index) => `b${index}: &b${index} [*a, *a, *a]`)}`,
  tags: fill('!a '),
  directives: fill('%A b\n'),
  '20,000 keys': lines(20_000, (index) => `key${index}: 1`),
  '20,000 keys in braces': `{${lines(20_000, (index) => `key${index}: 1,`)}`,
  'one key again and again': 'a: 1\n'.repeat(3900),
  '100,000 brackets': `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
  'open brackets': fill('['),
  'open braces': fill('{a: '),
  'closing brackets': fill(']'),
  'deep blocks': lines(700, (index) => `${' '.repeat(index)}a:`),
  'deep lists': fill('- '),
  'deep keys': fill('? '),
  colons: fill(': '),
  'colons without spaces': fill(':'),
  documents: fill('---\n'),
  'ends of documents': fill('...\n'),
  escapes: `a: "${fill('\\u202e').slice(10)}"`,
  'wrong escapes': `a: "${fill('\\q').slice(10)}"`,
  'one string': `a: "${fill('x').slice(10)}"`,
  'one string that never ends': `a: "${fill('x\n').slice(10)}`,
  'empty strings': fill('""'),
  quotes: fill("'"),
  'one plain text of many lines': `a: ${fill('x\n ').slice(10)}`,
  'one block': `a: >\n${fill(' x\n\n').slice(10)}`,
  'empty lines': fill('\n'),
  blanks: fill(' '),
  'lines of blanks': fill(`${' '.repeat(63)}\n`),
  comments: fill('#\n'),
  items: fill('- 1\n'),
  digits: `a: ${fill('9').slice(10)}`,
  'words of two meanings': '- no\n'.repeat(4900),
  'values with colons': fill('a: b: c\n'),
  'zero bytes': fill('\0'),
  tabs: fill('\t'),
  'carriage returns': fill('\r\n'),
  'combining characters': `a: a${'\u0301'.repeat(130_000)}`,
  'characters beyond 16 bits': `a: ${'🚀'.repeat(65_000)}`,
};
