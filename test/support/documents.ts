import fc from 'fast-check';

/** Numbers at and around every bound of a datatype, and other ways to write them. */
export const edgeNumbers: readonly string[] = [
  ...['0', '1', '7', '42', '127', '128', '129', '255', '256', '999', '32767', '32768', '32769', '65519', '65520', '65535', '65536', '99999'],
  ...['2147483647', '2147483648', '2147483649', '4294967295', '4294967296', '9999999999', '999999999999999', '1000000000000000'],
  ...['9223372036854775807', '9223372036854775808', '9223372036854775809', '9999999999999999999', '10000000000000000000'],
  ...['18446744073709551615', '18446744073709551616', '18446744073709551625', '99999999999999999999', '100000000000000000000'],
  ...['1.0', '1e0', '1E2', '10e-1', '1.5', '0.5', '0.0', '-0.0', '0e9', '1e-400', '100e-2', '12345e-3', '255.0', '256.0', '1.28e2', '0.1e1'],
  ...['65519.999999999999999999', '65520.0', '6552e1', '655.2e2', '65519.99999999999999999999999999999999999999e0'],
  ...['340282356779733661637539395458142568447', '340282356779733661637539395458142568448', '3.40282356779733661637539395458142568447999e38'],
  ...['3.40282356779733661637539395458142568448e38', '3.4e38', '3.5e38', '338953138925153547590470800371487866880', '3.39e38', '3.4e39'],
  ...['1.7976931348623157e308', '1.7976931348623159e308', '17976931348623157e292', '1e308', '1e309', '1e400', '1e99999', '0.00001e313'],
  ...['1.797693134862315807e308', '1.797693134862315808e308', '1e-99999', '123456789012345678901234567890e-25'],
];
const wrongNumbers = [
  '01',
  '-',
  '1.',
  '.5',
  '1e',
  '1e+',
  '+1',
  '00',
  '1.e1',
  '0x10',
  'NaN',
  'Infinity',
  '--1',
  '1-2',
  '1..2',
  '1e5e5',
  '1e5.5',
  '-01',
];

const number = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -300, max: 300 }).map(String) },
  { weight: 2, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }).map(String) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom('', '-'), fc.constantFrom(...edgeNumbers)).map((parts) => parts.join('')) },
);
const text = fc.oneof(
  { weight: 3, arbitrary: fc.string({ maxLength: 20 }).map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 80 }).map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: number.map((value) => `"${value}"`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('"\\u00e9"', '"\\ud83d\\ude00"', '"\\ud800"', '"\\udc00\\ud800"', '"\\/\\b"', '"\\q"', '"\\u12"', '"a\tb"', '"'),
  },
);
const word = fc.constantFrom('true', 'false', 'null');
const oddElement = fc.oneof(text, word, fc.constantFrom('{}', '{"a":1}', '[]', '[1]', '', ...wrongNumbers));

const blank = fc.oneof({ weight: 6, arbitrary: fc.constant('') }, { weight: 1, arbitrary: fc.constantFrom(' ', '\n', '\r\n  ', '\t', '      ') });
const datatypes = ['BOOL', 'UINT8', 'UINT16', 'UINT32', 'UINT64', 'INT8', 'INT16', 'INT32', 'INT64', 'FP16', 'FP32', 'FP64', 'BF16', 'BYTES'];

/** Elements of mostly one kind, with an odd one now and then. */
const elements = fc
  .tuple(fc.constantFrom(number, number, number, text, word), fc.boolean(), fc.integer({ min: 0, max: 60 }))
  .chain(([kind, isOdd, length]) =>
    fc.array(isOdd ? fc.oneof({ weight: 30, arbitrary: kind }, { weight: 1, arbitrary: oddElement }) : kind, { minLength: 0, maxLength: length }),
  );

const join = (values: readonly string[], gap: string): string => `[${values.join(`${gap},${gap}`)}]`;
/** In rows of `width`, in groups of two rows, or flat. */
function nest(values: readonly string[], levels: number, width: number, gap: string): string {
  if (levels <= 1) return join(values, gap);
  const rows: string[] = [];
  for (let at = 0; at < values.length; at += width) rows.push(join(values.slice(at, at + width), gap));
  return levels === 2 ? join(rows, gap) : nest(rows, levels - 1, 2, gap);
}

