import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { violationsKept, type Verdict } from '../../../src/oip/violation.js';
import { validate } from './validate.js';

const input = (more: Readonly<Record<string, unknown>>): unknown => ({ inputs: [{ name: 'x', shape: [1], datatype: 'INT32', data: [1], ...more }] });
const codes = ({ violations }: Verdict): readonly string[] =>
  violations.filter(({ severity }) => severity === 'error').map(({ code, pointer }) => `${code} ${pointer}`);
/** JSON of a value whose bigints are integers of any size. */
const json = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? `#${String(each)}#` : each)).replace(/"#(-?[0-9]+)#"/g, '$1');
const validateRequest = (value: unknown): Verdict => validate(json(value), { direction: 'request' });
const validateResponse = (value: unknown): Verdict => validate(json(value), { direction: 'response' });
const tensor = (datatype: string, shape: readonly unknown[], data: unknown): readonly string[] =>
  codes(validateRequest(input({ datatype, shape, data })));

describe('a request', () => {
  it.each<[string, unknown, readonly string[]]>([
    ['the smallest', input({}), []],
    [
      'with everything',
      {
        id: '42',
        parameters: { a: 's', b: 1.5, c: true },
        inputs: [{ name: 'x', shape: [2], datatype: 'FP32', data: [1, 2], parameters: { content_type: 'np' } }],
        outputs: [{ name: 'y', parameters: { classification: 3 } }],
      },
      [],
    ],
    ['unknown members', { ...(input({ extra: 1 }) as object), model_name: 'm' }, []],
    ['absent members written as null', { ...(input({ parameters: null }) as object), id: null, parameters: null, outputs: null }, []],
    ['an array', [], ['E-NOT-OBJECT ']],
    ['null', null, ['E-NOT-OBJECT ']],
    ['no inputs', {}, ['E-MISSING ']],
    ['no input', { inputs: [] }, ['E-EMPTY-INPUTS /inputs']],
    ['inputs of another type', { inputs: {} }, ['E-TYPE /inputs']],
    ['an input that is no object', { inputs: [1, null] }, ['E-TYPE /inputs/0', 'E-TYPE /inputs/1']],
    ['a number as id', { ...(input({}) as object), id: 7 }, ['E-TYPE /id']],
    [
      'every member of an input missing',
      { inputs: [{}] },
      ['E-MISSING /inputs/0', 'E-MISSING /inputs/0', 'E-MISSING /inputs/0', 'E-MISSING /inputs/0'],
    ],
    ['data that is null', input({ data: null }), ['E-TYPE /inputs/0/data']],
    ['data that is one number', input({ data: 1 }), ['E-TYPE /inputs/0/data']],
    [
      'two inputs of one name',
      { inputs: [...(input({}) as { inputs: unknown[] }).inputs, ...(input({}) as { inputs: unknown[] }).inputs] },
      ['E-DUP-TENSOR /inputs/1/name'],
    ],
    ['two requested outputs of one name', { ...(input({}) as object), outputs: [{ name: 'y' }, { name: 'y' }] }, ['E-DUP-TENSOR /outputs/1/name']],
    ['a requested output without name', { ...(input({}) as object), outputs: [{}] }, ['E-MISSING /outputs/0']],
    ['a parameter that is a list', input({ parameters: { a: [1] } }), ['E-PARAM-TYPE /inputs/0/parameters/a']],
    ['a parameter that is null', input({ parameters: { binary_data_size: null } }), ['E-PARAM-TYPE /inputs/0/parameters/binary_data_size']],
    ['parameters that are a list', input({ parameters: [] }), ['E-TYPE /inputs/0/parameters']],
    [
      'data behind the JSON',
      { inputs: [{ name: 'x', shape: [1], datatype: 'INT32', parameters: { binary_data_size: 4 } }] },
      ['E-MISSING /inputs/0', 'E-BINARY-IN-FILE /inputs/0/parameters/binary_data_size'],
    ],
    ['shared memory', input({ parameters: { shared_memory_region: 'r' } }), ['E-BINARY-IN-FILE /inputs/0/parameters/shared_memory_region']],
    [
      'a binary response asked for',
      { ...(input({}) as object), parameters: { binary_data_output: true } },
      ['E-BINARY-IN-FILE /parameters/binary_data_output'],
    ],
    ['a binary response declined', { ...(input({}) as object), outputs: [{ name: 'y', parameters: { binary_data: false } }] }, []],
    ['a key with a slash', input({ parameters: { 'a/b~c': {} } }), ['E-PARAM-TYPE /inputs/0/parameters/a~1b~0c']],
    // JSON.parse makes it an own property.
    ['a member called __proto__', JSON.parse('{"__proto__":{"inputs":[]},"inputs":[{"name":"x","shape":[1],"datatype":"INT32","data":[1]}]}'), []],
    ['members of the prototype', JSON.parse('{"__proto__":{"inputs":[{"name":"x","shape":[1],"datatype":"INT32","data":[1]}]}}'), ['E-MISSING ']],
  ])('%s', (_, value, expected) => {
    expect(codes(validateRequest(value))).toEqual(expected);
  });

  it("refuses the protocol's own example, which has three elements in its shape and one in its data", () => {
    const example = {
      id: '42',
      inputs: [
        { name: 'input0', shape: [2, 2], datatype: 'UINT32', data: [1, 2, 3, 4] },
        { name: 'input1', shape: [3], datatype: 'BOOL', data: [true] },
      ],
      outputs: [{ name: 'output0' }],
    };
    const { violations } = validateRequest(example);
    expect(violations).toEqual([
      {
        code: 'E-COUNT',
        severity: 'error',
        pointer: '/inputs/1/data',
        message: 'the number of elements does not match "shape". Expected: 3 values; Actual: 1 values',
        offset: JSON.stringify(example).indexOf('[true]'),
        line: 1,
      },
    ]);
  });
});

