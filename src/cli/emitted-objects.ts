import { parseAllDocuments } from 'yaml';
import { assertInvariant } from '../base/assert.js';
import type { OutputFile } from '../emit/output-file.js';
import { asManifest } from '../engine/objects.js';
import type { Manifest } from '../manifests/manifest.js';

/** The objects that stand in some files of `dist/`, read from their text: what runs here is what a cluster would be given. */
export const emittedObjects = (files: readonly OutputFile[], paths: readonly string[]): readonly Manifest[] =>
  files.filter(({ path }) => paths.includes(path)).flatMap(readObjects);

const readObjects = ({ path, text }: OutputFile): readonly Manifest[] =>
  parseAllDocuments(text).map((document, index) => {
    const [error] = document.errors;
    assertInvariant(!error, `${path} is no YAML`, error);
    return asManifest(document.toJS(), `${path}, document ${index + 1}`);
  });
