/** The decoders of StepConfig and of its parts that later steps get with the JobRecord. */
import { checkObjectPath, placeholderNames } from '../base/object-path.js';
import { profiles } from '../oip/profile.js';
import { coercions, framings } from '../oip/settings.js';
import { boolean, count, fields, list, map, matching, number, oneOf, text, variants, type Decoder } from './decode.js';
import { feedback } from './feedback-fields.js';
import { connection, endpoint } from './step-connection-fields.js';
import { wholeBucket, type AllowedPrefix, type StepConfig, type StepModel } from './step-config.js';

export const dnsLabel = matching('a DNS label', /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/);
export const notEmpty = text('text of one line that is not empty', (value) => value !== '');
export const sha256 = matching('64 hexadecimal digits', /^[0-9a-f]{64}$/);
const objectPath = text('a path', (value) => checkObjectPath(value, placeholderNames) === undefined);
export const service: Decoder<StepConfig['service']> = fields(
  { name: dnsLabel, id: notEmpty, team: dnsLabel, namespace: dnsLabel, image: notEmpty },
  { owner: text() },
);

export const remoteModelFields = {
  kind: oneOf('remote'),
  connection: dnsLabel,
  path: objectPath,
  form: oneOf('directory', 'zip', 'tar.gz', 'tar'),
} as const;
export const optionalModelFields = { name: notEmpty, version: notEmpty, sha256 } as const;
export const embeddedModelFields = {
  kind: oneOf('embedded'),
  imagePath: matching('an absolute path', /^\//),
  name: notEmpty,
  version: notEmpty,
} as const;

const model: Decoder<StepModel> = variants('kind', { remote: fields(remoteModelFields, optionalModelFields), embedded: fields(embeddedModelFields) });

export const validation: Decoder<StepConfig['validation']> = fields(
  {
    profile: oneOf(...profiles),
    framing: oneOf(...framings),
    coercion: oneOf(...coercions),
    onInvalid: oneOf('fail', 'quarantine', 'skip'),
    output: fields({ onInvalid: oneOf('fail', 'quarantine') }),
  },
  { maxInvalidFiles: count, maxInvalidRatio: number(0, 1) },
);

const prefix = text('a path or "/"', (value) => value === wholeBucket || checkObjectPath(value, placeholderNames) === undefined);
const allowed: Decoder<readonly AllowedPrefix[]> = list(fields({ connection: dnsLabel, prefix }));
/** `+ <pattern>` becomes one line of a file of filter rules. */
const filterPattern = text('a filter pattern without blanks around it', (value) => value !== '' && value.trim() === value);

export const paramName = matching('the name of a param', /^[a-z][a-z0-9_]*$/);
/** The compiler has parsed it, into the subset that every engine reads alike; here it is JavaScript's. */
const pattern = text('a pattern from ^ to $', (value) => value.startsWith('^') && value.endsWith('$') && isRegExp(value));
function isRegExp(source: string): boolean {
  try {
    new RegExp(source);
    return true;
  } catch {
    return false;
  }
}

export const stepConfig: Decoder<StepConfig> = fields(
  {
    version: oneOf(1),
    service,
    connections: map(dnsLabel, connection),
    model,
    data: fields({ allowed, include: list(filterPattern, { min: 1 }), allowEmpty: boolean }),
    output: fields({ allowed, layout: oneOf('exact', 'perJob') }),
    validation,
    feedback,
  },
  {
    proxy: fields({ url: endpoint, noProxy: list(matching('a host, a domain or a network', /^[-.:/a-zA-Z0-9]+$/)) }),
    params: map(paramName, pattern),
  },
);
