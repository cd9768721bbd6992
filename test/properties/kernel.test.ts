import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKernel } from '../../src/json/kernel.js';
import { createDocumentValidator } from '../../src/oip/document-validator.js';
import { compactDocuments, documents, edgeNumbers, largeDocuments } from '../support/documents.js';
import { validate, validateInPieces } from '../unit/oip/validate.js';

const runs = Number(process.env['MILLRACE_FUZZ_RUNS'] ?? 2000);
const accelerator = createKernel();
const directions = fc.constantFrom('request', 'response');
const framings = fc.constantFrom('document', 'document', 'jsonl', 'array');

it('runs on this engine', () => {
  expect(accelerator).toBeDefined();
});

describe('the kernel and the scanner alone', () => {
  it('come to the same verdict on every document', () => {
    fc.assert(
      fc.property(fc.oneof(documents, largeDocuments, compactDocuments), directions, framings, (bytes, direction, framing) => {
        const options = { direction, framing };
        expect(validate(bytes, { ...options, accelerator })).toEqual(validate(bytes, options));
      }),
      { numRuns: runs },
    );
  });

  it('come to the same verdict wherever the bytes are cut', () => {
    const cuts = fc.array(fc.nat(), { maxLength: 20 });
    fc.assert(
      fc.property(fc.oneof(largeDocuments, compactDocuments), cuts, directions, (bytes, places, direction) => {
        const sorted = places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b);
        expect(validateInPieces(bytes, sorted, { direction, accelerator })).toEqual(validate(bytes, { direction }));
      }),
      { numRuns: runs },
    );
  });

  it.each(['UINT8', 'UINT16', 'UINT32', 'UINT64', 'INT8', 'INT16', 'INT32', 'INT64', 'FP16', 'FP32', 'FP64', 'BF16'])(
    'agree on every bound of %s',
    (datatype) => {
      for (const number of edgeNumbers.flatMap((each) => [each, `-${each}`, `${each}5`, `${each}0`])) {
        for (const place of [0, 13, 40]) {
          const elements = Array.from({ length: 60 }, (_, index) => (index === place ? number : '1'));
          const text = `{"inputs":[{"name":"x","shape":[60],"datatype":"${datatype}","data":[${elements.join(',')}]}]}`;
          expect(validate(text, { direction: 'request', accelerator })).toEqual(validate(text, { direction: 'request' }));
        }
      }
    },
  );

  it('keep the same limits', () => {
    const nested = `{"inputs":[{"name":"x","shape":[1],"datatype":"INT32","data":${'['.repeat(200)}1${']'.repeat(200)}}]}`;
    const long = `{"inputs":[{"name":"x","shape":[40],"datatype":"BYTES","data":[${Array.from({ length: 40 }, () => '"abcdef"').join()}]}]}`;
    for (const [text, limits] of [
      [nested, {}],
      [nested, { depth: 199 }],
      [nested, { depth: 200 }],
      [long, { string: 5 }],
      [long, { number: 5 }],
    ] as const) {
      const options = { direction: 'request', limits } as const;
      expect(validate(text, { ...options, accelerator })).toEqual(validate(text, options));
    }
  });

  it('count lines and bytes alike where a file is larger than the memory of the kernel', () => {
    const rows = Array.from({ length: 40_000 }, (_, index) => `  [${String(index)}, -1,\r\n\t2.5]`);
    const text = `{"inputs":[{"name":"x","shape":[40000,3],"datatype":"FP64","data":[\n${rows.join(',\n')}, [1,2,1e999]]}]}`;
    const verdict = validate(text, { direction: 'request', accelerator });
    expect(verdict).toEqual(validate(text, { direction: 'request' }));
    expect(verdict.violations.map(({ line, pointer }) => [line, pointer])).toEqual([
      [1, '/inputs/0/data'],
      [80_001, '/inputs/0/data/40000/2'],
    ]);
  });
});

const counted = (text: string): { readonly elements: number; readonly tensors: number } => {
  if (!accelerator) throw new Error('there is no kernel');
  const read = { elements: 0, tensors: 0 };
  const counting: typeof accelerator = {
    ...accelerator,
    readElements: (bytes, at, stop) => {
      const next = accelerator.readElements(bytes, at, stop);
      read.elements += next - at;
      return next;
    },
    readTensor: (...place) => {
      const next = accelerator.readTensor(...place);
      if (next > place[1]) read.tensors += 1;
      return next;
    },
  };
  const validator = createDocumentValidator({ direction: 'request', nameKey: [1, 2], accelerator: counting });
  validator.push(new TextEncoder().encode(text));
  expect(validator.end().errors).toBe(0);
  return read;
};

describe('the kernel is used', () => {
  it.each(['INT32', 'FP64'])('for nearly all of a large tensor of %s', (datatype) => {
    const data = Array.from({ length: 10_000 }, (_, index) => String(index)).join();
    const { elements } = counted(`{"inputs":[{"name":"x","shape":[10000],"datatype":"${datatype}","data":[${data}]}]}`);
    expect(elements).toBeGreaterThan(data.length - 200);
  });

  it.each(['UINT8', 'UINT16', 'UINT32', 'UINT64', 'INT8', 'INT16', 'INT32', 'INT64', 'FP32', 'FP64'])('for whole tensors of %s', (datatype) => {
    const tensor = (index: number): string => `{"name":"t${String(index)}","shape":[2,3],"datatype":"${datatype}","data":[[1,2,3],[4,5,6]]}`;
    const { tensors } = counted(`{"inputs":[${Array.from({ length: 30 }, (_, index) => tensor(index)).join()}]}`);
    // Those at the end are too near to it.
    expect(tensors).toBeGreaterThan(20);
  });
});
