/** Archives as no archiver would make them: any name, any type, any lie about size or checksum. */
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';

export interface TarEntry {
  readonly name: string | Buffer;
  readonly content?: string | Buffer;
  /** ustar's type flag. */
  readonly type?: string;
  readonly link?: string;
  readonly mode?: number;
  /** Instead of the content's; -1 is written as one. */
  readonly size?: number;
}

const octal = (value: number, width: number): string => `${value.toString(8).padStart(width - 1, '0')}\0`;

function tarEntry({ name, content = '', type = '0', link = '', mode = 0o644, size }: TarEntry): Buffer {
  const body = Buffer.from(content);
  const header = Buffer.alloc(512);
  const bytes = Buffer.from(name);
  bytes.copy(header, 0, 0, 100);
  header.write(octal(mode, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(Math.max(0, size ?? body.length), 12), 124);
  // A negative number in base 256; the only one that a test needs is -1.
  if (size === -1) header.fill(0xff, 124, 136);
  header.write(octal(0, 12), 136);
  header.write('        ', 148);
  header.write(type, 156);
  header.write(link, 157);
  header.write('ustar\0' + '00', 257);
  header.write(
    octal(
      header.reduce((sum, byte) => sum + byte, 0),
      7,
    ),
    148,
  );
  return Buffer.concat([header, body, Buffer.alloc((512 - (body.length % 512)) % 512)]);
}

/** A name beyond 100 bytes, as GNU tar stores it. */
const longName = (name: string): Buffer => tarEntry({ name: '././@LongLink', type: 'L', content: `${name}\0` });

export const tar = (entries: readonly TarEntry[]): Buffer =>
  Buffer.concat([
    ...entries.flatMap((entry) => (entry.name.length > 100 ? [longName(String(entry.name)), tarEntry(entry)] : [tarEntry(entry)])),
    Buffer.alloc(1024),
  ]);

export const tarGz = (entries: readonly TarEntry[]): Buffer => gzipSync(tar(entries));

export interface ZipEntry {
  readonly name: string | Buffer;
  /** The name before the content, where it is not that of the directory. */
  readonly localName?: string;
  readonly content?: string | Buffer;
  /** Unix mode with the file type. */
  readonly mode?: number;
  readonly store?: boolean;
  readonly encrypted?: boolean;
  readonly method?: number;
  readonly crc?: number;
  /** Unpacked size, instead of the content's. */
  readonly size?: number;
}

export function zip(entries: readonly ZipEntry[]): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.name);
    const content = Buffer.from(entry.content ?? '');
    const data = entry.store ? content : deflateRawSync(content);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x800 | (entry.encrypted ? 1 : 0), 2);
    common.writeUInt16LE(entry.method ?? (entry.store ? 0 : 8), 4);
    common.writeUInt32LE(entry.crc ?? crc32(content), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(entry.size ?? content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const localName = Buffer.from(entry.localName ?? name);
    const localCommon = Buffer.from(common);
    localCommon.writeUInt16LE(localName.length, 22);
    local.push(Buffer.from('PK\u0003\u0004'), localCommon, localName, data);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 6);
    rest.writeUInt32LE(offset, 10);
    central.push(Buffer.from('PK\u0001\u0002'), Buffer.from([20, 3]), common, rest, name);
    offset += 30 + localName.length + data.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
}
