/** Keys that are planted where none belongs, and the ways in which they hide. */

/** Made up here, of the forms that the real ones have; assembled, so that this file itself holds none. */
export const secrets = {
  awsId: ['AKIA', 'Q3EGRIFA7ZX2MNPT'].join(''),
  awsKey: ['wJalrXUtnFEMI/K7MDENG', '/bPxRfiCYzA9q3LmKQw'].join(''),
  azureKey: ['Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/', 'K1SZFPTOtr/KBHBeksoGMGw=='].join(''),
  sas: ['?sv=2019-02-02&ss=bf&srt=s&se=2019-08-10T02%3A23%3A26Z&sp=rw&sig=F%6GRVAZ5Cdj2Pw4tg', 'U7IlSTkWgn7bUkkAg8P6HESXwmf%4B'].join(''),
  privateKey: ['-----BEGIN PRIVATE', ' KEY-----\\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7\\n-----END PRIVATE KEY-----\\n'].join(''),
  github: ['ghp_', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'].join(''),
  slack: ['xoxb-', '123456789012-1234567890123-AbCdEfGhIjKlMnOpQrStUvWx'].join(''),
  jwt: ['eyJhbGciOiJIUzI1NiJ9', '.eyJzdWIiOiIxMjM0NTY3ODkwIn0', '.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U'].join(''),
  url: 'https://admin:hunter2@minio.example.com/x',
};

/** The key file of a service account of Google. */
export const serviceAccount = `{"type": "service_account", "project_id": "p", "private_key": "${secrets.privateKey}", "client_email": "a@p.iam.gserviceaccount.com"}`;

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const perLine = (text: string, length: number, between: string): string => text.match(new RegExp(`.{1,${String(length)}}`, 'g'))?.join(between) ?? '';
const quoted = (text: string): string => JSON.stringify(text);

/** A secret as a scalar of YAML at the fourth column, so that whoever decodes it has it. */
export const disguises: Readonly<Record<string, (secret: string) => string>> = {
  'as it is, in quotes': (secret) => `"${secret}"`,
  'in base64': base64,
  'in base64 twice': (secret) => base64(base64(secret)),
  'in base64 for URLs': (secret) => Buffer.from(secret).toString('base64url'),
  'in base64 behind a prefix': (secret) => `v1${base64(secret)}`,
  'in base64 behind a name': (secret) => `KEY=${base64(secret)}`,
  'in base64 that is broken over lines': (secret) => `|\n      ${perLine(base64(`export KEY='${secret}'`), 20, '\n      ')}\n      `,
  'in base64 with line breaks that are escaped': (secret) => quoted(perLine(base64(`export KEY='${secret}'`), 20, '\n')),
  'in base64 of a JSON object': (secret) => base64(JSON.stringify({ a: 1, key: secret })),
  'as part of a URL': (secret) => `https://example.com/?key=${encodeURIComponent(secret)}`,
  'encoded for URLs twice': (secret) => `https://example.com/?key=${encodeURIComponent(encodeURIComponent(secret))}`,
  'with every character escaped': (secret) =>
    `"${[...secret].map((character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`).join('')}"`,
  'with one character escaped': (secret) => `"${secret.slice(0, 4)}\\u${secret.charCodeAt(4).toString(16).padStart(4, '0')}${secret.slice(5)}"`,
  'over a line that goes on': (secret) => `"${secret.slice(0, 9)}\\\n      ${secret.slice(9)}"`,
  'with its slashes escaped': (secret) => `"${secret.replaceAll('/', '\\/')}"`,
  'behind an equals sign': (secret) => `"x=${secret}"`,
  'in a JSON text': (secret) => `'${JSON.stringify({ key: secret })}'`,
};

/** What of each secret is the secret: nobody may see as much as a part of it. */
const cores: Readonly<Record<string, string>> = {
  ...secrets,
  privateKey: 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7',
  sas: secrets.sas.slice(secrets.sas.indexOf('sig=') + 4),
  slack: 'AbCdEfGhIjKlMnOpQrStUvWx',
  url: 'hunter2',
};

/** What shows a secret to whoever decodes it. Base64 of a whole text begins anywhere in a group of three. */
const encodings: readonly ((name: string) => readonly string[])[] = [
  (name) => [textOf(name), coreOf(name)].flatMap((text) => [base64(text), base64(base64(text)), Buffer.from(text).toString('base64url')]),
  (name) => [base64(`export KEY='${textOf(name)}'`).slice(20), base64(JSON.stringify({ a: 1, key: textOf(name) })).slice(20)],
  (name) => [encodeURIComponent(coreOf(name)), encodeURIComponent(encodeURIComponent(coreOf(name)))],
  (name) => [[...coreOf(name)].map((character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`).join('')],
  (name) => [coreOf(name).replaceAll('/', '\\/')],
];

const coreOf = (name: string): string => cores[name] ?? '';
const textOf = (name: string): string => (secrets as Readonly<Record<string, string>>)[name] ?? '';

/** The first part of a planted secret that stands in a text, in the plain or encoded, with what is around it; undefined: nothing does. */
export function leakOf(name: string, text: string): string | undefined {
  const windows = (whole: string, length: number): readonly string[] =>
    Array.from({ length: Math.max(1, whole.length - length + 1) }, (_, at) => whole.slice(at, at + length));
  const core = coreOf(name);
  const parts = [
    ...windows(core, Math.min(12, core.length)),
    ...encodings.flatMap((encode) => encode(name).flatMap((encoded) => windows(encoded, 16))),
  ];
  const found = parts.find((part) => part.length >= 7 && text.includes(part));
  return found === undefined ? undefined : `${found} in …${text.slice(Math.max(0, text.indexOf(found) - 150), text.indexOf(found) + 150)}…`;
}
