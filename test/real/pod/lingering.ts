/** What a predictor leaves running may go on changing its output while step 7 copies it: what is published is what the manifest says. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../../src/contract/job-record.js';
import { readFiles } from '../../cli/command.js';
import { type PodEnd, story } from '../support/run-pod.js';
import { download } from '../support/stores.js';
import type { Bed } from './bed.js';

const names = Array.from({ length: 8 }, (_, index) => `${String(index)}.json`);

interface End {
  readonly pod: PodEnd;
  readonly published: Readonly<Record<string, string>>;
}

export function testLingeringPredictor(bed: () => Bed): void {
  /** A job whose predictor leaves a program behind that changes the output in this way until the Pod ends. */
  const run = async (way: string): Promise<End> => {
    const name = `lingering--${way}`;
    const pod = await bed().run(
      { service: 'lingering', name, dataPath: 'in/success/' },
      { lingering: { command: ['node', '/mnt/job/model/linger.mjs', way] } },
    );
    const folder = join(bed().root, 'published', name);
    await download(bed().stores.of.s3, `out/${name}/`, folder);
    await expectChangesDuringStep7(pod);
    return { pod, published: readFiles(folder) };
  };

  describe.concurrent('a predictor that goes on writing', () => {
    it('cannot make what is published differ from the manifest', async () => {
      const { pod, published } = await run('rewrite');
      expect(pod.phase, story(pod)).toBe('Succeeded');
      expectAsInManifest(published);
      // The copies hold what came after the predictor had ended: it wrote nothing but ones.
      for (const path of names) expect(published[path]).toMatch(/,[2-9],/);
    });

    it('fails the run, or changes nothing that is published, where it makes files longer and shorter', async () => {
      const { pod, published } = await run('grow');
      if (pod.phase === 'Succeeded') expectAsInManifest(published);
      else expectRefused({ pod, published }, /runtime\/output-changed/);
    });

    it('cannot have files of the step published by putting links to them in place of its own', async () => {
      expectRefused(await run('link'), /runtime\/(unsafe-output|output-changed)/);
    });
  });
}

function expectAsInManifest(published: End['published']): void {
  const { output } = JSON.parse(published['_MANIFEST.json'] ?? '') as Manifest;
  expect(output.files).toEqual(names.map((path) => ({ path, ...digestOf(published[path] ?? '') })));
}

function expectRefused({ pod, published }: End, reason: RegExp): void {
  expect(pod.phase, story(pod)).toBe('Failed');
  expect(pod.logs['validate-output']).toMatch(reason);
  expect(Object.keys(published)).toEqual(['_FAILED.json', '_feedback/requests.jsonl']);
}

const digestOf = (text: string): { readonly size: number; readonly sha256: string } => ({
  size: Buffer.byteLength(text),
  sha256: createHash('sha256').update(text).digest('hex'),
});

/** The program that lingers says when it is at work: before step 7 has said anything, and after its last word. */
async function expectChangesDuringStep7({ log, logs }: PodEnd): Promise<void> {
  const beats = (await log('lingering')).trim().split('\n');
  const said = [...(logs['validate-output'] ?? '').matchAll(/"time":"([^"]+)"/g)].map(([, time = '']) => time);
  expect(said.length).toBeGreaterThan(0);
  expect(beats.length).toBeGreaterThan(5);
  for (const time of said) {
    expect(beats[0]?.localeCompare(time)).toBe(-1);
    expect(beats.at(-1)?.localeCompare(time)).toBe(1);
  }
}
