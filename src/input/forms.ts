/**
 * The forms of text that a schema checks by pattern, each with words for people. Patterns are ASCII and linear:
 * they also run on hostile input. Rules that need more than a pattern are checks of a later stage.
 */
export interface Form {
  readonly pattern: string;
  /** Completes "must be …". */
  readonly words: string;
  /** A name of something, rather than a value: reported as `input/name`. */
  readonly isName: boolean;
}

const name = (pattern: string, words: string): Form => ({ pattern, words, isName: true });
const value = (pattern: string, words: string): Form => ({ pattern, words, isName: false });

/** RFC 1123 subdomain. */
const domain = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*';
const qualifiedName = '[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?';

export const forms = {
  /** RFC 1123 label; the length stands with each use. */
  label: name('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$', 'lower-case letters, digits and "-", beginning and ending with a letter or digit (DNS-1123)'),
  /** A label in which "--" is ours: `<service>--<request id>`. */
  serviceName: name(
    '^[a-z0-9]+(-[a-z0-9]+)*$',
    'lower-case letters, digits and single "-", beginning and ending with a letter or digit (DNS-1123, without "--")',
  ),
  /** RFC 1123 subdomain: names of Secrets and of other objects that are not ours. */
  objectName: name(`^${domain}$`, 'lower-case letters, digits, "-" and ".", each part beginning and ending with a letter or digit (DNS-1123)'),
  secretPattern: name(
    '^[a-z0-9]([-a-z0-9.]*[a-z0-9]|[-a-z0-9.]*\\*)?$',
    'the name of a Secret, or its beginning followed by "*" (for example risk-*)',
  ),
  /** As an identity provider or a certificate gives it. Groups of Kubernetes itself (`system:authenticated`) hold everyone, or more. */
  groupName: name(
    '^(?!system:)[!-~]([ -~]*[!-~])?$',
    'the name of a group: ASCII, without blanks around it, and none of Kubernetes itself (system:…)',
  ),
  bodySize: value('^[1-9][0-9]{0,3}[KM]i$', 'at most four digits and Ki or Mi (for example 64Ki)'),
  repositoryUrl: value(
    '^(https://|ssh://[a-z0-9][-a-z0-9_]*@)[a-z0-9]([-a-z0-9.]*[a-z0-9])?(:[1-9][0-9]{0,4})?(/[A-Za-z0-9_~][-A-Za-z0-9._~]*)+$',
    'the address of a repository: https://HOST/PATH without user and password, or ssh://USER@HOST/PATH',
  ),
  branch: value('^[A-Za-z0-9][-A-Za-z0-9._]*(/[A-Za-z0-9][-A-Za-z0-9._]*)*$', 'the name of a branch: letters, digits, "-", "_", "." and "/"'),
  folder: value(
    '^[A-Za-z0-9_][-A-Za-z0-9._]*(/[A-Za-z0-9_][-A-Za-z0-9._]*)*$',
    'a folder of the repository, without "/" at its beginning and end (for example dist)',
  ),
  secretKey: name('^[-._A-Za-z0-9]+$', 'letters, digits, "-", "_" and "." (a key of a Secret)'),
  environmentName: name('^[A-Za-z_][A-Za-z0-9_]*$', 'letters, digits and "_", not beginning with a digit'),
  /** `in` is a word of CEL, which the filter of requests is written in. */
  paramName: name(
    '^(?!(in|true|false|null)$)[a-z][a-z0-9_]*$',
    'lower-case letters, digits and "_", beginning with a letter; not "in", "true", "false" or "null"',
  ),
  labelKey: name(
    '^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$',
    'letters, digits, "-", "_" and ".", beginning and ending with a letter or digit, without "/"',
  ),
  labelValue: value(
    '^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$',
    'empty, or letters, digits, "-", "_" and ".", beginning and ending with a letter or digit',
  ),
  qualifiedKey: name(
    `^(?![^/]{254})(${domain}/)?${qualifiedName}$`,
    'a Kubernetes label key: at most 63 letters, digits, "-", "_" and ".", with an optional domain of at most 253 characters and "/" before it',
  ),
  /** Kubernetes counts quotas as `requests.<name>`, which has to be a key, too. */
  resourceName: name(
    `^(?![^/]{245})${domain}/${qualifiedName}$`,
    'the name of an extended resource, of at most 63 characters, with its domain (for example nvidia.com/gpu)',
  ),
  serviceId: name('^[A-Za-z0-9][-A-Za-z0-9_.]*$', 'letters, digits, "-", "_" and ".", beginning with a letter or digit'),
  servicePattern: name(
    '^(\\*|[a-z0-9]([-a-z0-9]*[a-z0-9])?/(\\*|[a-z0-9]([-a-z0-9]*[a-z0-9])?))$',
    '"*" for every service, TEAM/* for all services of a team, or TEAM/SERVICE',
  ),
  /** A part of an object's path (`base/object-path.ts`). */
  markerName: name(
    '^[A-Za-z0-9_](\\.?[A-Za-z0-9_=+@~-])*$',
    'the name of one object, without its folder: letters, digits and ". _ = + @ ~ -", beginning with a letter, a digit or "_", without ".."',
  ),
  bucket: name('^[a-z0-9][-a-z0-9._]*[a-z0-9]$', 'lower-case letters, digits, "-", "_" and ".", beginning and ending with a letter or digit'),
  storageAccount: name('^[a-z0-9]+$', 'lower-case letters and digits'),
  region: name('^[A-Za-z0-9][-A-Za-z0-9_]*$', 'letters, digits, "-" and "_" (for example eu-central-1)'),
  uuid: value('^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$', 'a UUID (for example 01234567-89ab-cdef-0123-456789abcdef)'),
  roleArn: value(
    '^arn:aws[-a-z]*:iam::[0-9]{12}:role/[-A-Za-z0-9_+=,.@/]{1,512}$',
    'the ARN of a role (for example arn:aws:iam::123456789012:role/batch/fraud)',
  ),
  kmsKey: value(
    '^(arn:aws[-a-z]*:kms:[-a-z0-9]+:[0-9]{12}:(key|alias)/|alias/)?[-A-Za-z0-9_/]+$',
    'the id, the ARN or the alias of a key (for example alias/results)',
  ),
  googleAudience: value(
    '^//iam\\.googleapis\\.com/projects/[0-9]+/locations/global/workloadIdentityPools/[-a-z0-9]+/providers/[-a-z0-9]+$',
    'the full name of a provider (//iam.googleapis.com/projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER)',
  ),
  googleServiceAccount: value(
    '^[-a-z0-9]{1,63}@[-a-z0-9.]{1,253}$',
    'the e-mail address of a service account (for example batch@project.iam.gserviceaccount.com)',
  ),
  googleProject: value('^([a-z0-9][-a-z0-9.]*:)?[a-z][-a-z0-9]*[a-z0-9]$', 'the id of a project (for example risk-batch)'),
  noProxy: value(
    '^[.]?[a-z0-9]([-a-z0-9.]*[a-z0-9])?(:[0-9]{1,5}|/[0-9]{1,2})?$',
    'a host in lower case, a domain that begins with ".", an IPv4 address, or a network such as 198.51.100.0/24',
  ),
  secretFile: value(
    '^secrets/[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*[.]yaml$',
    'a file beside the connection: secrets/NAME.yaml, in lower-case letters, digits, "-" and "."',
  ),
  remoteKey: value(
    '^/?[-A-Za-z0-9_+=@:][-A-Za-z0-9_+=@:.]*(/[-A-Za-z0-9_+=@:][-A-Za-z0-9_+=@:.]*)*$',
    'letters, digits and _ + = @ : . -, in parts divided by "/" of which none begins with "."',
  ),
  remoteProperty: value('^[A-Za-z0-9_][-A-Za-z0-9_.]*$', 'letters, digits, "_", "-" and ".", beginning with a letter, a digit or "_"'),
  remoteVersion: value('^[A-Za-z0-9][-A-Za-z0-9_./:]*$', 'letters, digits and _ . / : -, beginning with a letter or digit'),
  remoteKeyPattern: value(
    '^[*]$|^/?[-A-Za-z0-9_+=@:][-A-Za-z0-9_+=@:.]*(/[-A-Za-z0-9_+=@:][-A-Za-z0-9_+=@:.]*)*/?[*]?$',
    'the name of an entry, or its beginning followed by "*" (for example risk/*)',
  ),
  identityPattern: value(
    '^[A-Za-z0-9/][-A-Za-z0-9:/+=,.@_]*[*]?$',
    'the ARN of a role, a service account, the name of a provider, a client id or "instance"; or the beginning of one followed by "*"',
  ),
  version: value('^(0|[1-9][0-9]{0,3})\\.(0|[1-9][0-9]{0,3})$', 'major and minor version, without "v" (for example "1.34")'),
  digits: value('^[0-9]+$', 'digits only'),
  sha256: value('^[0-9a-f]{64}$', '64 lower-case hexadecimal digits'),
  hostName: value(
    '^([a-z0-9]([-a-z0-9]*[a-z0-9])?\\.)*[a-z0-9]([-a-z0-9]*[a-z0-9])?$',
    'a host name in lower case, without scheme, port and path (for example jobs.example.com)',
  ),
} as const satisfies Record<string, Form>;

export const formByPattern: ReadonlyMap<string, Form> = new Map(Object.values(forms).map((form) => [form.pattern, form]));
