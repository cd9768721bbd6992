/**
 * MessagePack, as far as the forward protocol needs it. A library would be an eighth of the runtime, which has to fit into
 * a ConfigMap; what a sink answers is short and simple, and everything else is refused. Tests hold it to a library.
 * @see https://github.com/msgpack/msgpack/blob/master/spec.md
 */

export type Encodable = string | number | Uint8Array | EventTime | readonly Encodable[] | { readonly [key: string]: Encodable };

/** A time of fluentd: extension type 0, seconds and nanoseconds. */
export class EventTime {
  constructor(readonly milliseconds: number) {}
}

/** Numbers are whole, and not negative. */
export function encode(value: Encodable): Buffer {
  const parts: Uint8Array[] = [];
  write(value, parts);
  return Buffer.concat(parts);
}

function write(value: Encodable, parts: Uint8Array[]): void {
  if (typeof value === 'string') {
    const bytes = Buffer.from(value);
    parts.push(head(bytes.length, { fix: 0xa0, below: 32, one: 0xd9, two: 0xda, four: 0xdb }), bytes);
  } else if (typeof value === 'number') {
    parts.push(integer(value));
  } else if (value instanceof Uint8Array) {
    parts.push(head(value.length, { fix: 0, below: 0, one: 0xc4, two: 0xc5, four: 0xc6 }), value);
  } else if (value instanceof EventTime) {
    const bytes = Buffer.from([0xd7, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    bytes.writeUInt32BE(Math.floor(value.milliseconds / 1000), 2);
    bytes.writeUInt32BE((value.milliseconds % 1000) * 1_000_000, 6);
    parts.push(bytes);
  } else if (isList(value)) {
    parts.push(head(value.length, { fix: 0x90, below: 16, one: undefined, two: 0xdc, four: 0xdd }));
    for (const item of value) write(item, parts);
  } else {
    const entries = Object.entries(value);
    parts.push(head(entries.length, { fix: 0x80, below: 16, one: undefined, two: 0xde, four: 0xdf }));
    for (const [key, item] of entries) {
      write(key, parts);
      write(item, parts);
    }
  }
}

/** `Array.isArray` does not tell a readonly list from a map. */
const isList = (value: readonly Encodable[] | { readonly [key: string]: Encodable }): value is readonly Encodable[] => Array.isArray(value);

/** The first byte of each form in which a length is written. */
interface Heads {
  readonly fix: number;
  readonly below: number;
  readonly one: number | undefined;
  readonly two: number;
  readonly four: number;
}

function head(length: number, { fix, below, one, two, four }: Heads): Buffer {
  if (length < below) return Buffer.from([fix | length]);
  if (length < 256 && one !== undefined) return Buffer.from([one, length]);
  if (length < 65_536) return Buffer.from([two, length >> 8, length & 255]);
  const bytes = Buffer.from([four, 0, 0, 0, 0]);
  bytes.writeUInt32BE(length, 1);
  return bytes;
}

function integer(value: number): Buffer {
  if (value < 128) return Buffer.from([value]);
  if (value < 2 ** 32) return head(value, { fix: 0, below: 0, one: 0xcc, two: 0xcd, four: 0xce });
  const bytes = Buffer.from([0xcf, 0, 0, 0, 0, 0, 0, 0, 0]);
  bytes.writeBigUInt64BE(BigInt(value), 1);
  return bytes;
}

/** What is no MessagePack, or nests deeper than any answer of a sink. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
}

export interface Decoded {
  readonly value: unknown;
  /** Bytes that it took. */
  readonly length: number;
}

/**
 * The first value in `bytes`; undefined where its end is still to come. Text that is no UTF-8 stays bytes, as old sinks
 * send it; extensions are undefined.
 */
export function decode(bytes: Uint8Array): Decoded | undefined {
  const reader: Reader = { bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), at: 0 };
  try {
    return { value: read(reader, 0), length: reader.at };
  } catch (error) {
    if (error === incomplete) return undefined;
    throw error;
  }
}

/** One for all: a stack for each would cost more than the rest. */
const incomplete = new Error('the message is not complete');
const deepest = 8;

interface Reader {
  readonly bytes: Buffer;
  at: number;
}

function take(reader: Reader, length: number): Buffer {
  const end = reader.at + length;
  if (end > reader.bytes.length) throw incomplete;
  const taken = reader.bytes.subarray(reader.at, end);
  reader.at = end;
  return taken;
}

const unsigned = (reader: Reader, size: number): number =>
  size === 8 ? Number(take(reader, 8).readBigUInt64BE()) : take(reader, size).readUIntBE(0, size);
const signed = (reader: Reader, size: number): number =>
  size === 8 ? Number(take(reader, 8).readBigInt64BE()) : take(reader, size).readIntBE(0, size);

function read(reader: Reader, depth: number): unknown {
  if (depth > deepest) throw new MalformedMessage('nests too deep');
  const type = take(reader, 1).readUInt8();
  if (type < 0x80) return type;
  if (type < 0x90) return map(reader, type & 15, depth);
  if (type < 0xa0) return list(reader, type & 15, depth);
  if (type < 0xc0) return text(take(reader, type & 31));
  if (type >= 0xe0) return type - 256;
  if (type >= 0xd4 && type <= 0xd8) return void take(reader, 1 + 2 ** (type - 0xd4));
  switch (type) {
    case 0xc0:
      return null;
    case 0xc2:
    case 0xc3:
      return type === 0xc3;
    case 0xc4:
    case 0xc5:
    case 0xc6:
      return take(reader, unsigned(reader, 2 ** (type - 0xc4)));
    case 0xc7:
    case 0xc8:
    case 0xc9:
      return void take(reader, unsigned(reader, 2 ** (type - 0xc7)) + 1);
    case 0xca:
      return take(reader, 4).readFloatBE();
    case 0xcb:
      return take(reader, 8).readDoubleBE();
    case 0xcc:
    case 0xcd:
    case 0xce:
    case 0xcf:
      return unsigned(reader, 2 ** (type - 0xcc));
    case 0xd0:
    case 0xd1:
    case 0xd2:
    case 0xd3:
      return signed(reader, 2 ** (type - 0xd0));
    case 0xd9:
    case 0xda:
    case 0xdb:
      return text(take(reader, unsigned(reader, 2 ** (type - 0xd9))));
    case 0xdc:
    case 0xdd:
      return list(reader, unsigned(reader, type === 0xdc ? 2 : 4), depth);
    case 0xde:
    case 0xdf:
      return map(reader, unsigned(reader, type === 0xde ? 2 : 4), depth);
    default:
      throw new MalformedMessage('a byte that MessagePack does not use');
  }
}

function list(reader: Reader, length: number, depth: number): readonly unknown[] {
  const items: unknown[] = [];
  while (items.length < length) items.push(read(reader, depth + 1));
  return items;
}

/** Only what text names is kept. */
function map(reader: Reader, length: number, depth: number): ReadonlyMap<string, unknown> {
  const members = new Map<string, unknown>();
  for (let index = 0; index < length; index += 1) {
    const key = read(reader, depth + 1);
    const value = read(reader, depth + 1);
    if (typeof key === 'string') members.set(key, value);
  }
  return members;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
function text(bytes: Buffer): string | Uint8Array {
  try {
    return utf8.decode(bytes);
  } catch {
    return bytes;
  }
}
