import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Parser } from 'tar/parse';
import type { ReadEntry } from 'tar/read-entry';
import { show } from '../../src/base/quote.js';
import { failure, StepFailure } from '../base/failure.js';
import type { Archive, Unpacker } from './unpacker.js';

/** Unpacks a tar archive, in strict mode: what the parser would only warn about is an error. */
export async function unpackTar(archive: Archive, form: 'tar' | 'tar.gz', unpacker: Unpacker): Promise<void> {
  const source = createReadStream(archive.path, { highWaterMark: 1 << 20 });
  const read = (chunks: AsyncIterable<Uint8Array>): Promise<void> => parseTar(chunks, unpacker);
  try {
    await (form === 'tar' ? pipeline(source, read) : pipeline(source, createGunzip({ chunkSize: 1 << 18 }), read));
  } catch (error) {
    throw describe(error, archive);
  }
}

async function parseTar(chunks: AsyncIterable<Uint8Array>, unpacker: Unpacker): Promise<void> {
  const parser = new Parser({ strict: true });
  let ended = false;
  /** Entries come one after another; each is written before the next. */
  let writing = Promise.resolve();
  const failed = new Promise<never>((_, reject) => {
    parser.on('error', reject);
    parser.on('entry', (entry: ReadEntry) => {
      writing = writing.then(() => unpackEntry(entry, unpacker));
      writing.catch(reject);
    });
  });
  // Whoever waits below sees the failure; one that comes while nobody waits must not end the process.
  failed.catch(() => undefined);
  parser.on('eof', () => {
    ended = true;
  });
  for await (const chunk of chunks) {
    unpacker.count(chunk.length);
    // The parser would keep everything behind the end of the archive in memory.
    if (ended) continue;
    const goesOn = parser.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
    if (!goesOn) await Promise.race([once(parser, 'drain'), failed]);
  }
  const finished = once(parser, 'end');
  parser.end();
  await Promise.race([finished, failed]);
  await Promise.race([writing, failed]);
}

const once = (parser: Parser, event: string): Promise<void> => new Promise((resolve) => parser.once(event, () => resolve()));

async function unpackEntry(entry: ReadEntry, unpacker: Unpacker): Promise<void> {
  switch (entry.type) {
    case 'File':
    case 'OldFile':
    case 'ContiguousFile':
      await unpacker.file(entry.path, entry);
      return;
    case 'Directory':
      await unpacker.folder(entry.path);
      entry.resume();
      return;
    case 'Link':
    case 'SymbolicLink':
      throw unpacker.refuse(entry.path, 'is a link');
    default:
      throw unpacker.refuse(entry.path, `is of the type ${entry.type}`);
  }
}

/** Node's decompressor and the parser say with codes of their own that the archive is broken; the rest is not about it. */
function describe(error: unknown, archive: Archive): unknown {
  if (error instanceof StepFailure || !(error instanceof Error)) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const tarCode = 'tarCode' in error && typeof error.tarCode === 'string' ? error.tarCode : '';
  if (!code.startsWith('Z_') && !tarCode.startsWith('TAR_') && !code.startsWith('TAR_')) return error;
  return failure('runtime/bad-archive', { archive: archive.name, problem: `cannot be read: ${show(error.message)}` }, { cause: error });
}
