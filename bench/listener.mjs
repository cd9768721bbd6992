// What a service costs on the cluster and its listener per event, from the emitted objects; and how fast the listener is simulated.
import { performance } from 'node:perf_hooks';
import { compile } from '../lib/compile.js';
import { emitYaml } from '../lib/emit/yaml.js';
import { sendRequest } from '../lib/engine/triggers/listener.js';
import { triggerGroups } from '../lib/engine/triggers/trigger-groups.js';
import { renderNamespace } from '../lib/manifests/namespace.js';
import { renderService } from '../lib/manifests/service.js';
import { memoryFileSystem } from '../lib/source/file-system.js';
import { median, row } from './measure.mjs';

const digest = `sha256:${'c'.repeat(64)}`;
const document = (kind, name, spec) => JSON.stringify({ apiVersion: 'millrace.dev/v1', kind, metadata: { name }, spec });
const connection = (name) =>
  document('Connection', name, {
    type: 's3',
    bucket: `${name}-bucket`,
    region: 'eu-central-1',
    credentials: { secretRef: { name: `${name}-s3` } },
    access: [{ teams: ['risk'], modes: ['read', 'write'] }],
  });

/** One team's objects: services that all callers may start, each with `triggers`. */
function objectsOf({ services, callers, triggers = {} }) {
  const names = Array.from({ length: services }, (_, index) => `service-${index}`);
  const webhookCaller = (_, index) => ({
    name: `caller-${index}`,
    auth: index % 2 === 0 ? 'hmac' : 'token',
    secretRef: { name: `webhook-${index}` },
    services: ['*'],
  });
  const landing = { name: 'landing', auth: 'token', sends: 'eventbridge', secretRef: { name: 'webhook-landing' }, services: ['*'] };
  const compiled = compile({
    fileSystem: memoryFileSystem({
      'services/platform.yaml': document('Platform', 'platform', {
        target: { kubernetes: '1.34', pipelines: '1.15', triggers: '0.37' },
        images: { rclone: `rclone/rclone:1.75.2@${digest}`, node: `node:22-slim@${digest}` },
        teams: [{ name: 'risk', registries: ['registry.example.com/risk/'] }],
        webhook: {
          host: 'jobs.example.com',
          route: { kind: 'none', maxBody: '64Ki' },
          callers: [...Array.from({ length: callers }, webhookCaller), ...(triggers.events ? [landing] : [])],
        },
      }),
      'services/connections/raw.yaml': connection('raw'),
      'services/connections/results.yaml': connection('results'),
      ...Object.fromEntries(
        names.map((name) => [
          `services/risk/${name}.yaml`,
          document('InferenceService', name, {
            image: `registry.example.com/risk/fraud:1@${digest}`,
            command: ['python3', '/opt/app/predictor.py'],
            modelSource: { imagePath: '/opt/app/model', name: 'fraud', version: '1' },
            dataSource: { connection: 'raw', path: `${name}/in/` },
            outputDestination: { connection: 'results', path: `${name}/out/` },
            triggers,
          }),
        ]),
      ),
    }),
    runtime: { text: '// runtime\n' },
  });
  if (compiled.services.length !== services) throw new Error(JSON.stringify(compiled.diagnostics, null, 2));
  const perService = compiled.services.map((service) => renderService(service, 'millrace-runtime-0123456789'));
  return { perService, all: [...renderNamespace(compiled.services[0].namespace, 'runtime'), ...perService.flat()] };
}

const cel = ({ spec }) => {
  const params = Object.fromEntries(spec.interceptors[0].params.map(({ name, value }) => [name, value]));
  return { filter: params.filter.length, overlays: params.overlays.reduce((sum, { expression }) => sum + expression.length, 0) };
};

function showService(label, triggers) {
  const [objects] = objectsOf({ services: 1, callers: 2, triggers }).perService;
  const bytes = objects.map((object) => emitYaml(object).length);
  row(`${label}: objects`, String(objects.length), objects.map(({ kind }) => kind).join(', '));
  row(`${label}: bytes of YAML`, String(bytes.reduce((sum, each) => sum + each)), `Task ${bytes[0]}, at most 16384`);
  for (const trigger of objects.filter(({ kind }) => kind === 'Trigger')) {
    const { filter, overlays } = cel(trigger);
    row(`${label}: CEL of Trigger ${trigger.metadata.name}`, String(filter + overlays), `filter ${filter}, overlays ${overlays}`);
  }
}

showService('a service', {});
showService('with wide overrides', {
  webhook: {
    overrides: {
      dataSource: [
        { connection: 'raw', prefix: 'a/' },
        { connection: 'raw', prefix: 'b/' },
        { connection: 'results', prefix: 'c/' },
      ],
      outputDestination: [{ connection: 'results', prefix: 'd/' }],
    },
  },
});
showService('with a schedule', { schedules: [{ name: 'nightly', cron: '0 2 * * *', timeZone: 'Etc/UTC' }] });
showService('with a listener of its own', { webhook: { listener: 'dedicated' } });
showService('with an event', { events: [{ name: 'landing', caller: 'landing' }] });

/** Each interceptor is one HTTP call of the listener. Every group is asked first; the one that lets the event in asks its Triggers. */
function callsPerEvent({ all }, caller) {
  const groups = triggerGroups(all, 'risk').filter(({ listener }) => listener === 'millrace');
  return groups.reduce((sum, group) => {
    if (group.name !== caller) return sum + 1;
    const triggers = all.filter(group.selects);
    return sum + group.interceptors.length + triggers.reduce((calls, { spec }) => calls + spec.interceptors.length, 0);
  }, 0);
}

for (const callers of [1, 2, 8]) {
  for (const services of [1, 10, 50, 200]) {
    const objects = objectsOf({ services, callers });
    const [accepted, forged] = [callsPerEvent(objects, 'caller-0'), callsPerEvent(objects, undefined)];
    row(`interceptor calls per event, ${services} services, ${callers} callers`, String(accepted), `${forged} for one that no caller signed`);
  }
}

const { all } = objectsOf({ services: 50, callers: 2 });
const bodyOf = (spec) => new TextEncoder().encode(JSON.stringify({ kind: 'InferenceJob', spec: { inferenceServiceId: 'service-7', ...spec } }));
const bodies = {
  'accepted, with a dataSource and an id': bodyOf({ requestId: 'r-1', dataSource: { connection: 'raw', path: 'service-7/in/today/' } }),
  'accepted, nothing but the service': bodyOf({}),
  'refused by the last rule': bodyOf({ outputDestination: { connection: 'results', path: 'elsewhere/' } }),
  'refused by the first rule': new TextEncoder().encode('{}'),
};
for (const [label, body] of Object.entries(bodies)) {
  const rates = Array.from({ length: 7 }, () => {
    const start = performance.now();
    const count = 2000;
    for (let index = 0; index < count; index += 1) {
      sendRequest(all, { namespace: 'risk', trigger: 'service-7', caller: 'caller-0' }, { path: '/risk/api/v1/batch/job', headers: {}, body });
    }
    return (count / (performance.now() - start)) * 1000;
  });
  row(`simulate, bodies per second: ${label}`, median(rates).toFixed(0), 'at least 1000');
}
