/** A predictor for tests: multiplies every number by the model's factor, or misbehaves where a request's parameters ask for it. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const { ODAHU_MODEL, ODAHU_MODEL_INPUT, ODAHU_MODEL_OUTPUT } = process.env;
const { factor } = JSON.parse(readFileSync(join(ODAHU_MODEL, 'model.json'), 'utf8'));

for (const name of readdirSync(ODAHU_MODEL_INPUT).sort()) {
  const { id, parameters, inputs } = JSON.parse(readFileSync(join(ODAHU_MODEL_INPUT, name), 'utf8'));
  if (parameters?.behave === 'crash') {
    console.error('this predictor was told to crash');
    process.exit(7);
  }
  const data = inputs[0].data.map((value) => value * factor);
  // One element too many for its shape: no valid response.
  const shape = [parameters?.behave === 'lie' ? data.length + 1 : data.length];
  const response = { model_name: 'm', id, outputs: [{ name: 'y', datatype: 'FP64', shape, data }] };
  writeFileSync(join(ODAHU_MODEL_OUTPUT, name), JSON.stringify(response));
  console.log(`${name}: ${data.length} values`);
}
