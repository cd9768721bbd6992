// The other side of the bench: the same inputs parsed by `yaml`, the same objects through App.synth() in one chart.
// Arguments: the folder of definitions, a JSON file of the objects, the output folder.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject, App, Chart } from 'cdk8s';
import { parse } from 'yaml';

const [services, objects, outdir] = process.argv.slice(2);
const definitions = readdirSync(services, { recursive: true })
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => parse(readFileSync(join(services, name), 'utf8')));
if (definitions.length === 0) throw new Error('no definitions');

const app = new App({ outdir });
const chart = new Chart(app, 'millrace');
JSON.parse(readFileSync(objects, 'utf8')).forEach((object, index) => new ApiObject(chart, `object-${index}`, object));
app.synth();
