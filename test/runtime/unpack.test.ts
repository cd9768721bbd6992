import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { archiveLimits, type ArchiveLimits } from '../../runtime/archive/limits.js';
import { unpack, type ArchiveForm } from '../../runtime/archive/unpack.js';
import { StepFailure } from '../../runtime/base/failure.js';
import { listFiles } from '../../runtime/base/files.js';
import { tar, tarGz, zip, type TarEntry, type ZipEntry } from './support/archives.js';
import { createJob, type TestJob } from './support/job.js';

interface Unpacked {
  readonly job: TestJob;
  readonly reason: string | undefined;
  readonly sentence: string;
  readonly files: readonly string[];
}

async function tryUnpack(form: ArchiveForm, bytes: Uint8Array, limits: ArchiveLimits = archiveLimits): Promise<Unpacked> {
  const job = createJob();
  writeFileSync(job.path(`model-raw/m.${form}`), bytes);
  // A neighbour that no entry may reach.
  job.write('neighbour', 'untouched');
  let failed: StepFailure | undefined;
  try {
    await unpack(job.path(`model-raw/m.${form}`), form, job.path('model'), limits);
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    failed = error;
    // All or nothing.
    expect(readdirSync(job.path('model'))).toEqual([]);
  }
  expect(job.read('neighbour')).toBe('untouched');
  expect(readdirSync(job.root).sort()).toEqual([
    'control',
    'credentials',
    'data',
    'model',
    'model-raw',
    'neighbour',
    'output',
    'publish',
    'rclone',
    'report',
    'sink',
  ]);
  return { job, reason: failed?.reason, sentence: failed?.sentence ?? '', files: await listFiles(job.path('model')) };
}

/** The same entries in each form. */
const forms: readonly (readonly [ArchiveForm, (entries: readonly (TarEntry & ZipEntry)[]) => Uint8Array])[] = [
  ['tar', tar],
  ['tar.gz', tarGz],
  ['zip', zip],
];

