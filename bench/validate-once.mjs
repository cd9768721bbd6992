// node bench/validate-once.mjs kernel|scanner|parse FRAMING FILE…: validates the files, prints seconds, seconds of CPU, peak memory and errors.
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

const [engine, framing, ...files] = process.argv.slice(2);
const engines = {
  kernel: async () => {
    const { createKernel } = await import('../lib/json/kernel.js');
    return streaming(createKernel());
  },
  scanner: async () => streaming(undefined),
  parse: async () => checkWhole,
  read: async () => streamingRead,
  nothing: async () => () => 0,
};

async function streaming(accelerator) {
  const { createDocumentValidator } = await import('../lib/oip/document-validator.js');
  const validator = createDocumentValidator({ direction: 'request', nameKey: [1, 2], framing, accelerator });
  const buffer = accelerator?.buffer ?? new Uint8Array(1 << 17);
  return (file) => {
    readPieces(file, buffer, (piece) => validator.push(piece));
    return validator.end().errors;
  };
}

function readPieces(path, buffer, use) {
  const file = openSync(path, 'r');
  for (;;) {
    const length = readSync(file, buffer, 0, buffer.length, null);
    if (length === 0) break;
    use(buffer.subarray(0, length));
  }
  closeSync(file);
}
const shared = new Uint8Array(1 << 17);
const streamingRead = (file) => {
  readPieces(file, shared, () => undefined);
  return 0;
};

/** What a program without a validator of its own would do, as fast as it can be written: the same rules for the values. */
function checkWhole(file) {
  const value = JSON.parse(readFileSync(file, 'utf8'));
  let errors = 0;
  for (const document of framing === 'array' ? value : [value]) {
    if (!Array.isArray(document.inputs) || document.inputs.length === 0) errors += 1;
    const names = new Set();
    for (const { name, shape, datatype, data } of document.inputs) {
      if (typeof name !== 'string' || names.has(name) || typeof datatype !== 'string' || !Array.isArray(shape) || !Array.isArray(data)) errors += 1;
      names.add(name);
      let expected = 1;
      for (const dimension of shape) {
        if (!Number.isInteger(dimension) || dimension < 0) errors += 1;
        expected *= dimension;
      }
      const counted = { elements: 0, errors: 0, ragged: false };
      const check = checks[datatype];
      if (Array.isArray(data[0])) checkLevel(data, shape, 0, check, counted);
      else checkFlat(data, check, counted);
      if (counted.elements !== expected || counted.ragged) errors += 1;
      errors += counted.errors;
    }
  }
  return errors;
}
function checkLevel(array, shape, level, check, counted) {
  if (array.length !== shape[level]) counted.ragged = true;
  if (level === shape.length - 1) {
    checkFlat(array, check, counted);
    return;
  }
  for (const item of array) {
    if (Array.isArray(item)) checkLevel(item, shape, level + 1, check, counted);
    else counted.ragged = true;
  }
}
function checkFlat(array, check, counted) {
  counted.elements += array.length;
  for (let index = 0; index < array.length; index += 1) if (!check(array[index])) counted.errors += 1;
}
const integer = (least, most) => (element) => Number.isInteger(element) && element >= least && element <= most;
const checks = {
  FP32: (element) => typeof element === 'number' && Math.abs(element) < 3.4028235677973366e38,
  INT32: integer(-(2 ** 31), 2 ** 31 - 1),
  INT64: integer(-(2 ** 63), 2 ** 63 - 1),
  UINT8: integer(0, 255),
  BYTES: (element) => typeof element === 'string',
};

const validate = await engines[engine]();
// Both engines start cold in a step; what is measured is the reading of the files.
const start = performance.now();
const used = process.cpuUsage();
let errors = 0;
for (const file of files) errors += validate(file);
const seconds = (performance.now() - start) / 1000;
const { user, system } = process.cpuUsage(used);
console.log(JSON.stringify({ seconds, cpu: (user + system) / 1e6, mebibytes: process.resourceUsage().maxRSS / 1024, errors }));
