import { crc32 } from 'node:zlib';
import { getFileNameLowLevel, openPromise, type Entry, type ZipFile } from 'yauzl';
import { show } from '../../src/base/quote.js';
import { failure, StepFailure } from '../base/failure.js';
import type { Archive, Unpacker } from './unpacker.js';

/** The file type in the Unix mode that most zip programs store. */
const typeMask = 0o170000;
const regularFile = 0o100000;
const folder = 0o040000;
const link = 0o120000;

/** Unpacks a zip archive. It needs the whole file: its directory stands at the end. */
export async function unpackZip(archive: Archive, unpacker: Unpacker): Promise<void> {
  let zip: ZipFile | undefined;
  try {
    // Names are decoded below, where a bad one gets our own message.
    zip = await openPromise(archive.path, { autoClose: false, decodeStrings: false, validateEntrySizes: true });
    for await (const entry of zip.eachEntry()) await unpackEntry(zip, entry, archive, unpacker);
  } catch (error) {
    throw describe(error, archive);
  } finally {
    zip?.close();
  }
}

async function unpackEntry(zip: ZipFile, entry: Entry, archive: Archive, unpacker: Unpacker): Promise<void> {
  const name = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true);
  const type = (entry.externalFileAttributes >>> 16) & typeMask;
  if (type !== 0 && type !== regularFile && type !== folder)
    throw unpacker.refuse(name, type === link ? 'is a link' : 'is neither a file nor a folder');
  if (entry.isEncrypted()) throw failure('runtime/bad-archive', { archive: archive.name, problem: 'is encrypted' });
  await checkHeader(zip, entry, archive, unpacker);
  if (name.endsWith('/') || type === folder) {
    await unpacker.folder(name);
    return;
  }
  await unpacker.file(name, checkedContent(zip, entry, archive, unpacker));
}

/** The ways of compression that archivers write, by the number that the format gives them; we read 0 and 8. */
const methods: Readonly<Record<number, string>> = {
  9: 'Deflate64',
  12: 'bzip2',
  14: 'LZMA',
  93: 'Zstandard',
  95: 'xz',
  98: 'PPMd',
  99: 'AES encryption',
};

/**
 * An entry has its name twice, in the directory at the end and before its content. Programs differ in which of them
 * they read, so an archive whose names differ is another one for whoever looks at it first.
 */
async function checkHeader(zip: ZipFile, entry: Entry, archive: Archive, unpacker: Unpacker): Promise<void> {
  const local = await zip.readLocalFileHeaderPromise(entry);
  if (!local.fileName.equals(entry.fileNameRaw)) {
    const name = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true);
    throw unpacker.refuse(name, 'has another name where its content is');
  }
  const { compressionMethod: method } = entry;
  if (method !== 0 && method !== 8) {
    throw failure('runtime/bad-archive', {
      archive: archive.name,
      problem: `holds an entry with the compression method ${methods[method] ?? String(method)}, which is not read; use Deflate, the usual one`,
    });
  }
}

/** The bytes of an entry, counted, with their checksum compared at the end. Opened when the first are asked for. */
async function* checkedContent(zip: ZipFile, entry: Entry, archive: Archive, unpacker: Unpacker): AsyncGenerator<Uint8Array> {
  const content = await zip.openReadStreamPromise(entry);
  // An error that comes after the loop below has ended must not end the process.
  content.on('error', () => undefined);
  let sum = 0;
  for await (const chunk of content as AsyncIterable<Uint8Array>) {
    unpacker.count(chunk.length);
    sum = crc32(chunk, sum);
    yield chunk;
  }
  if (sum !== entry.crc32) throw failure('runtime/bad-archive', { archive: archive.name, problem: 'cannot be read: a checksum differs' });
}

/** The reader has no codes for a broken archive; errors of the operating system have a system call. */
function describe(error: unknown, archive: Archive): unknown {
  if (error instanceof StepFailure || !(error instanceof Error) || 'syscall' in error || error instanceof TypeError) return error;
  return failure('runtime/bad-archive', { archive: archive.name, problem: `cannot be read: ${show(error.message.replace(/\.+$/, ''))}` });
}