describe.each(forms)('a %s archive', (form, pack) => {
  it('is unpacked with its folders', async () => {
    const { job, files, reason } = await tryUnpack(
      form,
      pack([{ name: 'm/weights.bin', content: 'w' }, { name: 'm/empty' }, { name: 'a b/ä.txt', content: 'ä' }]),
    );
    expect(reason).toBeUndefined();
    expect(files).toEqual(['a b/ä.txt', 'm/empty', 'm/weights.bin']);
    expect(job.read('model/a b/ä.txt')).toBe('ä');
  });

  it('may name its root and folders', async () => {
    const folder = { type: '5', mode: 0o40755 };
    const { files, job } = await tryUnpack(
      form,
      pack([
        { name: './', ...folder },
        { name: './m/', ...folder },
        { name: './m/x', content: '1' },
        { name: 'm/', ...folder },
        { name: 'empty/', ...folder },
      ]),
    );
    expect(files).toEqual(['m/x']);
    expect(statSync(job.path('model/empty')).isDirectory()).toBe(true);
  });

  it('may have a colon in a name, and two names that differ in case: the job runs on Linux', async () => {
    const { files } = await tryUnpack(form, pack(['a:b', 'A', 'a'].map((name) => ({ name, content: name }))));
    expect(files).toEqual(['A', 'a', 'a:b']);
  });

  it('keeps no mode but 0644 and 0755', async () => {
    const { job } = await tryUnpack(form, pack([{ name: 'd/run', content: '#!', mode: 0o104755 }]));
    expect(statSync(job.path('model/d/run')).mode & 0o7777).toBe(0o644);
    expect(statSync(job.path('model/d')).mode & 0o7777).toBe(0o755);
  });

  it('may be large', async () => {
    const content = randomBytes(5_000_000);
    const { job } = await tryUnpack(
      form,
      pack([
        { name: 'a', content },
        { name: 'b', content: 'end' },
      ]),
    );
    expect(readFileSync(job.path('model/a')).equals(content)).toBe(true);
    expect(job.read('model/b')).toBe('end');
  });

  it.each<[string, string | Buffer, string]>([
    ['out of it', '../neighbour', 'leads out'],
    ['out of it in the middle', 'm/../../neighbour', 'leads out'],
    ['to an absolute path', '/tmp/millrace-evil', 'absolute'],
    ['to a drive', 'C:/x', 'absolute'],
    ['with backslashes', '..\\neighbour', 'backslash'],
    ['through "."', 'm/./x', '"."'],
    ['through an empty part', 'm//x', 'empty part'],
    ['with a line break', 'a\nb', 'control character'],
    ['with an escape', 'a\u001b[2Jb', 'control character'],
    ['with a control character of C1', 'a\u009bb', 'control character'],
    ['with a direction mark', 'a\u202eb', 'cannot be seen'],
    ['with bytes that are no text', Buffer.from([0x61, 0xff]), 'not UTF-8'],
  ])('with an entry %s is refused', async (_, name, words) => {
    const { reason, sentence } = await tryUnpack(
      form,
      pack([
        { name: 'first', content: '1' },
        { name, content: 'evil' },
      ]),
    );
    expect(reason).toBe('runtime/unsafe-archive');
    expect(sentence).toContain(words);
  });

  it.each([
    ['one name twice', 'a', 'a', 'is there twice'],
    ['one name written in two ways', 'a', './a', 'is there twice'],
    ['a file that is a folder later', 'a', 'a/b', 'a file and a folder'],
    ['a folder that is a file later', 'a/b', 'a', 'is there twice'],
  ])('with %s is refused', async (_, first, second, words) => {
    const { sentence } = await tryUnpack(
      form,
      pack([
        { name: first, content: '1' },
        { name: second, content: '2' },
      ]),
    );
    expect(sentence).toContain(words);
  });

  it('with too many, too deep or too long names is refused', async () => {
    const few = { ...archiveLimits, entries: 3 };
    expect((await tryUnpack(form, pack(['a', 'b', 'c', 'd'].map((name) => ({ name, content: name }))), few)).reason).toBe('runtime/archive-limit');
    expect((await tryUnpack(form, pack([{ name: `${'d/'.repeat(40)}x`, content: '1' }]))).sentence).toContain('folders deep');
    expect((await tryUnpack(form, pack([{ name: `${'d'.repeat(300)}/x`, content: '1' }]))).sentence).toContain('too long a name');
  });

  it('that unpacks to more than the limit is refused', async () => {
    const { reason, sentence } = await tryUnpack(form, pack([{ name: 'a', content: Buffer.alloc(3_000_000) }]), {
      ...archiveLimits,
      bytes: 2_000_000,
    });
    expect(reason).toBe('runtime/archive-limit');
    expect(sentence).toContain('2000000 bytes');
  });

  it('without any file is refused', async () => {
    expect((await tryUnpack(form, pack([{ name: 'd/', type: '5', mode: 0o40755 }]))).sentence).toContain('holds no file');
    expect((await tryUnpack(form, pack([]))).reason).toBe('runtime/bad-archive');
  });

  it('that is cut short is refused, wherever', async () => {
    const bytes = pack([
      { name: 'a', content: randomBytes(2000) },
      { name: 'b', content: randomBytes(2000) },
    ]);
    for (const end of [0, 1, 100, 513, 1500, bytes.length - 2000]) {
      expect((await tryUnpack(form, bytes.subarray(0, end))).reason).toBe('runtime/bad-archive');
    }
  });

  it('whatever its bytes are, is unpacked or refused', async () => {
    const good = pack([
      { name: 'a', content: 'some text that is long enough' },
      { name: 'd/b', content: 'x' },
    ]);
    const change = fc.record({ at: fc.nat(good.length - 1), byte: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const bytes = Buffer.from(good);
        for (const { at, byte } of changes) bytes[at] = byte;
        const { reason } = await tryUnpack(form, bytes);
        expect([undefined, 'runtime/bad-archive', 'runtime/unsafe-archive', 'runtime/archive-limit']).toContain(reason);
      }),
      { numRuns: 150 },
    );
  });

  it('of another form than its name says is refused', async () => {
    for (const [other, packOther] of forms) {
      if (other === form) continue;
      const { reason, sentence } = await tryUnpack(form, packOther([{ name: 'a', content: '1' }]));
      expect(reason).toBe('runtime/bad-archive');
      expect(sentence).toContain(`is named .${form} and is ${other}`);
    }
  });
});

