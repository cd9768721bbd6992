/** What a predictor may do wrong, as whole jobs: the step and the code that are told, and that nothing half is published. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeFiles } from '../cli/command.js';
import { json, place, published, run } from './run-place.js';

/** What the predictor does after it has written a good result, which must not be published alone. */
const good = `import os, signal, socket, stat, sys
out = os.environ["ODAHU_MODEL_OUTPUT"]
at = lambda name: os.path.join(out, name)
write = lambda name, text: open(at(name), "w").write(text)
write("good.csv", "1,2")
`;
const evidence = ['_FAILED.json', '_feedback/requests.jsonl'];
const report = ['_FAILED.json', '_feedback/requests.jsonl', '_report/output-validation.jsonl'];

interface Row {
  readonly does: string;
  readonly predictor: string;
  readonly step?: 'user-container';
  readonly code: number;
  readonly reason: string;
  readonly words: string;
  readonly store?: readonly string[];
}

const unsafe = { code: 2, reason: 'runtime/unsafe-output' } as const;
const badName = { code: 2, reason: 'runtime/bad-output-name' } as const;
const invalid = { code: 2, reason: 'runtime/invalid-output', store: report } as const;
const failed = { step: 'user-container', reason: 'runtime/predictor-failed' } as const;

const rows: readonly Row[] = [
  { does: 'writes nothing', predictor: 'os.remove(at("good.csv"))', code: 2, reason: 'runtime/no-output', words: 'wrote no file' },
  {
    does: 'makes folders only',
    predictor: 'os.remove(at("good.csv")); os.makedirs(at("a/b"))',
    code: 2,
    reason: 'runtime/no-output',
    words: 'wrote no file',
  },
  { ...failed, does: 'exits with 3', predictor: 'sys.exit(3)', code: 3, words: 'exited with code 3' },
  { ...failed, does: 'exits with 137', predictor: 'os._exit(137)', code: 137, words: 'was killed' },
  { ...failed, does: 'is killed', predictor: 'os.kill(os.getpid(), signal.SIGKILL)', code: 137, words: 'was killed' },
  { ...failed, does: 'crashes', predictor: 'os.abort()', code: 137, words: 'was killed' },
  { ...unsafe, does: 'writes a link to a file of the node', predictor: 'os.symlink("/etc/passwd", at("a"))', words: '"a", which is a link' },
  { ...unsafe, does: 'writes a link to nothing', predictor: 'os.symlink("nothing", at("a"))', words: '"a", which is a link' },
  { ...unsafe, does: 'writes a link to a folder', predictor: 'os.symlink("/", at("a"))', words: '"a", which is a link' },
  { ...unsafe, does: 'writes a hard link', predictor: 'os.link(at("good.csv"), at("a"))', words: '"a", which is a file with a second name' },
  { ...unsafe, does: 'writes a named pipe', predictor: 'os.mkfifo(at("a"))', words: '"a", which is a named pipe' },
  // The path of a socket must be short.
  { ...unsafe, does: 'writes a socket', predictor: 'os.chdir(out); socket.socket(socket.AF_UNIX).bind("a")', words: '"a", which is a socket' },
  {
    ...unsafe,
    does: 'puts a link in the place of its folder',
    predictor: 'os.rename(out, out + ".old"); os.symlink(out + ".old", out)',
    words: "The predictor's output folder is a link",
  },
  { ...badName, does: 'writes a name with a line break', predictor: String.raw`write("a\nb", "")`, words: String.raw`"a\u000ab"` },
  { ...badName, does: 'writes a name that is no text', predictor: String.raw`open(os.fsencode(out) + b"/a\xff", "w")`, words: 'UTF-8' },
  {
    ...badName,
    does: 'writes a path that no store takes',
    predictor: 'deep = "/".join(["d" * 250] * 5)\nos.chdir(out)\nfor part in deep.split("/"): os.mkdir(part); os.chdir(part)\nopen("x", "w")',
    words: '1024 bytes',
  },
  {
    ...badName,
    does: 'nests folders deeper than a path reaches',
    predictor: 'os.chdir(out)\nfor _ in range(30): os.mkdir("d" * 200); os.chdir("d" * 200)\nopen("x", "w")',
    words: '1024 bytes',
  },
  {
    ...unsafe,
    does: 'forbids to enter a folder',
    predictor: 'os.mkdir(at("d")); write("d/x.csv", ""); os.chmod(at("d"), 0o444)\nif os.getuid() == 0: os.symlink("x", at("d/y"))',
    words: '"d',
  },
  {
    does: 'writes our marker',
    predictor: 'write("_SUCCESS", "")',
    code: 2,
    reason: 'runtime/reserved-output-name',
    words: '"_SUCCESS"',
  },
  {
    does: 'writes a file larger than the disk',
    predictor: 'os.truncate(at("good.csv"), 10 << 40)',
    code: 3,
    reason: 'runtime/disk-full',
    words: 'ENOSPC',
  },
  { ...invalid, does: 'writes a file that is not JSON', predictor: 'write("a.json", "score: 1")', words: '1 of 1 output files are not valid' },
  { ...invalid, does: 'writes an empty response', predictor: 'write("a.json", "")', words: '"a.json"' },
  { ...invalid, does: 'is cut off in a response', predictor: `write("a.json", '{"outputs": [{"name"')`, words: '"a.json"' },
];

