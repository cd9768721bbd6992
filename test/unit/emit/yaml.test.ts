import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../../src/base/assert.js';
import { constant } from '../../../src/base/constant.js';
import { emitYaml } from '../../../src/emit/yaml.js';

const lines = (...text: string[]): string => `${text.join('\n')}\n`;

describe('order and layout', () => {
  it('puts what names an object first and the rest in code unit order, whatever order it came in', () => {
    const manifest = {
      spec: { b: 1, a: 2, B: 3, _: 4 },
      immutable: true,
      data: {},
      metadata: { labels: { name: 'x', app: 'y' }, namespace: 'risk', annotations: {}, name: 'fraud' },
      kind: 'Task',
      apiVersion: 'tekton.dev/v1',
    };
    expect(emitYaml(manifest)).toBe(
      lines(
        'apiVersion: tekton.dev/v1',
        'kind: Task',
        'metadata:',
        '  name: fraud',
        '  namespace: risk',
        '  annotations: {}',
        '  labels:',
        '    app: "y"',
        '    name: x',
        'data: {}',
        'immutable: true',
        'spec:',
        '  B: 3',
        '  _: 4',
        '  a: 2',
        '  b: 1',
      ),
    );
  });

  it('puts the name first in the maps of a list, and only there', () => {
    expect(emitYaml({ steps: [{ image: 'a', name: 'b', env: [{ value: 'v', name: 'N' }] }], group: { kind: 'k', apiGroup: 'g', name: 'n' } })).toBe(
      lines('group:', '  apiGroup: g', '  kind: k', '  name: "n"', 'steps:', '- name: b', '  env:', '  - name: "N"', '    value: v', '  image: a'),
    );
  });

  it('writes empty and nested lists and maps', () => {
    expect(emitYaml({ a: [], b: {}, c: [[], {}, [1, [2]], null, { d: [[{ e: 1, f: { g: 2 } }]] }] })).toBe(
      lines('a: []', 'b: {}', 'c:', '- []', '- {}', '- - 1', '  - - 2', '- null', '- d:', '  - - e: 1', '      f:', '        g: 2'),
    );
  });

  it('leaves out fields that are undefined', () => {
    expect(emitYaml({ a: undefined, b: { c: undefined }, d: [{ name: undefined, e: 1 }, undefined] })).toBe(lines('b: {}', 'd:', '- e: 1', '- null'));
  });

  it('writes a lone scalar, list or empty value as a document', () => {
    expect(emitYaml('no')).toBe('"no"\n');
    expect(emitYaml('a\nb')).toBe('"a\\nb"\n');
    expect(emitYaml([1, { a: 'b\nc' }])).toBe('- 1\n- a: |-\n    b\n    c\n');
    expect(emitYaml({})).toBe('{}\n');
    expect(emitYaml([])).toBe('[]\n');
    expect(emitYaml(null)).toBe('null\n');
  });

  it('writes numbers so that YAML 1.1 sees a number too', () => {
    expect(emitYaml([0, -0, -1, 1.5, 1e-7, 1.5e-9, Number.MAX_SAFE_INTEGER])).toBe(
      lines('- 0', '- 0', '- -1', '- 1.5', '- 1.0e-7', '- 1.5e-9', '- 9007199254740991'),
    );
  });

  it.each([
    ['a number beyond exact integers', 2 ** 53],
    ['infinity', Infinity],
    ['not a number', NaN],
    ['a function', () => 1],
    ['an unpaired surrogate', 'a\ud800'],
    ['an unpaired surrogate in a block', 'a\n\udc00b'],
    ['a key beyond what YAML takes', { ['k'.repeat(1025)]: 1 }],
  ])('refuses %s: a bug of ours', (_, value) => {
    expect(() => emitYaml({ value })).toThrow(InvariantError);
  });
});

describe('constants', () => {
  const parts = { list: ['a', { name: 'b', value: 'c\nd\n' }], map: { metadata: { namespace: 'x', name: 'y' }, empty: {} }, nested: [['z']] };
  const places = (value: typeof parts): unknown => ({
    metadata: value.map,
    spec: { deep: { deeper: value }, items: [value, value.list, [value.map]], list: value.list, map: value.map },
  });

  it('are written like any other value, wherever they stand', () => {
    const wanted = emitYaml(places(parts));
    const value = constant(structuredClone(parts));
    // The second time from what is remembered.
    expect([places(value), places(value)].map(emitYaml)).toEqual([wanted, wanted]);
    expect(emitYaml(value)).toBe(emitYaml(parts));
    expect(emitYaml(value.list)).toBe(emitYaml(parts.list));
  });
});
