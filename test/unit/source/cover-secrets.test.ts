import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quote } from '../../../src/diagnostics/words.js';
import { coverSecrets } from '../../../src/source/cover-secrets.js';
import { cpuMilliseconds } from '../../support/cpu-time.js';

const secret = 'Hunter2+/x';

describe('what is covered', () => {
  it.each([
    ['a value below credentials', `spec:\n  credentials:\n    token: ${secret}\n  bucket: b\n`],
    ['credentials that are text', `credentials: ${secret}\n`],
    ['a list', `credentials: [a, ${secret}]\n`],
    ['text of several lines', `credentials:\n  key: |\n    x\n    ${secret}\nbucket: b\n`],
    ['a name that is none', `credentials: {secretRef: {name: ${secret}}}\n`],
    ['a Secret that is text', `callers: [{secretRef: ${secret}}]\n`],
    ['JSON', `{\n"credentials": {\n"token": "${secret}"\n},\n"bucket": "b"\n}\n`],
    ['a variable called like a secret', `env: {DB_PASSWORD: ${secret}}\n`],
    ['a field called like a secret', `spec:\n  secretAccessKey: ${secret}\n`],
    ['the user of a URL', `image: https://me:${secret}@host/x@sha256:abc\n`],
    ['the user of a URL in a comment', `# https://me:${secret}@host\nkind: x\n`],
    ['the user of a URL with blanks', `path: "https://me: ${secret} @host"\n`],
    ['the user of an endpoint without a scheme', `endpoint: ${secret}@host\n`],
    ['a user and password without a scheme', `x: me:Hunter2+@host\ny: z\n`],
    ['what is no YAML', `spec:\n  credentials:\n    token: ${secret}\n  bucket: [\n`],
    ['a list under its key, in what is no YAML', `credentials:\n- ${secret}\n- &x ${secret}\nbucket: [\n`],
    ['a list under its key, further in', `spec:\n  password:\n  - a\n  -\t${secret}\n  bucket: [\n`],
    ['a list behind a comment, in what is no YAML', `spec:\n  credentials:\n# of March\n    - ${secret}\n  bucket: [\n`],
    ['text of several lines, in what is no YAML', `password: "a\n${secret}"\nbucket: [\n`],
    ['what follows a flag', `args: [--password, ${secret}]\n`],
    ['what follows a flag with one dash', `args:\n  - -db.token\n  # of March\n  - "${secret} ${secret}"\n`],
    ['what follows a flag in a text', `command: [sh, -c, "tool --api-key ${secret} --verbose"]\n`],
    ['what a flag is given', `args: [--pass=${secret}, "--sas=${secret}"]\n`],
    ['what follows a flag, in what is no YAML', `args: ["--password", "x ${secret}"]\nbucket: [\n`],
    ['what follows a flag line by line, in what is no YAML', `args:\n  - --password\n  - ${secret}\nbucket: [\n`],
    ['JSON that is none', `{\n"credentials": {\n"token": "${secret}"\n`],
    ['an anchor', `credentials:\n  token: &${secret} x\n`],
    ['a map below a field called like a secret', `secret_access_key: {value: ${secret}}\n`],
    ['a list below a field called like a secret', `credential:\n  - x: {y: "${secret}"}\n`],
    ['a comment behind a secret', `token: x # ${secret}\n`],
    ['a comment that was a secret', `spec:\n  # secret_access_key: ${secret}\n  bucket: b\n`],
    ['a secret without a blank', `spec:\n  token:${secret}\n`],
    ['an assignment', `spec:\n  secret_access_key=${secret}\n`],
    ['an assignment in what is no YAML', `spec: [\n  AWS_SECRET_ACCESS_KEY=${secret}\n`],
    ['a connection string', `description: DefaultEndpointsProtocol=https;AccountKey=${secret};a=b\n`],
    ['a signature in any URL', `image: https://host/x?sv=1&sig=${secret}\n`],
    ['a bearer', `description: "Bearer ${secret}"\n`],
    ['a user without a scheme but slashes', `image: //me:${secret}@host\n`],
    ['a user with an escaped sign', `image: "https://me:${secret}\\x40host"\n`],
    ['a user with a quote', `image: 'https://me:it''s${secret}@host'\n`],
    ['more than one document', `a: 1\n---\ncredentials: {token: ${secret}}\n`],
  ])('%s', (_, text) => {
    const covered = coverSecrets(text);
    expect(covered).not.toContain('Hunter2');
    expect(covered).toHaveLength(text.length);
  });

  it.each([
    'credentials: {secretRef: {name: raw-s3}, anonymous: true}\n',
    'image: registry.example.com:5000/risk/fraud:1.4.2@sha256:abc\n',
    'secrets: [risk-*]\nimagePullSecrets: [regcred]\nowner: risk-ml@example.com\n',
    'endpoint: https://minio.risk.example.com\n',
    'include: ["year=2024/*.json"] # all of a year\n',
    'secrets:\n  - risk-*\n',
    'secretRef: {name: raw, keys: {}}\nclients: [{auth: token}]\n',
    'credentials:\n  secretRef:\n    keys:\n      service_account.json:\n      sas_url:\n',
    'args: [--print-tokens, --verbose, --max-length, "7"]\n',
    'args: [--model, /model, --threshold=0.5]\nbucket: [\n',
    'spec:\n  owner: a\n  callers:\n  - secretRef:\n  - name: ci\n  bucket: [\n',
  ])('not %s', (text) => {
    expect(coverSecrets(text)).toBe(text);
  });
});

it('keeps every line and column of any text', () => {
  const word = fc.constantFrom('credentials:', 'token: ', '{', '}', '"', "'", ' ', '\n', '  ', '://', '@', 'a', '😀', '- ', '|', ':');
  fc.assert(
    fc.property(fc.array(word, { maxLength: 60 }), (words) => {
      const text = words.join('');
      const covered = coverSecrets(text);
      expect(covered.split('\n').map(({ length }) => length)).toEqual(text.split('\n').map(({ length }) => length));
    }),
  );
});

it.each([
  '://',
  'a',
  '@',
  '@sha256:',
  'token: ',
  '"',
  '{',
  'a:',
  'credentials:\n',
  'token=',
  ' #',
  '# token ',
  'bearer ',
  '\\',
  '\ntoken:a',
  '--token',
  '--token ',
  '-',
  '--token,',
  '\n- --token\n',
])('takes little time for 256 KiB of %j', (piece) => {
  const text = `x: [\n@${piece.repeat(Math.floor(262_144 / piece.length))}`;
  let covered = '';
  expect(cpuMilliseconds(() => (covered = coverSecrets(text)))).toBeLessThan(5000);
  expect(covered).toHaveLength(text.length);
});

describe('what a message says', () => {
  it.each([
    `https://me:${secret}@host`,
    `https://me:it's${secret}@host`,
    `https://me: ${secret}@host`,
    `//me:${secret}@host`,
    `DefaultEndpointsProtocol=https;AccountKey=${secret}`,
    `https://host/?X-Amz-Signature=${secret}`,
    `Bearer ${secret}`,
  ])('never holds the secret of %j', (value) => {
    expect(quote(value)).not.toContain('Hunter2');
  });

  it.each(['registry.example.com:5000/risk/fraud:1.4.2@sha256:abc', 'risk-ml@example.com', 'year=2024/month=11/'])('holds %j', (value) => {
    expect(quote(value)).toBe(`"${value}"`);
  });
});