describe('shape and data', () => {
  it.each<[string, readonly unknown[], unknown, readonly string[]]>([
    ['a scalar', [], [7], []],
    ['no elements', [0], [], []],
    ['no elements in one dimension', [2, 0], [], []],
    ['no elements, nested', [2, 0], [[], []], []],
    ['flat', [2, 3], [1, 2, 3, 4, 5, 6], []],
    [
      'nested',
      [2, 3],
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      [],
    ],
    ['nested with a batch of one', [1, 1, 2], [[[1, 2]]], []],
    ['too few', [3], [1], ['E-COUNT /inputs/0/data']],
    ['too many', [1], [1, 2], ['E-COUNT /inputs/0/data']],
    ['none for a scalar', [], [], ['E-COUNT /inputs/0/data']],
    ['nested deeper than the shape', [2], [[1, 2]], ['C-RAGGED /inputs/0/data']],
    [
      'nested the other way round',
      [2, 3],
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      ['C-RAGGED /inputs/0/data'],
    ],
    ['ragged', [2, 2], [[1], [2, 3, 4]], ['C-RAGGED /inputs/0/data']],
    ['mixed', [3], [1, [2, 3]], ['C-RAGGED /inputs/0/data']],
    ['a negative dimension', [-1], [1], ['E-SHAPE-NEG /inputs/0/shape/0']],
    ['a fraction as dimension', [1.5], [1], ['E-TYPE /inputs/0/shape/0']],
    ['text as dimension', ['1'], [1], ['E-TYPE /inputs/0/shape/0']],
    ['a dimension beyond 64 bits', [1e20], [1], ['E-SHAPE-RANGE /inputs/0/shape/0']],
    ['more elements than any file holds', [18446744073709551615n, 2], [1], ['E-COUNT /inputs/0/data']],
    ['null and objects as elements', [2], [null, {}], ['E-NULL-ELEMENT /inputs/0/data/0', 'E-NULL-ELEMENT /inputs/0/data/1']],
    ['a wrong element deep inside', [1, 2], [[1, 'a']], ['C-COERCE /inputs/0/data/0/1']],
  ])('%s', (_, shape, data, expected) => {
    expect(tensor('INT32', shape, data)).toEqual(expected);
  });

  it('reads 100 levels of arrays and no more', () => {
    const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
    expect(
      tensor(
        'INT32',
        Array.from({ length: 100 }, () => 1),
        nested(100),
      ),
    ).toEqual([]);
    expect(tensor('INT32', [1], nested(101))).toEqual(['E-DEPTH /inputs/0/data']);
    expect(
      codes(
        validate(`{"inputs":[{"name":"x","shape":[1],"datatype":"INT8","data":${'['.repeat(100_000)}${']'.repeat(100_000)}}]}`, {
          direction: 'request',
        }),
      ),
    ).toEqual(['E-DEPTH /inputs/0/data']);
  });

  it('takes every tensor that is nested as its shape says, and its flat form', () => {
    const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 5 });
    const build = (shape: readonly number[], next: () => number): unknown => {
      const [first, ...rest] = shape;
      return first === undefined ? next() : Array.from({ length: first }, () => build(rest, next));
    };
    fc.assert(
      fc.property(shapes, (shape) => {
        const nested = build(shape, () => 1);
        const flat = [nested].flat(Infinity);
        expect(tensor('INT32', shape, flat)).toEqual([]);
        if (shape.length > 0) expect(tensor('INT32', shape, nested)).toEqual([]);
        expect(tensor('INT32', shape, [...flat, 1])).toEqual(['E-COUNT /inputs/0/data']);
      }),
    );
  });
});

