import { describe, expect, it } from 'vitest';
import { jsonLimits } from '../../../src/json/json-limits.js';
import { createDocumentValidator } from '../../../src/oip/document-validator.js';
import type { RequestFacts } from '../../../src/oip/expectations.js';
import type { Framing } from '../../../src/oip/settings.js';
import { validate, type ValidatorOptions } from './validate.js';

const said = (document: string, options: Partial<ValidatorOptions> = {}): readonly string[] =>
  validate(document, { direction: 'request', ...options }).violations.map(({ code, severity, pointer }) => `${severity} ${code} ${pointer}`);
const tensor = (datatype: string, data: string, shape = '[1]'): string =>
  `{"inputs":[{"name":"x","shape":${shape},"datatype":"${datatype}","data":${data}}]}`;
/** The same with the data first. */
const dataFirst = (datatype: string, data: string, shape = '[1]'): string =>
  `{"inputs":[{"data":${data},"shape":${shape},"datatype":"${datatype}","name":"x"}]}`;

describe('the profile', () => {
  it('odahu takes what ODAHU takes, with warnings, and refuses wrong JSON types', () => {
    const response = '{"outputs":[{"name":"y","shape":[2],"datatype":"FP32","data":[0.5]}]}';
    const options = { direction: 'response', profile: 'odahu' } as const;
    expect(said(response, options)).toEqual(['warning E-MISSING ', 'warning E-COUNT /outputs/0/data']);
    expect(validate(response, options).errors).toBe(0);
    expect(said('{"outputs":{}}', options)).toEqual(['warning E-MISSING ', 'error E-TYPE /outputs']);
    expect(said('{"inputs":null}', { profile: 'odahu' })).toEqual([]);
    expect(said('{"inputs":[{"name":1}]}', { profile: 'odahu' })).toContain('error E-TYPE /inputs/0/name');
  });

  it('spec warns of what servers may refuse', () => {
    expect(said('{"id":null,"more":1,"inputs":[{"name":"x","shape":[1],"datatype":"FP16","data":[1],"parameters":{"a":null}}]}')).toEqual([
      'warning W-NULL-OPTIONAL /id',
      'warning W-UNKNOWN-MEMBER /more',
      'warning W-FP16-JSON /inputs/0/datatype',
      'error E-PARAM-TYPE /inputs/0/parameters/a',
    ]);
    expect(said(tensor('BF16', '[1]'))).toEqual(['warning W-BF16 /inputs/0/datatype']);
    expect(said(tensor('INT64', '[2147483648]'))).toEqual([]);
  });

  it('portable refuses what two servers refuse', () => {
    const profile = 'portable';
    expect(said(tensor('FP16', '[1]'), { profile })).toEqual(['error W-FP16-JSON /inputs/0/datatype']);
    expect(said(tensor('BF16', '[1]'), { profile })).toEqual(['error W-BF16 /inputs/0/datatype']);
    expect(said('{"id":null,"inputs":[]}', { profile })).toEqual(['error W-NULL-OPTIONAL /id', 'error E-EMPTY-INPUTS /inputs']);
  });

  it('refuses binary tensors, whichever it is', () => {
    for (const profile of ['odahu', 'spec', 'portable'] as const) {
      expect(said('{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","parameters":{"binary_data_size":4}}]}', { profile })).toContain(
        'error E-BINARY-IN-FILE /inputs/0/parameters/binary_data_size',
      );
    }
  });
});

describe('an element of another JSON type', () => {
  it.each([
    ['INT32', '1.0'],
    ['INT32', '1e2'],
    ['INT32', '"1"'],
    ['INT32', 'true'],
    ['BOOL', '0'],
    ['BOOL', '1'],
    ['BYTES', '1'],
    ['BYTES', 'false'],
    ['FP32', '"1.5"'],
    ['FP32', 'true'],
  ])('is an error, and a warning with coercion allow: %s %s', (datatype, element) => {
    for (const build of [tensor, dataFirst]) {
      expect(said(build(datatype, `[${element}]`))).toEqual(['error C-COERCE /inputs/0/data/0']);
      expect(said(build(datatype, `[${element}]`), { coercion: 'allow' })).toEqual(['warning C-COERCE /inputs/0/data/0']);
    }
  });

  it.each([
    ['INT32', '1.5', 'C-COERCE'],
    ['INT32', '"one"', 'C-COERCE'],
    ['INT32', '"1.5"', 'C-COERCE'],
    ['INT8', '"300"', 'C-COERCE'],
    ['INT8', '300.0', 'E-RANGE'],
    ['BOOL', '2', 'C-COERCE'],
    ['BOOL', '"true"', 'C-COERCE'],
    ['FP32', '"x"', 'C-COERCE'],
    ['FP32', '"1e39"', 'C-COERCE'],
    ['FP32', 'null', 'E-NULL-ELEMENT'],
  ])('is an error also with coercion allow where no conversion keeps its value: %s %s', (datatype, element, code) => {
    for (const build of [tensor, dataFirst])
      expect(said(build(datatype, `[${element}]`), { coercion: 'allow' })).toEqual([`error ${code} /inputs/0/data/0`]);
  });
});