describe('a tar archive', () => {
  it.each<[string, TarEntry, string]>([
    ['a symbolic link', { name: 'l', type: '2', link: '/etc/passwd' }, 'is a link'],
    ['a hard link', { name: 'l', type: '1', link: 'first' }, 'is a link'],
    ['a character device', { name: 'd', type: '3' }, 'CharacterDevice'],
    ['a block device', { name: 'd', type: '4' }, 'BlockDevice'],
    ['a pipe', { name: 'p', type: '6' }, 'FIFO'],
    ['a sparse file', { name: 's', type: 'S', content: 'x' }, 'SparseFile'],
  ])('with %s is refused', async (_, entry, words) => {
    const { reason, sentence } = await tryUnpack('tar.gz', tarGz([{ name: 'first', content: '1' }, entry]));
    expect(reason).toBe('runtime/unsafe-archive');
    expect(sentence).toContain(words);
  });

  it('never writes through a link that an earlier entry would have made', async () => {
    expect(
      (
        await tryUnpack(
          'tar',
          tar([
            { name: 'out', type: '2', link: '..' },
            { name: 'out/neighbour', content: 'evil' },
          ]),
        )
      ).reason,
    ).toBe('runtime/unsafe-archive');
  });

  it('that grows a thousandfold is refused before it is unpacked', async () => {
    const bomb = tarGz([{ name: 'zeros', content: Buffer.alloc(80_000_000) }]);
    expect(bomb.length).toBeLessThan(100_000);
    const { reason, sentence } = await tryUnpack('tar.gz', bomb);
    expect(reason).toBe('runtime/archive-limit');
    expect(sentence).toContain('200 times its size');
  });

  it('counts what stands behind its end', async () => {
    const padded = gzipSync(Buffer.concat([tar([{ name: 'a', content: '1' }]), Buffer.alloc(80_000_000)]));
    expect((await tryUnpack('tar.gz', padded)).reason).toBe('runtime/archive-limit');
  });

  it('with a wrong header checksum, with the wrong size or compressed twice is refused', async () => {
    const bytes = tar([{ name: 'a', content: '1' }]);
    bytes[0] = 0x62;
    expect((await tryUnpack('tar', bytes)).reason).toBe('runtime/bad-archive');
    expect((await tryUnpack('tar', tar([{ name: 'a', size: 0o77777777777 }]))).reason).toBe('runtime/bad-archive');
    expect((await tryUnpack('tar.gz', gzipSync(tarGz([{ name: 'a', content: '1' }])))).reason).toBe('runtime/bad-archive');
  });

  it('with an entry of a negative size is refused', async () => {
    const { reason, sentence } = await tryUnpack('tar', tar([{ name: 'a', size: -1 }]));
    expect(reason).toBe('runtime/unsafe-archive');
    expect(sentence).toContain('negative size');
  });

  it.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length - 30), 'ends too early: it was cut short'],
    ['of other bytes', () => Buffer.from('no archive at all'), 'cannot be read: incorrect header check'],
    ['with more behind its end', (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('more')]), 'cannot be read: incorrect header check'],
    ['without a byte', () => Buffer.alloc(0), 'is empty'],
  ])('%s is told in a sentence', async (_, damage, words) => {
    const { reason, sentence } = await tryUnpack('tar.gz', damage(tarGz([{ name: 'a', content: randomBytes(5000) }])));
    expect(reason).toBe('runtime/bad-archive');
    expect(sentence).toContain(words);
  });

  it('with a wrong checksum of its compression is refused', async () => {
    const bytes = tarGz([{ name: 'a', content: 'x'.repeat(1000) }]);
    bytes[bytes.length - 6] = (bytes.at(-6) ?? 0) ^ 0xff;
    expect((await tryUnpack('tar.gz', bytes)).reason).toBe('runtime/bad-archive');
  });

  it('of the tar command is unpacked, with long names', async () => {
    const job = createJob();
    const long = `${'folder-with-a-long-name/'.repeat(8)}file`;
    job.write(`tree/${long}`, 'x');
    for (const format of ['gnu', 'pax', 'ustar']) {
      execFileSync('tar', ['-czf', job.path(`${format}.tar.gz`), `--format=${format}`, '-C', job.path('tree'), '.']);
      expect((await tryUnpack('tar.gz', readFileSync(job.path(`${format}.tar.gz`)))).files).toEqual([long]);
    }
  });

  it('with a link, made by the tar command, is refused', async () => {
    const job = createJob();
    mkdirSync(job.path('tree'));
    symlinkSync('/etc/passwd', job.path('tree/link'));
    execFileSync('tar', ['-czf', job.path('t.tar.gz'), '-C', job.path('tree'), '.']);
    expect((await tryUnpack('tar.gz', readFileSync(job.path('t.tar.gz')))).reason).toBe('runtime/unsafe-archive');
  });
});

