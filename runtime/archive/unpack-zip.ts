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
  if (name.endsWith('/') || type === folder) {
    await unpacker.folder(name);
    return;
  }
  await unpacker.file(name, checkedContent(zip, entry, archive, unpacker));
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
  return failure('runtime/bad-archive', { archive: archive.name, problem: `cannot be read: ${show(error.message)}` }, { cause: error });
}