const tensor = fc
  .record({
    values: elements,
    levels: fc.constantFrom(1, 1, 2, 2, 3),
    width: fc.integer({ min: 1, max: 8 }),
    gap: blank,
    datatype: fc.oneof({ weight: 20, arbitrary: fc.constantFrom(...datatypes) }, { weight: 1, arbitrary: fc.constantFrom('STRING', 'int8') }),
    isRight: fc.boolean(),
    shape: fc.array(fc.constantFrom('0', '1', '2', '3', '4', '-1', '1.0', '"1"', '18446744073709551616'), { maxLength: 3 }),
    name: fc.constantFrom('"x"', '"y"', '"\\u0078"', '"z"', '1'),
    order: fc.shuffledSubarray(['name', 'shape', 'datatype', 'data'], { minLength: 3, maxLength: 4 }),
    more: fc.constantFrom(
      '',
      '',
      '',
      '"parameters":{"a":1}',
      '"parameters":{"binary_data_size":4}',
      '"parameters":null',
      '"extra":[{"a":[1]}]',
      '"name":"x"',
    ),
  })
  .map(({ values, levels, width, gap, datatype, isRight, shape, name, order, more }) => {
    const right = levels === 1 ? [values.length] : levels === 2 ? [Math.ceil(values.length / width), width] : [];
    const members: Readonly<Record<string, string>> = {
      name: `"name":${name}`,
      shape: `"shape":[${(isRight ? right : shape).join(',')}]`,
      datatype: `"datatype":"${datatype}"`,
      data: `"data":${gap}${nest(values, levels, width, gap)}`,
    };
    return `{${[...order.map((key) => members[key]), ...(more === '' ? [] : [more])].join(`${gap},`)}${gap}}`;
  });

const document = fc
  .record({
    tensors: fc.array(tensor, { maxLength: 4 }),
    isRequest: fc.boolean(),
    before: fc.constantFrom(
      '',
      '"id":"1",',
      '"id":7,',
      '"parameters":{"a":[1],"b":null},',
      '"outputs":[{"name":"y"}],',
      '"model_name":"m",',
      '"\\u0069d":"1","id":"2",',
    ),
    gap: blank,
  })
  .map(({ tensors, isRequest, before, gap }) => `{${gap}${before}"${isRequest ? 'inputs' : 'outputs'}":[${tensors.join(`${gap},`)}]${gap}}`);

const encoder = new TextEncoder();
/** Documents that are right or nearly so, some with a few bytes changed. */
export const documents: fc.Arbitrary<Uint8Array> = fc
  .tuple(
    document,
    fc.array(
      fc.tuple(fc.nat(), fc.constantFrom(...'{}[],:"\\ \n-+.eE0123456789truefalsn', '\u00e9', '\x00'), fc.constantFrom('set', 'insert', 'remove')),
      {
        maxLength: 2,
      },
    ),
    fc.integer({ min: 0, max: 3 }),
  )
  .map(([plain, changes, odds]) => {
    const bytes = [...encoder.encode(plain)];
    for (const [at, character, how] of odds === 0 ? changes : []) {
      const place = bytes.length === 0 ? 0 : at % bytes.length;
      const byte = character.charCodeAt(0);
      if (how === 'set') bytes[place] = byte;
      else if (how === 'insert') bytes.splice(place, 0, byte);
      else bytes.splice(place, 1);
    }
    return Uint8Array.from(bytes);
  });

