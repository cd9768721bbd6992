import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { Parser } from 'tar/parse';
import type { ReadEntry } from 'tar/read-entry';
import { show } from '../../src/base/quote.js';
import { failure, StepFailure } from '../base/failure.js';
import { createGate, type Gate } from './gate.js';
import type { Archive, Unpacker } from './unpacker.js';

/** Unpacks a tar archive, in strict mode: what the parser would only warn about is an error. */
export async function unpackTar(archive: Archive, form: 'tar' | 'tar.gz', unpacker: Unpacker): Promise<void> {
  const source = createReadStream(archive.path, { highWaterMark: 1 << 20 });
  const gunzip = createGunzip({ chunkSize: 1 << 18 });
  try {
    // Not `pipeline`: it hides an error of the reader behind one of its own.
    source.on('error', (error) => gunzip.destroy(error));
    // The loop that reads sees an error; one that comes when it has ended is about a stream that nobody needs any more.
    gunzip.on('error', () => undefined);
    await parseTar(form === 'tar' ? source : source.pipe(gunzip), archive, unpacker);
  } catch (error) {
    throw describe(error, archive);
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}

/** The parser would unpack a second compression, past the count of unpacked bytes. */
const isCompressed = (chunk: Uint8Array): boolean => (chunk[0] === 0x1f && chunk[1] === 0x8b) || (chunk[0] === 0x28 && chunk[1] === 0xb5);

async function parseTar(chunks: AsyncIterable<Uint8Array>, archive: Archive, unpacker: Unpacker): Promise<void> {
  const parser = new Parser({ strict: true });
  const gate = createGate();
  let started = false;
  let ended = false;
  /** Entries come one after another; each is written before the next. */
  let writing = Promise.resolve();
  parser.on('error', gate.fail);
  parser.on('entry', (entry: ReadEntry) => {
    writing = writing.then(() => unpackEntry(entry, unpacker, gate));
    writing.catch(gate.fail);
  });
  // Types that the parser knows and leaves out.
  parser.on('ignoredEntry', (entry: ReadEntry) => {
    gate.fail(unpacker.refuse(entry.path, `is of the type ${entry.type}`));
  });
  parser.on('eof', () => {
    ended = true;
  });
  try {
    for await (const chunk of chunks) {
      unpacker.count(chunk.length);
      if (!started && isCompressed(chunk)) throw failure('runtime/bad-archive', { archive: archive.name, problem: 'is compressed twice' });
      started = true;
      // The parser would keep everything behind the end of the archive in memory.
      if (ended) continue;
      const goesOn = parser.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
      await gate.guard(goesOn ? Promise.resolve() : once(parser, 'drain'));
    }
    const finished = once(parser, 'end');
    parser.end();
    await gate.guard(finished);
    await gate.guard(writing);
  } catch (error) {
    gate.fail(error);
    // Nothing is written any more when this returns.
    await writing.catch(() => undefined);
    throw error;
  }
}

const once = (parser: Parser, event: string): Promise<void> => new Promise((resolve) => parser.once(event, () => resolve()));

async function unpackEntry(entry: ReadEntry, unpacker: Unpacker, gate: Gate): Promise<void> {
  switch (entry.type) {
    case 'File':
    case 'OldFile':
    case 'ContiguousFile':
      // The parser takes the file for empty, other programs for something else.
      if (entry.header.size === undefined) throw unpacker.refuse(entry.path, 'has no size or a negative size');
      await unpacker.file(entry.path, guarded(entry, gate));
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

/** The content of an entry; after a failure of the parser its end would never come. */
async function* guarded(entry: ReadEntry, gate: Gate): AsyncGenerator<Uint8Array> {
  const chunks = entry[Symbol.asyncIterator]();
  for (;;) {
    const { done, value } = await gate.guard(chunks.next());
    if (done) return;
    yield value;
  }
}

/** Node's decompressor and the parser say with codes of their own that the archive is broken; the rest is not about it. */
function describe(error: unknown, archive: Archive): unknown {
  if (error instanceof StepFailure || !(error instanceof Error)) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const tarCode = 'tarCode' in error && typeof error.tarCode === 'string' ? error.tarCode : '';
  if (!code.startsWith('Z_') && !tarCode.startsWith('TAR_') && !code.startsWith('TAR_')) return error;
  const problem =
    code === 'Z_BUF_ERROR' ? 'ends too early: it was cut short' : `cannot be read: ${show(error.message.replace(/^TAR_[A-Z_]+: /, ''))}`;
  return failure('runtime/bad-archive', { archive: archive.name, problem });
}