describe('data before its datatype', () => {
  it('is judged all the same: the first element of each kind stands for the others', () => {
    const { violations, errors } = validate(dataFirst('INT8', '[1,200,"a",300,-129,1.5,"b",99999]', '[8]'), { direction: 'request' });
    expect(errors).toBe(7);
    expect(violations.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual([
      'E-RANGE /inputs/0/data/1',
      'C-COERCE /inputs/0/data/2',
      'E-RANGE /inputs/0/data/3',
      'E-RANGE /inputs/0/data/4',
      'C-COERCE /inputs/0/data/5',
      'E-RANGE /inputs/0/data/7',
    ]);
  });

  it('is compared with the shape', () => {
    expect(said(dataFirst('INT8', '[[1,2],[3,4]]', '[2,2]'))).toEqual([]);
    expect(said(dataFirst('INT8', '[[1,2],[3,4]]', '[4,1]'))).toEqual(['error C-RAGGED /inputs/0/data']);
    expect(said(dataFirst('INT8', '[1,2]', '[3]'))).toEqual(['error E-COUNT /inputs/0/data']);
  });
});

describe('framing', () => {
  const good = tensor('INT8', '[1]');
  const bad = tensor('INT8', '[300]');

  it('jsonl reads one document per line, and goes on behind a line that is none', () => {
    const framing = 'jsonl';
    expect(said(`${good}\n\r\n${good}\n`, { framing })).toEqual([]);
    expect(said(`${good}\n${good}`, { framing })).toEqual([]);
    const { violations } = validate(`${good}\n{"inputs":\n${bad}\n${good} {}\n\n`, { direction: 'request', framing });
    expect(violations.map(({ code, line, pointer }) => `${code} ${String(line)} ${pointer}`)).toEqual([
      'E-JSON 2 /inputs',
      'E-RANGE 3 /inputs/0/data/0',
      'E-JSON 4 ',
    ]);
    expect(said('', { framing })).toEqual(['error E-JSON ']);
    expect(said('\n \n', { framing })).toEqual(['error E-JSON ']);
    expect(said('{"inputs":[\n]}', { framing })).toEqual(['error E-JSON /inputs', 'error E-JSON ']);
  });

  it('array reads the items of one array', () => {
    const framing = 'array';
    expect(said(`[${good},${good}]`, { framing })).toEqual([]);
    expect(said(`[${good},${bad},1]`, { framing })).toEqual(['error E-RANGE /1/inputs/0/data/0', 'error E-NOT-OBJECT /2']);
    expect(said(good, { framing })).toEqual(['error E-NOT-OBJECT ']);
    expect(said('[]', { framing })).toEqual(['error E-EMPTY-INPUTS ']);
    expect(said('[]', { framing, direction: 'response' })).toEqual([]);
  });

  it('document reads one', () => {
    expect(said(`[${good}]`)).toEqual(['error E-NOT-OBJECT ']);
    expect(said(`${good}\n${good}`)).toEqual(['error E-JSON ']);
  });
});

describe('a response to a known request', () => {
  const response = (id: string, ...names: readonly string[]): string =>
    `{"model_name":"m"${id},"outputs":[${names.map((name) => `{"name":"${name}","shape":[1],"datatype":"BOOL","data":[true]}`).join(',')}]}`;
  const about = (document: string, facts: RequestFacts): readonly string[] => said(document, { direction: 'response', request: () => facts });

  it('returns its id', () => {
    expect(about(response(',"id":"7"', 'y'), { id: '7' })).toEqual([]);
    expect(about(response(',"id":"8"', 'y'), { id: '7' })).toEqual(['error E-ID-ECHO /id']);
    expect(about(response('', 'y'), { id: '7' })).toEqual(['error E-ID-ECHO ']);
    expect(about(response(',"id":8', 'y'), { id: '7' })).toEqual(['error E-TYPE /id']);
    expect(about(response(',"id":null', 'y'), { id: '7' })).toEqual(['error E-ID-ECHO ', 'warning W-NULL-OPTIONAL /id']);
    expect(about(response(',"id":"8"', 'y'), {})).toEqual([]);
  });

  it('holds the outputs that it asks for, and no others', () => {
    expect(about(response('', 'y', 'z'), { outputs: new Set(['z', 'y']) })).toEqual([]);
    expect(about(response('', 'y', 'z'), { outputs: new Set(['y']) })).toEqual(['error E-OUTPUT-NOT-REQUESTED /outputs/1/name']);
    expect(about(response('', 'y'), { outputs: new Set(['y', 'z']) })).toEqual(['error E-MISSING ']);
  });

  const byPlace: readonly (RequestFacts | undefined)[] = [{ id: '0' }, undefined, { outputs: new Set(['y']) }, {}, { id: '4' }];
  const list = [response(',"id":"0"', 'y'), response('', 'z'), response('', 'y'), response('', 'z'), response(',"id":"4"', 'y')];
  const request = (place: number): RequestFacts | undefined => byPlace[place];

  it('is found by its place in a file of several', () => {
    for (const [framing, file] of [
      ['jsonl', `\n${list.join('\n\n')}\n`],
      ['array', `[${list.join(',')}]`],
    ] as const) {
      expect(said(file, { direction: 'response', framing, request })).toEqual([]);
      // Its own place counts, whatever is wrong before it.
      const [first = '', ...others] = list;
      const wrong = [first.replace('"0"', '"4"'), '1', ...others.slice(1).map((text) => text.replace('"y"', '"w"'))];
      const at = (place: number): string => (framing === 'array' ? `/${String(place)}` : '');
      expect(said(framing === 'array' ? `[${wrong.join(',')}]` : wrong.join('\n'), { direction: 'response', framing, request })).toEqual([
        `error E-ID-ECHO ${at(0)}/id`,
        `error E-NOT-OBJECT ${at(1)}`,
        `error E-MISSING ${at(2)}`,
        `error E-OUTPUT-NOT-REQUESTED ${at(2)}/outputs/0/name`,
      ]);
    }
    expect(said(`}\n${list.slice(1).join('\n')}`, { direction: 'response', framing: 'jsonl', request })).toEqual(['error E-JSON ']);
  });

  it('begins anew with each file', () => {
    const places: number[] = [];
    const validator = createDocumentValidator({
      ...{ direction: 'response', framing: 'jsonl', nameKey: [1, 2] },
      request: (place) => {
        places.push(place);
        return undefined;
      },
    });
    for (const file of [list.join('\n'), list.slice(3).join('\n')]) {
      validator.push(new TextEncoder().encode(file));
      expect(validator.end().errors).toBe(0);
    }
    expect(places).toEqual([0, 1, 2, 3, 4, 0, 1]);
  });
});

describe('what requests ask for', () => {
  const ask = (more: string): string => `{"inputs":[{"name":"x","shape":[1],"datatype":"BOOL","data":[true]}]${more}}`;
  const asked = (file: string, framing: Framing): readonly unknown[] => {
    const found: unknown[] = [];
    said(file, { framing, facts: ({ id, outputs }, place) => found.push([place, id, outputs && [...outputs]]) });
    return found;
  };
  const files = [ask(',"id":"a","outputs":[{"name":"y"},{"name":"\\u0079z"}]'), ask(''), ask(',"id":"\\ufeffc","outputs":[]')] as const;

  it('is told of each', () => {
    const expected = [
      [0, 'a', ['y', 'yz']],
      [1, undefined, undefined],
      [2, '\ufeffc', undefined],
    ];
    expect(asked(files.join('\n\n'), 'jsonl')).toEqual(expected);
    expect(asked(`[${files.join(',')}]`, 'array')).toEqual(expected);
    expect(asked(files[0], 'document')).toEqual(expected.slice(0, 1));
  });
});

describe('keys and names', () => {
  it('are unique, also where they are written differently', () => {
    expect(said('{"inputs":[],"\\u0069nputs":[1]}')).toEqual(['error E-EMPTY-INPUTS /inputs', 'error E-DUPKEY /inputs']);
    expect(said(tensor('BOOL', '[true]').replace('"name":"x"', '"name":"x","parameters":{"a":1,"a":[]}'))).toEqual([
      'error E-DUPKEY /inputs/0/parameters/a',
    ]);
    expect(said('{"x":{"y":[{"a":1,"a":2}]},"inputs":[]}')).toEqual([
      'warning W-UNKNOWN-MEMBER /x',
      'error E-DUPKEY /x/y/0/a',
      'error E-EMPTY-INPUTS /inputs',
    ]);
  });

  it('of tensors are bounded', () => {
    const many = (count: number): string =>
      `{"inputs":[${Array.from({ length: count }, (_, index) => `{"name":"t${String(index)}","shape":[0],"datatype":"BOOL","data":[]}`).join(',')}]}`;
    expect(said(many(20))).toEqual([]);
    expect(said(many(20), { limits: { ...jsonLimits, tensors: 19 } })).toEqual(['error E-LIMIT /inputs/19/name']);
  });
});
