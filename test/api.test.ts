import { expect, it } from 'vitest';
import * as api from '../src/index.js';

it('exports these names; a change of the list is a change of the public API', () => {
  expect(Object.keys(api).sort()).toEqual([
    'DiagnosticsError',
    'InferenceService',
    'ManifestObject',
    'PlatformNamespace',
    'compile',
    'isSpan',
    'memoryFileSystem',
  ]);
});