/** Larger tensors, of which an accelerator reads most: long rows or short ones, compact or not, with one odd element at most. */
const largeTensor = fc
  .record({
    kind: fc.constantFrom(
      number,
      fc.integer({ min: 0, max: 99 }).map(String),
      fc.double({ min: -1, max: 1, noNaN: true }).map((value) => JSON.stringify(value)),
      text,
      fc.constantFrom('true', 'false'),
    ),
    datatype: fc.constantFrom(...datatypes),
    length: fc.integer({ min: 0, max: 120 }),
    width: fc.integer({ min: 1, max: 40 }),
    levels: fc.constantFrom(1, 2, 2, 3),
    gap: blank,
    odd: fc.option(fc.tuple(fc.nat(), oddElement)),
  })
  .chain(({ kind, length, odd, ...rest }) =>
    fc.array(kind, { minLength: length, maxLength: length + 20 }).map((values) => {
      if (odd !== null && values.length > 0) values[odd[0] % values.length] = odd[1];
      return { values, ...rest };
    }),
  )
  .map(({ values, datatype, width, levels, gap }) => {
    const shape = levels === 1 ? [values.length] : [Math.ceil(values.length / width), width];
    return `{"name":"x","shape":[${shape.join(',')}],"datatype":"${datatype}","data":${nest(values, levels, width, gap)}}`;
  });

export const largeDocuments: fc.Arbitrary<Uint8Array> = fc
  .tuple(largeTensor, fc.constantFrom('inputs', 'outputs'), fc.option(fc.tuple(fc.nat(), fc.constantFrom(...'[],.-+e0 \n"'))))
  .map(([tensor, list, change]) => {
    const bytes = encoder.encode(`{"model_name":"m","${list}":[${tensor}]}`);
    if (change) bytes[change[0] % bytes.length] = change[1].charCodeAt(0);
    return bytes;
  });

/** Requests of several compact tensors with their members in the usual order, which an accelerator may read as wholes. */
const compactTensor = fc
  .record({
    name: fc.oneof(
      { weight: 8, arbitrary: fc.integer({ min: 0, max: 30 }).map((index) => `t${String(index)}`) },
      { weight: 1, arbitrary: fc.constantFrom('', 'é', '\\n') },
    ),
    datatype: fc.constantFrom(...datatypes),
    kind: fc.constantFrom(
      number,
      fc.integer({ min: 0, max: 99 }).map(String),
      fc.double({ min: -1, max: 1, noNaN: true }).map((value) => JSON.stringify(value)),
    ),
    rows: fc.integer({ min: 1, max: 5 }),
    width: fc.integer({ min: 1, max: 20 }),
    form: fc.constantFrom('flat', 'nested', 'deeper'),
    shape: fc.oneof(
      { weight: 5, arbitrary: fc.constant('right') },
      { weight: 2, arbitrary: fc.constantFrom('swapped', 'flat', 'zero') },
      { weight: 1, arbitrary: fc.constantFrom('', '0', '1,1', '4294967297,1', '3,4,5') },
    ),
  })
  .chain(({ name, datatype, kind, rows, width, form, shape }) =>
    fc.array(kind, { minLength: rows * width, maxLength: rows * width }).map((values) => {
      const levels = form === 'flat' ? 1 : form === 'nested' ? 2 : 3;
      const right = form === 'deeper' ? [Math.ceil(rows / 2), 2, width] : [rows, width];
      const same: Readonly<Record<string, string>> = {
        right: right.join(','),
        swapped: [...right].reverse().join(','),
        flat: String(rows * width),
        zero: `0${right.join(',')}`,
      };
      return `{"name":"${name}","shape":[${same[shape] ?? shape}],"datatype":"${datatype}","data":${nest(values, levels, width, '')}}`;
    }),
  );

export const compactDocuments: fc.Arbitrary<Uint8Array> = fc
  .tuple(
    fc.array(compactTensor, { minLength: 1, maxLength: 8 }),
    fc.constantFrom('inputs', 'outputs'),
    fc.constantFrom(',', ',', ', ', ',\n'),
    fc.option(fc.tuple(fc.nat(), fc.constantFrom(...'[],.-+e0 \n"{}:x'))),
  )
  .map(([tensors, list, joint, change]) => {
    const bytes = encoder.encode(`{"model_name":"m","${list}":[${tensors.join(joint)}],"id":"${'x'.repeat(300)}"}`);
    if (change) bytes[change[0] % bytes.length] = change[1].charCodeAt(0);
    return bytes;
  });

