/**
 * What a predictor of the tests leaves running: it goes on changing the output until it is killed, in the way that its
 * argument says. Prints the time twenty times a second.
 */
import { fstatSync, ftruncateSync, openSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const output = process.env.ODAHU_MODEL_OUTPUT;
const names = readdirSync(output);
const handles = names.map((name) => openSync(join(output, name), 'r+'));
const pick = (count) => Math.floor(Math.random() * count);

/** Elements of the tensor, each with its comma: wherever they are written in its data, the file stays a valid response. */
const piece = 4096;
const pieces = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((digit) => Buffer.from(`${digit},`.repeat(piece / 2)));
const text = readFileSync(join(output, names[0]), 'latin1');
const [first, last] = [text.indexOf('[1,') + 1, text.lastIndexOf(',1]') - piece];

const ways = {
  rewrite: () => {
    writeSync(handles[pick(handles.length)], pieces[pick(9)], 0, piece, first + 2 * pick((last - first) / 2));
  },
  grow: () => {
    for (const handle of handles) {
      const { size } = fstatSync(handle);
      if (size > text.length + (1 << 20)) ftruncateSync(handle, text.length);
      else writeSync(handle, ' '.repeat(piece), size);
    }
  },
  // What step 7 itself can read and the predictor cannot: the record of the job.
  link: () => {
    const name = join(output, names[pick(names.length)]);
    const other = join(output, '.other');
    rmSync(other, { force: true });
    // Seldom a file, so that the step does not come too early for a link.
    if (pick(4) > 0) symlinkSync('/mnt/job/control/job.json', other);
    else writeFileSync(other, '{"model_name":"m","outputs":[{"name":"y","datatype":"INT32","shape":[1],"data":[1]}]}');
    renameSync(other, name);
  },
};
const change = ways[process.argv[2]];

let said = 0;
for (;;) {
  for (let count = 0; count < 20; count += 1) change();
  if (Date.now() - said > 50) {
    said = Date.now();
    console.log(new Date(said).toISOString());
  }
  await sleep(1);
}