describe('datatypes', () => {
  it.each<[string, readonly unknown[], readonly unknown[]]>([
    ['BOOL', [true, false], [0, 1, 'true']],
    ['UINT8', [0, 255], [-1, 256, 1.5, true, '1']],
    ['UINT16', [65535], [65536, -1]],
    ['UINT32', [4294967295], [4294967296]],
    ['UINT64', [0, 18446744073709551615n], [-1, 18446744073709551616n]],
    ['INT8', [-128, 127], [-129, 128]],
    ['INT16', [-32768, 32767], [-32769, 32768]],
    ['INT32', [-2147483648, 2147483647], [-2147483649, 2147483648]],
    ['INT64', [-9223372036854775808n, 9223372036854775807n], [9223372036854775808n, -9223372036854775809n]],
    ['FP16', [1.5, -65504], [65520, '1']],
    ['FP32', [3.4028234663852886e38, 1e-300], [3.5e38, true]],
    ['FP64', [1.7976931348623157e308, 5], ['1']],
    ['BF16', [3.3895313892515355e38], [3.4e38]],
    ['BYTES', ['', 'ä', 'AQID'], [1, true]],
  ])('%s', (datatype, right, wrong) => {
    for (const element of right) expect(tensor(datatype, [1], [element])).toEqual([]);
    for (const element of wrong)
      expect(tensor(datatype, [1], [element])).toEqual([expect.stringMatching(/^(?:C-COERCE|E-RANGE) \/inputs\/0\/data\/0$/)]);
  });

  it('knows no other datatype, and none in lower case', () => {
    for (const name of ['STRING', 'int32', 'FP8', '', 'constructor']) expect(tensor(name, [1], [1])).toEqual(['E-DATATYPE /inputs/0/datatype']);
  });
});

