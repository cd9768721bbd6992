/** A predictor for tests: eight files of a megabyte, each a response with one digit per element. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const data = `${'1,'.repeat((1 << 19) - 1)}1`;
for (let file = 0; file < 8; file += 1) {
  const text = `{"model_name":"m","outputs":[{"name":"y","datatype":"INT32","shape":[${1 << 19}],"data":[${data}]}]}`;
  writeFileSync(join(process.env.ODAHU_MODEL_OUTPUT, `${file}.json`), text);
}
