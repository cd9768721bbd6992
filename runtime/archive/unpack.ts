import { mkdtemp, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ModelForm } from '../../src/contract/step-config.js';
import { failure } from '../base/failure.js';
import { archiveLimits, type ArchiveLimits } from './limits.js';
import { unpackTar } from './unpack-tar.js';
import { unpackZip } from './unpack-zip.js';
import { createUnpacker, type Archive } from './unpacker.js';

export type ArchiveForm = Exclude<ModelForm, 'directory'>;

/**
 * Unpacks an archive into an empty folder: plain files and folders only, all of it or nothing. It is unpacked beside
 * the result first, so that a failure leaves no half of a model.
 */
export async function unpack(path: string, form: ArchiveForm, folder: string, limits: ArchiveLimits = archiveLimits): Promise<void> {
  const archive: Archive = { path, name: basename(path), size: (await stat(path)).size };
  if (archive.size === 0) throw failure('runtime/bad-archive', { archive: archive.name, problem: 'is empty: it has no byte' });
  await checkForm(archive, form);
  const temporary = await mkdtemp(join(folder, '.unpack-'));
  try {
    const unpacker = createUnpacker(archive, temporary, limits);
    await (form === 'zip' ? unpackZip(archive, unpacker) : unpackTar(archive, form, unpacker));
    if (unpacker.files() === 0) throw failure('runtime/bad-archive', { archive: archive.name, problem: 'holds no file' });
    for (const name of await readdir(temporary)) await rename(join(temporary, name), join(folder, name));
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

interface Magic {
  readonly form: string;
  readonly offset: number;
  readonly bytes: string;
}

const magics: readonly Magic[] = [
  { form: 'zip', offset: 0, bytes: 'PK\u0003\u0004' },
  { form: 'zip', offset: 0, bytes: 'PK\u0005\u0006' },
  { form: 'tar.gz', offset: 0, bytes: '\u001f\u008b' },
  { form: 'tar', offset: 257, bytes: 'ustar' },
  { form: 'zstd', offset: 0, bytes: '\u0028\u00b5\u002f\u00fd' },
  { form: 'bzip2', offset: 0, bytes: 'BZh' },
  { form: 'xz', offset: 0, bytes: '\u00fd7zXZ' },
  { form: '7z', offset: 0, bytes: "7z\u00bc\u00af'\u001c" },
];

/** The name says how to read an archive; what it begins with must not say otherwise. */
async function checkForm(archive: Archive, form: ArchiveForm): Promise<void> {
  const start = Buffer.alloc(512);
  const handle = await open(archive.path, 'r');
  try {
    await handle.read(start, 0, start.length, 0);
  } finally {
    await handle.close();
  }
  const found = magics.find(({ offset, bytes }) => start.subarray(offset, offset + bytes.length).equals(Buffer.from(bytes, 'latin1')))?.form;
  if (found !== undefined && found !== form)
    throw failure('runtime/bad-archive', { archive: archive.name, problem: `is named .${form} and is ${found}` });
}