describe('a response', () => {
  const outputs = [{ name: 'y', shape: [1], datatype: 'FP32', data: [0.5] }];
  it.each<[string, unknown, readonly string[]]>([
    ['the smallest', { model_name: 'm', outputs }, []],
    ["with KServe's nulls", { model_name: 'm', model_version: null, id: 'x', parameters: null, outputs: [{ ...outputs[0], parameters: null }] }, []],
    ['no model_name', { outputs }, ['E-MISSING ']],
    ['no outputs', { model_name: 'm' }, ['E-MISSING ']],
    ['an empty list of outputs', { model_name: 'm', outputs: [] }, []],
    ['a number as model_version', { model_name: 'm', model_version: 1, outputs }, ['E-TYPE /model_version']],
    ['an error', { error: 'boom' }, ['E-MISSING ', 'E-MISSING ']],
    ['a text', 'x', ['E-NOT-OBJECT ']],
    ['two outputs of one name', { model_name: 'm', outputs: [...outputs, ...outputs] }, ['E-DUP-TENSOR /outputs/1/name']],
  ])('%s', (_, value, expected) => {
    expect(codes(validateResponse(value))).toEqual(expected);
  });
});

describe('a document', () => {
  const check = (bytes: Uint8Array | string): Verdict => validate(bytes, { direction: 'request' });
  it.each<[string, Uint8Array | string, string, number]>([
    ['a byte order mark', '\ufeff{}', 'it starts with a byte order mark', 0],
    ['Latin-1', Uint8Array.of(0x22, 0xe9, 0x22), 'a string is not valid UTF-8', 2],
    ['an encoded surrogate', Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22), 'a string is not valid UTF-8', 2],
    ['nothing', '', 'there is nothing', 0],
    ['blanks', ' \n', 'there is nothing', 2],
    ['a trailing comma', '{\n"inputs": [],}', 'a key in quotation marks is missing', 15],
    ['NaN', '{"inputs": NaN}', 'a value is missing, or begins with a character that no value begins with', 11],
    ['two documents', '{"inputs":[]} {}', 'it goes on behind the end of the document', 14],
  ])('with %s is refused', (_, bytes, message, offset) => {
    const last = check(bytes).violations.at(-1);
    expect(last).toMatchObject({
      code: 'E-JSON',
      message: `is not valid JSON: ${message}`,
      offset,
      line: message === 'there is nothing' && offset > 0 ? 2 : bytes[1] === '\n' ? 2 : 1,
    });
  });

  it('keeps the first violations and counts the rest', () => {
    const { violations, errors, warnings } = validateRequest(input({ shape: [500], data: Array.from({ length: 500 }, () => 'a') }));
    expect(violations).toHaveLength(violationsKept);
    expect({ errors, warnings }).toEqual({ errors: 500, warnings: 0 });
  });

  it('never quotes a value', () => {
    const secret = 'hunter2';
    const documents = [
      `{"inputs": ${secret}}`,
      `{"inputs":[{"name":"${secret}","shape":["${secret}"],"datatype":"${secret}","data":["${secret}"]},{"name":"${secret}"}],"id":["${secret}"]}`,
    ];
    for (const document of documents) expect(JSON.stringify(check(document))).not.toContain(secret);
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => new TextEncoder().encode(text)),
        ),
        (bytes) => {
          for (const direction of ['request', 'response'] as const) {
            const { violations, errors, warnings } = validate(bytes, { direction });
            expect(errors + warnings).toBeGreaterThanOrEqual(violations.length);
          }
        },
      ),
    );
  });

  it('never throws on a request in which one value is replaced', () => {
    const template = {
      id: '1',
      parameters: { a: 1 },
      inputs: [{ name: 'x', shape: [2, 1], datatype: 'INT32', data: [[1], [2]], parameters: {} }],
      outputs: [{ name: 'y' }],
    };
    const paths = [
      'id',
      'parameters',
      'parameters.a',
      'inputs',
      'inputs.0',
      'inputs.0.name',
      'inputs.0.shape',
      'inputs.0.shape.0',
      'inputs.0.datatype',
      'inputs.0.data',
      'inputs.0.data.0',
      'outputs',
      'outputs.0.name',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, value) => {
        const copy: unknown = structuredClone(template);
        const keys = path.split('.');
        const last = keys.pop() ?? '';
        const parent = keys.reduce((at, key) => (at as Record<string, unknown>)[key], copy) as Record<string, unknown>;
        parent[last] = value;
        expect(() => validateRequest(copy)).not.toThrow();
      }),
    );
  });
});
