import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { renderFile } from '../../src/emit/render-file.js';
import { recover, updateOutput } from '../../src/emit/writer.js';
import { faultyDisk } from '../support/faulty-disk.js';
import { treeOf, writeTree } from '../support/output-tree.js';

const paths = ['cluster/a.yaml', 'risk/a.yaml', 'risk/b.yaml', 'risk/platform.yaml', 'growth/a.yaml', 'growth/b/c.yaml', 'd.yaml'];
const version = fc
  .dictionary(fc.constantFrom(...paths), fc.nat(2), { maxKeys: paths.length, noNullPrototype: true })
  .map((values) => Object.entries(values).map(([path, value]) => renderFile({ path, source: `services/${path}`, manifests: [{ value }] })));
const foreign = fc.dictionary(fc.constantFrom('dist/README.md', 'dist/risk/notes.txt', 'dist/mine/x.yaml'), fc.constant('mine\n'), {
  noNullPrototype: true,
});
type Files = readonly { readonly path: string; readonly text: string }[];
const treeFrom = (files: Files): Record<string, string> => Object.fromEntries(files.map(({ path, text }) => [`dist/${path}`, text]));

const options = { allowRemovals: true, allowEmpty: true, waitMilliseconds: 0 };

it('any version follows any other, with a fault or a kill at any call, and foreign files stay', () => {
  const root = mkdtempSync(join(tmpdir(), 'millrace-property-'));
  const dist = join(root, 'dist');
  try {
    fc.assert(
      fc.property(version, version, foreign, fc.nat(250), fc.boolean(), (before, after, others, faultAt, isKilled) => {
        rmSync(root, { recursive: true });
        mkdirSync(root);
        writeTree(root, { ...treeFrom(before), ...others });
        const oldTree = { ...treeFrom(before), ...others };
        const newTree = { ...treeFrom(after), ...others };

        const { disk } = faultyDisk((number) => (number === faultAt || (isKilled && number > faultAt) ? 'EIO' : undefined));
        const [plan] = updateOutput(dist, after, { ...options, disk });
        if (!isKilled && !plan) expect(withoutStage(treeOf(root))).toEqual(oldTree);
        recover(dist);
        expect([oldTree, newTree]).toContainEqual(treeOf(root));
        if (plan) expect(treeOf(root)).toEqual(newTree);

        updateOutput(dist, after, options);
        expect(treeOf(root)).toEqual(newTree);
      }),
      { numRuns: 200 },
    );
  } finally {
    rmSync(root, { recursive: true });
  }
});

const withoutStage = (tree: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(tree).filter(([path]) => !path.startsWith('.millrace.stage')));
