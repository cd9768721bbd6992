/** Which event of a store starts a job, and with what, written down plainly and without anything of the compiler. */
import type { AllowedRun } from './job-body.js';

/** As in `triggers.events` of a service, with the bucket of its connection. */
export interface Arrival {
  readonly service: string;
  readonly team: string;
  readonly caller: string;
  readonly connection: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly marker: string;
  /** What the job gets beside its data. */
  readonly output: { readonly connection: string; readonly path: string };
}

/** Undefined: it starts nothing. */
export function eventBridgeRun(arrival: Arrival, event: unknown): AllowedRun | undefined {
  if (at(event, 'source') !== 'aws.s3' || at(event, 'detail-type') !== 'Object Created') return undefined;
  if (at(event, 'detail', 'bucket', 'name') !== arrival.bucket) return undefined;
  const id = at(event, 'id');
  if (typeof id !== 'string' || id.length !== 36) return undefined;
  const parts = id.split('-');
  if (parts.map(({ length }) => length).join() !== '8,4,4,4,12' || !consistsOf(parts.join(''), '0123456789abcdef')) return undefined;
  return run(arrival, at(event, 'detail', 'object', 'key'), parts.join(''));
}

export function minioRun(arrival: Arrival, event: unknown): AllowedRun | undefined {
  const how = at(event, 'EventName');
  if (!['Put', 'Post', 'Copy', 'CompleteMultipartUpload'].some((each) => how === `s3:ObjectCreated:${each}`)) return undefined;
  const records = at(event, 'Records');
  if (!Array.isArray(records) || records.length !== 1) return undefined;
  const [record] = records as readonly unknown[];
  const request = at(record, 'responseElements', 'x-amz-request-id');
  const sequencer = at(record, 's3', 'object', 'sequencer');
  if (!isTime(request) || !isTime(sequencer)) return undefined;
  const key = at(event, 'Key');
  if (typeof key !== 'string' || !key.startsWith(`${arrival.bucket}/`)) return undefined;
  return run(arrival, key.slice(arrival.bucket.length + 1), `${request.toLowerCase()}-${sequencer.toLowerCase()}`);
}

/** A time in nanoseconds, as up to 16 hexadecimal digits in upper case. */
const isTime = (value: unknown): value is string =>
  typeof value === 'string' && value.length >= 1 && value.length <= 16 && consistsOf(value, '0123456789ABCDEF');

function run({ service, caller, connection, prefix, marker, output }: Arrival, key: unknown, id: string): AllowedRun | undefined {
  if (typeof key !== 'string' || !key.endsWith(`/${marker}`)) return undefined;
  const folder = key.slice(0, key.length - marker.length);
  if (!isFolder(folder) || (prefix !== '/' && !folder.startsWith(prefix))) return undefined;
  return {
    name: `${service}--ev-${id}`,
    params: {
      dataConnection: connection,
      dataPath: folder,
      outputConnection: output.connection,
      outputPath: output.path,
      requestId: `ev-${id}`,
      caller,
    },
  };
}

/** A path of at most 512 characters that ends in `/`. */
function isFolder(path: string): boolean {
  if (path.length > 512 || path.includes('..')) return false;
  return path
    .slice(0, -1)
    .split('/')
    .every((part) => part !== '' && consistsOf(part, `${letters}0123456789._=+@~-`) && consistsOf(part.slice(0, 1), `${letters}0123456789_`));
}

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const consistsOf = (text: string, characters: string): boolean => [...text].every((character) => characters.includes(character));

/** A field of objects in objects; undefined where one of them is none. */
function at(value: unknown, ...path: readonly string[]): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== 'object' || current === null || Array.isArray(current)) return undefined;
    current = Object.entries(current).find(([name]) => name === key)?.[1];
  }
  return current;
}
