/** Connections of ODAHU: where the store is. Their keys are never kept: what they held is only known as "there were keys". */
import { isDnsLabel } from '../base/names.js';
import { codePointName } from '../base/text.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { forms } from '../input/forms.js';
import { spanOf, spanOfKey, type Item, type Resource } from './documents.js';
import type { FieldReader } from './fields.js';
import { connectionNameOf } from './names.js';

export type StoreType = 's3' | 'gcs' | 'azureblob';

export interface OdahuConnection {
  readonly resource: Resource;
  readonly id: string;
  readonly name: string;
  readonly type: StoreType;
  /** Bucket, or container. */
  readonly bucket: string;
  /** As in the URI, with or without `/` at its ends; '' is the bucket itself. */
  readonly path: string;
  readonly region: string | undefined;
  /** Of Azure: what the SAS URL says of it, as far as it is readable. */
  readonly account: { readonly name: string; readonly endpoint: string | undefined } | undefined;
  readonly hasKeys: boolean;
  readonly notes: readonly string[];
}

/** Fields whose values are keys, or may be: nothing of them is ever shown or written. */
export const secretFields: ReadonlySet<string> = new Set(['keyID', 'keySecret', 'password', 'publicKey', 'username']);

/** Fields whose texts only become comments, on one line. */
export const proseFields: ReadonlySet<string> = new Set(['description']);

const notForStores: Readonly<Record<string, string>> = Object.fromEntries(
  ['username', 'password', 'publicKey', 'reference'].map((field) => [field, 'a store has no such field']),
);
const reasons = { ...notForStores, role: 'ODAHU never used it for stores; see docs/connections.md for workload identities' };
const specFields = ['type', 'uri', 'region', 'keyID', 'keySecret', 'description', 'webUILink', 'vital'];

const otherTypes: ReadonlyMap<string, string> = new Map([
  ['git', 'millrace reads no source code'],
  ['docker', 'images are pulled with the imagePullSecrets of the team, in services/platform.yaml'],
  ['ecr', 'images are pulled with the imagePullSecrets of the team, in services/platform.yaml'],
]);

const uriForms: Readonly<Record<StoreType, string>> = {
  s3: 's3://BUCKET/PATH',
  gcs: 'gs://BUCKET/PATH',
  azureblob: 'CONTAINER/PATH',
};

/** Undefined, with a diagnostic, where it is no connection of a store or is not complete. */
export function readConnection(resource: Resource, read: FieldReader, diagnostics: Diagnostic[]): OdahuConnection | undefined {
  const spec = read.object(resource, 'spec');
  const { id = '' } = resource;
  if (!spec) return missing(resource, 'spec', diagnostics);
  const type = read.requiredText(spec, 'type');
  if (type === undefined) return undefined;
  if (!isStoreType(type)) return otherType(spec, id, type, diagnostics);
  read.nothingBut(spec, specFields, reasons);
  const uri = read.requiredText(spec, 'uri');
  const place = uri === undefined ? undefined : placeOf(type, uri);
  if (uri !== undefined && !place) diagnostics.push(diagnose('odahu/bad-uri', spanOf(spec, 'uri'), { type, form: uriForms[type] }));
  const region = read.text(spec, 'region');
  const keySecret = read.text(spec, 'keySecret');
  if (type === 's3') read.requiredText(spec, 'region');
  const name = connectionNameOf(id);
  if (name !== id)
    diagnostics.push(
      diagnose('odahu/not-carried-over', spanOf(resource, 'fields' in resource && 'id' in resource.fields ? 'id' : 'metadata'), {
        what: `the id of connection "${id}"`,
        reason: `it is no name of Kubernetes; requests must say ${name}`,
      }),
    );
  if (!place) return undefined;
  const notes = ['description', 'webUILink']
    .flatMap((field) => read.text(spec, field)?.split(/[\r\n]+/) ?? [])
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return {
    resource,
    id,
    name,
    type,
    ...place,
    region,
    account: type === 'azureblob' && keySecret !== undefined ? accountOf(keySecret) : undefined,
    hasKeys: keySecret !== undefined && keySecret !== '',
    notes: [...notes, ...(read.flag(spec, 'vital') === true ? ['It was vital in ODAHU: nobody could delete it.'] : [])],
  };
}

const isStoreType = (type: string): type is StoreType => Object.hasOwn(uriForms, type);

function missing(resource: Resource, field: string, diagnostics: Diagnostic[]): undefined {
  diagnostics.push(diagnose('odahu/missing-field', resource.document.spanOf(resource.path), { kind: resource.kind, field }));
}

function otherType(spec: Item, id: string, type: string, diagnostics: Diagnostic[]): undefined {
  const reason = otherTypes.get(type) ?? `ODAHU has no connections of type ${nameOfType(type)}`;
  diagnostics.push(diagnose('odahu/not-carried-over', spanOfKey(spec, 'type'), { what: `Connection "${id}" of type ${type}`, reason }));
}

/** Of what looks like another letter, only its number tells it apart. */
function nameOfType(type: string): string {
  const index = type.search(/[^ -~]/);
  return index < 0 ? type : `${type}, with ${codePointName(type, index)}`;
}

/** As ODAHU reads it: of S3 and GCS the host is the bucket, of Azure the first part of the path is the container. */
function placeOf(type: StoreType, uri: string): { readonly bucket: string; readonly path: string } | undefined {
  const [, host = '', rest = ''] = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/([^/?#]*)(?:\/([^?#]*))?$/.exec(uri) ?? [];
  if (type !== 'azureblob') return bucketForm.test(host) ? { bucket: host, path: rest } : undefined;
  const whole = uri.includes('://') ? rest : uri;
  const [container = '', ...parts] = whole.replace(/^\/+/, '').split('/');
  return isDnsLabel(container) ? { bucket: container, path: parts.join('/') } : undefined;
}

const bucketForm = new RegExp(forms.bucket.pattern);

const azureSuffix = '.blob.core.windows.net';

/** The account of a URL with a SAS token, in base64 or decoded; of the token itself nothing is kept. */
function accountOf(keySecret: string): OdahuConnection['account'] {
  const text = keySecret.startsWith('http') ? keySecret : decodeBase64(keySecret);
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return undefined;
  }
  const name = url.hostname.split('.')[0] ?? '';
  if (url.protocol !== 'https:' || !/^[a-z0-9]{3,24}$/.test(name)) return undefined;
  return { name, endpoint: url.hostname === `${name}${azureSuffix}` ? undefined : `https://${url.host}` };
}

function decodeBase64(text: string): string {
  try {
    return atob(text);
  } catch {
    return '';
  }
}
