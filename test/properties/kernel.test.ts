import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { taken } from '../../src/json/data-state.js';
import { createKernel } from '../../src/json/kernel.js';
import { createDocumentValidator } from '../../src/oip/document-validator.js';
import type { Framing } from '../../src/oip/settings.js';
import { compactDocuments, documents, edgeNumbers, largeDocuments, usualFiles } from '../support/documents.js';
import { validate, validateInPieces, type ValidatorOptions } from '../unit/oip/validate.js';

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

  it('tell the same of files of several documents, and of what each of them asks for', () => {
    const cuts = fc.array(fc.nat(), { maxLength: 8 });
    const told = fc.constantFrom('nothing', 'facts', 'ids', 'outputs');
    fc.assert(
      fc.property(usualFiles, cuts, directions, told, ({ framing, bytes }, places, direction, tells) => {
        const sorted = places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b);
        const result = (by: Pick<ValidatorOptions, 'accelerator'>): unknown => {
          const facts: unknown[] = [];
          const verdict = validateInPieces(bytes, sorted, {
            ...by,
            direction,
            framing,
            ...(tells === 'facts' ? { facts: (...fact) => void facts.push(fact) } : {}),
            ...(tells === 'ids' ? { request: (place) => (place % 2 === 0 ? { id: '7' } : undefined) } : {}),
            ...(tells === 'outputs' ? { request: (place) => (place % 2 === 0 ? { outputs: new Set(['t1', 't2']) } : {}) } : {}),
          });
          return { verdict, facts };
        };
        expect(result({ accelerator })).toEqual(result({}));
      }),
      { numRuns: runs },
    );
  });

  it('know the same names, however many there are and whoever read them', () => {
    const tensor = (index: number, more = ''): string => `{"name":"t${String(index)}","shape":[1],"datatype":"INT8","data":[1]${more}}`;
    for (const [count, again] of [
      [15, 3],
      [16, 15],
      [17, 0],
      [1024, 1000],
      [1025, 1],
      [4000, 2000],
    ] as const) {
      // Every third is read by the scanner, which does not leave parameters to the kernel.
      const list = Array.from({ length: count }, (_, index) => tensor(index, index % 3 === 0 ? ',"parameters":{}' : ''));
      const known = { name: '/inputs/' + String(count) + '/name', again: `/inputs/${String(count + 1)}/name` };
      const text = `{"inputs":[${[...list, tensor(again), tensor(again + 1, ',"parameters":{}')].join()}],"outputs":[{"name":"t1"}]}`;
      const verdict = validate(text, { direction: 'request', accelerator });
      expect(verdict).toEqual(validate(text, { direction: 'request' }));
      expect(verdict.violations.map(({ code, pointer }) => [code, pointer])).toEqual([
        ['E-DUP-TENSOR', known.name],
        ...(again + 1 < count ? [['E-DUP-TENSOR', known.again]] : []),
      ]);
      // The next list begins anew.
      expect(validate(`{"inputs":[${list.join()}]}`, { direction: 'request', accelerator }).errors).toBe(0);
    }
  });

  it('keep the same limit of tensors', () => {
    for (const more of ['', ',"parameters":{}']) {
      const text = `{"inputs":[${Array.from({ length: 41 }, (_, index) => `{"name":"${String(index)}","shape":[1],"datatype":"INT8","data":[1]${more}}`).join()}]}`;
      const options = { direction: 'request', limits: { tensors: 40 } } as const;
      const verdict = validate(text, { ...options, accelerator });
      expect(verdict).toEqual(validate(text, options));
      expect(verdict.violations.map(({ code, pointer }) => [code, pointer])).toEqual([['E-LIMIT', '/inputs/40/name']]);
    }
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

const counted = (
  text: string,
  framing: Framing = 'document',
): { readonly elements: number; readonly tensors: number; readonly documents: number } => {
  if (!accelerator) throw new Error('there is no kernel');
  const read = { elements: 0, tensors: 0, documents: 0 };
  const counting: typeof accelerator = {
    ...accelerator,
    readElements: (bytes, at, stop) => {
      const next = accelerator.readElements(bytes, at, stop);
      read.elements += next - at;
      return next;
    },
    readTensors: (...place) => {
      const next = accelerator.readTensors(...place);
      if (next > place[1]) read.tensors += accelerator.state.numbers[taken] ?? 0;
      return next;
    },
    readDocuments: (...place) => {
      const next = accelerator.readDocuments(...place);
      if (next > place[1]) read.documents += accelerator.state.numbers[taken] ?? 0;
      return next;
    },
  };
  const validator = createDocumentValidator({ direction: 'request', framing, nameKey: [1, 2], accelerator: counting });
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

  const list = (datatype: string, element: string): string => {
    const tensor = (index: number): string =>
      `{"name":"t${String(index)}","shape":[2,3],"datatype":"${datatype}","data":[[${element},${element},${element}],[${element},${element},${element}]]}`;
    return `"inputs":[${Array.from({ length: 30 }, (_, index) => tensor(index)).join()}]`;
  };
  const numbers = ['UINT8', 'UINT16', 'UINT32', 'UINT64', 'INT8', 'INT16', 'INT32', 'INT64', 'FP32', 'FP64'].map((name) => [name, '12'] as const);

  it.each([...numbers, ['BOOL', 'true'], ['BYTES', '"ab"']] as const)('for whole tensors of %s', (datatype, element) => {
    expect(counted(`{"parameters":{},${list(datatype, element)},"id":"1234"}`)).toMatchObject({ tensors: 30, documents: 0 });
  });

  it('for whole documents, whatever the order and the white space', () => {
    const request = `{${list('FP32', '1.5')}}`;
    expect(counted(request)).toMatchObject({ tensors: 0, documents: 1 });
    expect(counted(JSON.stringify(JSON.parse(request), undefined, 2))).toMatchObject({ tensors: 0, documents: 1 });
    const sorted = `{"id":"1","inputs":[{"data":[1,2],"datatype":"INT8","name":"x","shape":[2]},{"data":[[1],[2]],"datatype":"FP64","name":"y","shape":[2,1]}]}`;
    expect(counted(sorted)).toMatchObject({ tensors: 0, documents: 1 });
    expect(counted(`[${sorted}, ${sorted},\n${request}]`, 'array')).toMatchObject({ tensors: 0, documents: 3 });
    expect(counted(`${sorted}\n${sorted}\n`, 'jsonl')).toMatchObject({ tensors: 0, documents: 2 });
  });

  it.each(['array', 'jsonl'] as const)('for each document of a file of many pieces (%s)', (framing) => {
    const [open, joint, end] = framing === 'array' ? ['[', ',', ']'] : ['', '\n', '\n'];
    const count = 2 * Math.ceil((accelerator?.buffer.length ?? 0) / 1000);
    const documents = Array.from({ length: count }, (_, index) => `{"id":"${String(index)}",${list('FP32', '1.5')}}`);
    expect(counted(open + documents.join(joint) + end, framing)).toMatchObject({ tensors: 0, documents: count });
  });

  it('for each tensor of a list of many pieces', () => {
    const count = Math.ceil((accelerator?.buffer.length ?? 0) / 1000);
    const tensors = Array.from(
      { length: count },
      (_, index) => `{"name":"t${String(index)}","shape":[1200],"datatype":"INT8","data":[${'7,'.repeat(1199)}7]}`,
    );
    expect(counted(`{"inputs":[${tensors.join()}]}`)).toMatchObject({ tensors: count, documents: 0 });
  });
});
