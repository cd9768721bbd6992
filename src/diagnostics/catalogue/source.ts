import { error, warning } from '../define.js';

/** Kinds of characters that a reader cannot see for what they are, as base/text.ts finds them. */
const characterKinds: Readonly<Record<string, string>> = {
  control: 'a control character',
  'line-separator': 'a line separator other than LF',
  bidi: 'a character that changes the direction of writing',
  invisible: 'an invisible character',
  'private-use': 'a private use character',
  surrogate: 'half a character',
  noncharacter: 'a code point that is no character',
  'not-normalized': 'a character in decomposed form (not NFC)',
};

const quoted = (text: string): string => (text.length <= 40 ? `"${text}"` : `"${text.slice(0, 40)}…"`);
/** As the author would write it in double quotes. */
const inQuotes = (text: string): string => (text.length <= 40 ? JSON.stringify(text) : `"…"`);

export const sourceCatalogue = {
  'source/secret': error<{ readonly kind: string }>(
    ({ kind }) => `this is ${kind}`,
    () => 'no key belongs in a definition, nor in git, which keeps it for good: revoke it, and put a new one into a Secret that the definition names',
  ),
  // Files and folders.
  'source/unknown-file': error<{ readonly name: string; readonly hint: string }>(
    ({ name }) => `${quoted(name)} is no definition`,
    ({ hint }) => hint,
  ),
  'source/unknown-folder': error<{ readonly name: string; readonly hint: string }>(
    ({ name }) => `the folder ${quoted(name)} holds no definitions`,
    ({ hint }) => hint,
  ),
  'source/not-a-regular-file': error<{ readonly name: string; readonly found: string; readonly expected: string }>(
    ({ name, found, expected }) => `${quoted(name)} is ${found}, not ${expected}`,
    ({ expected }) => `put ${expected} there: links would let a definition come from outside its team's folder`,
  ),
  'source/bad-file-name': error<{ readonly name: string; readonly suggestion: string | undefined }>(
    ({ name }) => `${quoted(name)} is not made of small letters, digits and inner "-"`,
    ({ suggestion }) =>
      suggestion
        ? `call it "${suggestion}", and metadata.name alike`
        : 'the name becomes the name of Kubernetes objects: at most 63 of a-z, 0-9 and "-"',
  ),
  'source/bad-team-name': error<{ readonly name: string; readonly suggestion: string | undefined }>(
    ({ name }) => `the folder ${quoted(name)} is no name of a team: small letters, digits and inner "-"`,
    ({ suggestion }) => (suggestion ? `call it "${suggestion}"` : 'at most 63 of a-z, 0-9 and "-"'),
  ),
  'source/case-twins': error<{ readonly name: string; readonly twin: string }>(
    ({ name, twin }) => `${quoted(name)} and ${quoted(twin)} differ in case only`,
    () => 'on many disks they are one file: rename or remove one of them',
  ),
  'source/unreadable-file': error<{ readonly name: string }>(
    ({ name }) => `${quoted(name)} cannot be read`,
    () => 'look at its permissions, and whether another program replaced it meanwhile',
  ),
  'source/unreadable-folder': error<{ readonly name: string }>(
    ({ name }) => `the folder ${quoted(name)} cannot be read`,
    () => 'look at its permissions, and whether another program replaced it meanwhile',
  ),
  'source/too-large': error<{ readonly size: number; readonly limit: number }>(
    ({ size, limit }) => `the file has ${size} bytes, the limit is ${limit}`,
    () => 'a definition is a page or two of text: keep data in the store',
  ),
  'source/not-utf8': error<{ readonly offset: number; readonly line: number }>(
    ({ offset, line }) => `the file is not UTF-8: byte ${offset}, in line ${line}, belongs to no character`,
    () => 'save it as UTF-8',
  ),
  'source/byte-order-mark': error(
    () => 'the file starts with a byte order mark',
    () => 'save it as UTF-8 without BOM',
  ),

  // Characters.
  'source/tab': error(
    () => 'there is a tab character',
    () => 'use spaces: a tab has another width in every program, and YAML does not take it for indentation',
  ),
  'source/carriage-return': error(
    () => 'the line end is not LF alone',
    () => 'save the file with LF line ends; "* text=auto eol=lf" in .gitattributes keeps them',
  ),
  'source/unsafe-character': error<{ readonly kind: string; readonly codePoint: string }>(
    ({ kind, codePoint }) => `there is ${characterKinds[kind] ?? 'an unsafe character'}${kind === 'not-normalized' ? '' : `, ${codePoint}`}`,
    ({ kind }) => (kind === 'not-normalized' ? 'save the file in Unicode form NFC' : 'remove it: what a reviewer sees has to be what is compiled'),
  ),

  // What the guard refuses.
  'source/too-many-tokens': error<{ readonly limit: number }>(
    ({ limit }) => `the file has more than ${limit} parts (words, signs and line ends)`,
    () => 'split it into several definitions',
  ),
  'source/too-deep': error<{ readonly limit: number }>(
    ({ limit }) => `values are nested more than ${limit} levels deep`,
    () => 'no definition needs more than ten',
  ),
  'source/anchor': error<{ readonly text: string }>(
    ({ text }) => `${quoted(text)} is a YAML anchor, and anchors are not allowed`,
    ({ text }) => `if it is meant as text, put it in quotes: ${inQuotes(text)}; otherwise remove it and write the value out where it is used`,
  ),
  'source/alias': error<{ readonly text: string }>(
    ({ text }) => `${quoted(text)} is a YAML alias, and aliases are not allowed`,
    ({ text }) => `if it is meant as text, put it in quotes: ${inQuotes(text)}; otherwise write the value out`,
  ),
  'source/tag': error<{ readonly text: string }>(
    ({ text }) => `${quoted(text)} is a YAML tag, and tags are not allowed`,
    ({ text }) => `if it is meant as text, put it in quotes: ${inQuotes(text)}; otherwise remove it`,
  ),
  'source/directive': error(
    () => 'YAML directives are not allowed',
    () => 'remove the line: definitions are always YAML 1.2',
  ),
  'source/second-document': error(
    () => 'a second document starts here',
    () => 'one document per file: move it to a file of its own',
  ),

  // Syntax.
  'source/bad-indentation': error(
    () => 'this line is not indented to fit what stands above it',
    () => 'what belongs together starts in the same column: keys of a mapping below each other, "-" of a list below each other',
  ),
  'source/unquoted-colon': error(
    () => 'the value holds ": " or ends in ":" without quotes',
    () => 'put the value in quotes; if it is a mapping, start it on the next line',
  ),
  'source/unclosed-quote': error<{ readonly quote: string }>(
    ({ quote }) => `the text in quotes that starts here has no closing ${quote}`,
    ({ quote }) => (quote === "'" ? "close it; a ' inside is written ''" : 'close it; a " inside is written \\"'),
  ),
  'source/unclosed-bracket': error<{ readonly opening: string; readonly closing: string }>(
    ({ opening, closing }) => `the "${opening}" that starts here has no "${closing}"`,
    ({ closing }) => `close it with "${closing}"; every line of it is indented further than its key`,
  ),
  'source/missing-colon': error(
    () => 'there is no ": " after this key',
    () => 'a key is one line and ends in ":"; if it is text, indent it further than the key it belongs to',
  ),
  'source/missing-comma': error(
    () => 'there is no comma before this',
    () => 'separate what is in brackets with ","; a value that holds ": " needs quotes',
  ),
  'source/text-after-value': error(
    () => 'there is text after the end of the value',
    () => `quotes and brackets hold a whole value; inside quotes write \\" for " and '' for '`,
  ),
  'source/bad-escape': error<{ readonly escape: string }>(
    ({ escape }) => `${quoted(escape)} means nothing in double quotes`,
    () => 'write "\\\\" for a backslash, or use single quotes, which know no escapes',
  ),
  'source/reserved-character': error<{ readonly character: string }>(
    ({ character }) => `a value without quotes cannot start with ${quoted(character)}`,
    () => 'put the value in quotes',
  ),
  'source/non-string-key': error(
    () => 'a list or a mapping stands where a key belongs',
    () => 'text that starts with "{" or "[" needs quotes',
  ),
  'source/yaml-syntax': error<{ readonly reason: string }>(({ reason }) => reason),

  // Values.
  'source/duplicate-key': error<{ readonly key: string }>(
    ({ key }) => `the key ${quoted(key)} is given twice`,
    () => 'remove one of the two',
  ),
  'source/forbidden-key': error<{ readonly key: string }>(
    ({ key }) => `the key ${quoted(key)} is not allowed anywhere`,
    () => 'choose another name: this one has a meaning of its own in the programs that read the output',
  ),
  'source/unsafe-number': error<{ readonly text: string }>(
    ({ text }) => `the number ${text.length <= 40 ? text : `${text.slice(0, 40)}…`} cannot be kept exactly`,
    () => 'put it in quotes if it is text; otherwise it has to lie between -9007199254740991 and 9007199254740991',
  ),
  'source/ambiguous-scalar': warning<{ readonly text: string }>(
    ({ text }) => `${quoted(text)} without quotes means different things to different readers of YAML`,
    ({ text }) => `for text write ${JSON.stringify(text)}; for a boolean write true or false, for a number plain decimal digits`,
  ),
};