describe('a predictor that', () => {
  it.each(rows)('$does fails its job with $code ($reason)', ({ predictor, step = 'validate-output', code, reason, words, store = evidence }) => {
    const at = place({ predictor: `${good}${predictor}\n` });
    // What an earlier run has published; its own result stays.
    writeFiles(at.store, { 'results/fraud/out/_SUCCESS': 'old', 'results/fraud/out/_MANIFEST.json': 'old', 'results/fraud/out/old.csv': 'old' });
    const { code: ended, stderr } = run(at);
    expect(ended).toBe(1);
    expect(stderr).toContain(`error: step ${step} failed with exit code ${String(code)}: `);
    expect(stderr).toContain(`millrace explain ${reason}\n`);
    const files = published(at);
    expect(Object.keys(files).sort()).toEqual([...store, 'old.csv'].sort());
    const { failure, counts } = json(files['_FAILED.json']) as { failure: Record<string, unknown>; counts: Record<string, unknown> };
    expect(failure).toMatchObject({ step, code, reason, sentence: expect.stringContaining(words) as unknown });
    expect(counts).toMatchObject({ outputs: 0 });
  });
});

it('folders deeper than a path reaches do not keep the next run from its work folder', () => {
  const at = place({ predictor: `${good}os.chdir(out)\nfor _ in range(30): os.mkdir("d" * 200); os.chdir("d" * 200)\nsys.exit(3)\n` });
  expect(run(at).code).toBe(1);
  writeFileSync(join(at.app, 'predictor.py'), good);
  expect(run(at)).toMatchObject({ code: 0, stderr: '' });
  expect(existsSync(join(at.root, '.millrace-run/fraud-scorer--local'))).toBe(false);
});

it('a predictor that takes the model apart is told of it', () => {
  const at = place({ predictor: `${good}import shutil\nmodel = os.environ["ODAHU_MODEL"]\nos.chmod(model, 0o700); shutil.rmtree(model)\n` });
  expect(run(at)).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('changed what it may only read: /mnt/job/model [run/read-only-changed]') as unknown,
  });
});

it('a predictor that writes a device fails its job', () => {
  // Only root may make one; whoever may not has nothing to be kept from, and says so.
  const predictor = 'try: os.mknod(at("a"), stat.S_IFCHR | 0o666, os.makedev(1, 3))\nexcept PermissionError: sys.exit(77)\n';
  const at = place({ predictor: `${good}${predictor}` });
  expect(run(at).code).toBe(1);
  const files = published(at);
  expect(Object.keys(files)).toEqual(evidence);
  const { failure } = json(files['_FAILED.json']) as { failure: { readonly code: number; readonly reason: string; readonly sentence: string } };
  if (failure.code === 77) expect(failure.reason).toBe('runtime/predictor-failed');
  else expect(failure).toMatchObject({ ...unsafe, sentence: expect.stringContaining('"a", which is a device') as unknown });
});
