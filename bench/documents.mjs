// Files of requests in the layouts that validators meet, of any size: a few blocks of random elements, written again and again.
import { closeSync, openSync, writeSync } from 'node:fs';

/** The same numbers in each run. */
function createRandom(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
const random = createRandom(7);
const digits = (count) => Array.from({ length: count }, () => Math.floor(random() * 10)).join('');
const letters = 'abcdefghijklmnopqrstuvwxyz ABCDEFGHIJ0123456789-_';
const kinds = {
  FP32: () =>
    String(Math.fround((random() - 0.5) * 20))
      .slice(0, 10)
      .replace(/[.e-]+$/, ''),
  INT32: () => String(Math.floor((random() - 0.5) * 2 ** 31)),
  INT64: () => `${random() < 0.5 ? '-' : ''}${1 + Math.floor(random() * 8)}${digits(18)}`,
  UINT8: () => String(Math.floor(random() * 256)),
  BYTES: () => `"${Array.from({ length: 8 + Math.floor(random() * 24) }, () => letters[Math.floor(random() * letters.length)]).join('')}"`,
};
const elements = (datatype, count) => Array.from({ length: count }, kinds[datatype]);
const rows = (datatype, count, width) => Array.from({ length: count }, () => elements(datatype, width));

const tensorHead = (datatype, shape) => `{"name":"x","shape":${JSON.stringify(shape)},"datatype":"${datatype}","data":`;

/** One tensor of `shape(blocks)`, made of `blocks` copies of one of the texts. */
function oneTensor(datatype, texts, shapeOf, joint = ',', [open, close] = ['[', ']']) {
  return {
    framing: 'document',
    begin: (blocks) => `{"inputs":[${tensorHead(datatype, shapeOf(blocks))}${open}`,
    block: (index) => texts[index % texts.length] + joint,
    last: (index) => texts[index % texts.length],
    end: `${close}}]}`,
    size: texts[0].length + joint.length,
  };
}

const several = (make) => Array.from({ length: 8 }, make);
const flat = (datatype) =>
  oneTensor(
    datatype,
    several(() => elements(datatype, 4096).join(',')),
    (blocks) => [blocks * 4096],
  );
const nested = (datatype, width) => {
  const texts = several(() =>
    rows(datatype, 4096 / width, width)
      .map((row) => `[${row.join(',')}]`)
      .join(','),
  );
  return oneTensor(datatype, texts, (blocks) => [(blocks * 4096) / width, width]);
};
/** As `JSON.stringify(document, undefined, 2)` writes it: an element per line. */
const pretty = (datatype, width) => {
  const line = `\n${' '.repeat(10)}`;
  const texts = several(() =>
    rows(datatype, 1024 / width, width)
      .map((row) => `[${line}  ${row.join(`,${line}  `)}${line}]`)
      .join(`,${line}`),
  );
  return oneTensor(datatype, texts, (blocks) => [(blocks * 1024) / width, width], `,${line}`, [`[${line}`, '\n        ]\n      ']);
};
/** An array of requests with four tensors each. */
const small = (datatype, count) => {
  const names = ['user_features', 'item_features', 'context', 'history'];
  const request = () =>
    `{"id":"${digits(8)}","inputs":[${names.map((name) => `{"name":"${name}","shape":[1,${count}],"datatype":"${datatype}","data":[${elements(datatype, count).join(',')}]}`).join(',')}]}`;
  const texts = several(() => Array.from({ length: 16 }, request).join(','));
  return {
    framing: 'array',
    begin: () => '[',
    block: (index) => `${texts[index % texts.length]},`,
    last: (index) => texts[index % texts.length],
    end: ']',
    size: texts[0].length + 1,
  };
};

/** One request with a list of tensors that all have different names: at 2 GB about 207,000, of 262,144 that there may be. */
const manyNames = () => {
  const texts = several(() => `","shape":[1000],"datatype":"FP32","data":[${elements('FP32', 1000).join(',')}]}`);
  const tensor = (index) => `{"name":"tensor_${String(index).padStart(6, '0')}${texts[index % texts.length]}`;
  return {
    framing: 'document',
    begin: () => '{"inputs":[',
    block: (index) => `${tensor(index)},`,
    last: tensor,
    end: ']}',
    size: tensor(0).length + 1,
  };
};

/** Of these the memory is measured; they are not held to a speed. */
export const lists = { 'one list of tensors of 1000 FP32': { make: manyNames } };

/** `compact`: held to 12 times `JSON.parse` and checks; the others to 4 times. */
export const layouts = {
  'FP32, flat': { make: () => flat('FP32'), compact: true },
  'INT32, flat': { make: () => flat('INT32'), compact: true },
  'INT64 of 19 digits, flat': { make: () => flat('INT64'), compact: true },
  'FP32, rows of 64': { make: () => nested('FP32', 64), compact: true },
  'FP32, rows of 4': { make: () => nested('FP32', 4), compact: true },
  'UINT8, rows of 256': { make: () => nested('UINT8', 256), compact: true },
  'BYTES of 8 to 32': { make: () => flat('BYTES'), compact: true },
  'many tensors of 64 FP32': { make: () => small('FP32', 64), compact: true },
  'many tensors of 16 FP32': { make: () => small('FP32', 16), compact: true },
  'FP32, rows of 4, pretty-printed': { make: () => pretty('FP32', 4), compact: false },
  'INT32, rows of 64, pretty-printed': { make: () => pretty('INT32', 64), compact: false },
};

/** Gives the file's pieces, one after the other. */
export function* pieces(layout, bytes) {
  const count = Math.max(1, Math.round(bytes / layout.size));
  yield layout.begin(count);
  for (let index = 0; index < count - 1; index += 1) yield layout.block(index);
  yield layout.last(count - 1);
  yield layout.end;
}

export function writeLayout(path, layout, bytes) {
  const file = openSync(path, 'w');
  let pending = '';
  for (const piece of pieces(layout, bytes)) {
    pending += piece;
    if (pending.length > 1 << 20) {
      writeSync(file, pending);
      pending = '';
    }
  }
  writeSync(file, pending);
  closeSync(file);
}