describe('a zip archive', () => {
  it('may store entries without compressing them', async () => {
    expect((await tryUnpack('zip', zip([{ name: 'a', content: 'x', store: true }]))).files).toEqual(['a']);
  });

  it.each<[string, ZipEntry, string, string]>([
    ['a symbolic link', { name: 'l', content: '/etc/passwd', mode: 0o120777 }, 'runtime/unsafe-archive', 'is a link'],
    ['a device', { name: 'd', mode: 0o020666 }, 'runtime/unsafe-archive', 'neither a file nor a folder'],
    ['an encrypted entry', { name: 'e', content: 'x', encrypted: true }, 'runtime/bad-archive', 'is encrypted'],
    ['another compression', { name: 'e', content: 'x', method: 14 }, 'runtime/bad-archive', 'compression method LZMA, which is not read'],
    ['a compression without a name', { name: 'e', content: 'x', method: 77 }, 'runtime/bad-archive', 'compression method 77'],
    ['another name where its content is', { name: 'e', localName: 'f', content: 'x' }, 'runtime/unsafe-archive', 'has another name'],
    ['a wrong checksum', { name: 'e', content: 'x', crc: 1 }, 'runtime/bad-archive', 'checksum'],
    ['a size that is too small', { name: 'e', content: 'xxxxxxxxxx', size: 3 }, 'runtime/bad-archive', 'too many bytes'],
    ['a size that is too large', { name: 'e', content: 'x', size: 3000 }, 'runtime/bad-archive', 'not enough bytes'],
  ])('with %s is refused', async (_, entry, reason, words) => {
    const found = await tryUnpack('zip', zip([{ name: 'first', content: '1' }, entry]));
    expect(found.reason).toBe(reason);
    expect(found.sentence).toContain(words);
  });

  it.each([
    ['entries', (end: Buffer) => end.writeUInt16LE(0xffff, 10)],
    ['where its directory is', (end: Buffer) => end.writeUInt32LE(0xffffffff, 16)],
    ['how many entries there are', (end: Buffer) => end.writeUInt16LE(9, 10)],
  ])('that lies about %s is refused', async (_, lie) => {
    const bytes = zip([{ name: 'a', content: 'x' }]);
    lie(bytes.subarray(bytes.length - 22));
    expect((await tryUnpack('zip', bytes)).reason).toBe('runtime/bad-archive');
  });

  it('that grows a thousandfold is refused', async () => {
    const { reason } = await tryUnpack('zip', zip([{ name: 'zeros', content: Buffer.alloc(80_000_000) }]));
    expect(reason).toBe('runtime/archive-limit');
  });
});

it('leaves what it cannot classify to be told as a bug', async () => {
  const job = createJob();
  await expect(unpack(join(job.root, 'missing.tar'), 'tar', job.path('model'))).rejects.toMatchObject({ code: 'ENOENT' });
});