/** A tensor as programs write it: its members in any order, with the white space of one of the usual writers. */
const usualTensor = fc
  .record({
    name: fc.integer({ min: 0, max: 40 }).map((index) => `${'long '.repeat(index % 5)}t${String(index)}`),
    datatype: fc.constantFrom(...datatypes.filter((name) => !/16$/.test(name) || name === 'INT16')),
    rows: fc.integer({ min: 1, max: 3 }),
    width: fc.integer({ min: 1, max: 24 }),
    isNested: fc.boolean(),
    order: fc.oneof(
      { weight: 3, arbitrary: fc.constant<string[]>(['name', 'shape', 'datatype', 'data']) },
      { weight: 2, arbitrary: fc.shuffledSubarray<string>(['name', 'shape', 'datatype', 'data'], { minLength: 4 }) },
    ),
    odd: fc.option(fc.constantFrom('"parameters":{}', '"name":"t1"', '"data":[1]', '"shape":[1]', '"datatype":"INT8"'), { freq: 12 }),
    seed: fc.nat(),
  })
  .map(({ name, datatype, rows, width, isNested, order, odd, seed }) => {
    const element = (index: number): string => {
      const value = ((index + 1) * 7919 + seed) % 128;
      if (datatype === 'BOOL') return value % 2 === 0 ? 'true' : 'false';
      if (datatype === 'BYTES') return JSON.stringify('x'.repeat(value % 40));
      return datatype.startsWith('FP') ? `${value % 3 === 0 ? '-' : ''}${String(value)}.${String(index)}` : String(value);
    };
    const values = Array.from({ length: rows * width }, (_, index) => element(index));
    const members: Readonly<Record<string, string>> = {
      name: `"name":"${name}"`,
      shape: `"shape":[${String(rows)},${String(width)}]`,
      datatype: `"datatype":"${datatype}"`,
      data: `"data":${nest(values, isNested ? 2 : 1, width, '')}`,
    };
    return `{${[...order.map((key) => members[key]), ...(odd === null ? [] : [odd])].join(',')}}`;
  });

const usualDocument = fc
  .record({
    tensors: fc.array(usualTensor, { minLength: 1, maxLength: 6 }),
    before: fc.constantFrom('', '"id":"7",', '"id":"\u00e9",', '"id":"",', '"parameters":{"a":1},', '"model_version":"1",', '"id":"1","id":"2",'),
    after: fc.constantFrom('', '', ',"id":"8"', ',"outputs":[{"name":"t1"}]', ',"inputs":[]'),
    isRequest: fc.boolean(),
    writer: fc.constantFrom<(text: string) => string>(
      (text) => text,
      (text) => text.replaceAll(/(?<=["\]}\d]),(?=["[{-])/g, ', ').replaceAll('":', '": '),
      (text) => text.replaceAll('{', '{\n  ').replaceAll('"data":[', '"data": [\r\n\t').replaceAll(']', '\n]'),
    ),
  })
  .map(({ tensors, before, after, isRequest, writer }) =>
    writer(`{${before}${isRequest ? '"inputs"' : '"model_name":"m","outputs"'}:[${tensors.join(',')}]${after}}`),
  );

/** Some documents in one file, of which an accelerator may read most as wholes; some files with a byte changed. */
export const usualFiles: fc.Arbitrary<{ readonly framing: 'document' | 'array' | 'jsonl'; readonly bytes: Uint8Array }> = fc
  .record({
    framing: fc.constantFrom('document', 'array', 'jsonl'),
    texts: fc.array(usualDocument, { minLength: 1, maxLength: 5 }),
    change: fc.option(fc.tuple(fc.nat(), fc.constantFrom(...'[],.-+e0 \n"{}:x')), { freq: 3 }),
  })
  .map(({ framing, texts, change }) => {
    const lines = texts.map((text) => text.replaceAll(/[\r\n]/g, ' '));
    const bytes = encoder.encode(framing === 'document' ? (texts[0] ?? '') : framing === 'array' ? `[${texts.join(' , ')}]` : lines.join('\n'));
    if (change) bytes[change[0] % bytes.length] = change[1].charCodeAt(0);
    return { framing, bytes };
  });
