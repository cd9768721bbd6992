// Writes a repository of generated definitions: valid, and different from one another in every field that may differ.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A small generator of numbers (mulberry32): the same seed gives the same repository. */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const stores = {
  raw: { backend: 'type: s3\n  bucket: raw-bucket\n  region: eu-central-1' },
  archive: { backend: 'type: gcs\n  bucket: archive-bucket\n  projectNumber: "123456789012"' },
  blobs: { backend: 'type: azureblob\n  account: account\n  container: blobs' },
  minio: { backend: 'type: s3\n  bucket: shared\n  region: us-east-1\n  endpoint: https://minio.example.com:9000\n  pathStyle: true' },
};

export function generateRepository(root, services, seed = 1) {
  const next = numbers(seed);
  const integer = (below) => Math.floor(next() * below);
  const pick = (items) => items[integer(items.length)];
  /** True once in `times`. */
  const once = (times) => integer(times) === 0;
  const hex = () => Array.from({ length: 64 }, () => integer(16).toString(16)).join('');
  const word = () => Array.from({ length: 4 + integer(6) }, () => 'abcdefghijklmnopqrstuvwxyz'[integer(26)]).join('');
  const write = (path, lines) => {
    const file = join(root, path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, `${lines.flat(Infinity).filter(Boolean).join('\n')}\n`);
  };

  // Every third team has defaults, every fourth a connection of its own.
  const teams = Array.from({ length: Math.max(2, Math.round(services / 100)) }, (_, index) => ({
    name: `team-${index}`,
    hasDefaults: index % 3 === 0,
    ownStore: index % 4 === 0 ? 'own' : undefined,
  }));
  const names = teams.map(({ name }) => name).join(', ');
  write('services/platform.yaml', platform());
  for (const [name, { backend }] of Object.entries(stores)) {
    const credentials = [`  credentials:`, `    secretRef:`, `      name: ${name}-keys`];
    const access = teams.map((team) => `    - {teams: [${team.name}], modes: [read, write], prefixes: [${team.name}/]}`);
    write(`services/connections/${name}.yaml`, [head('Connection', name), `  ${backend}`, credentials, '  access:', access]);
  }
  // A store that anyone may read: no credentials.
  write('services/connections/public.yaml', [
    head('Connection', 'public'),
    '  type: s3\n  bucket: open-models\n  region: us-east-1',
    '  credentials: {anonymous: true}',
    `  access:\n    - {teams: [${names}], modes: [read]}`,
  ]);
  for (const team of teams) {
    if (team.hasDefaults) write(`services/${team.name}/team.yaml`, teamDefaults(team));
    if (team.ownStore) write(`services/${team.name}/connections/${team.ownStore}.yaml`, ownConnection(team));
  }
  for (let index = 0; index < services; index += 1) {
    const team = teams[index % teams.length];
    const name = `${word()}-${index}`;
    write(`services/${team.name}/${name}.yaml`, service(team, name));
  }

  function head(kind, name) {
    return ['apiVersion: millrace.dev/v1', `kind: ${kind}`, `metadata:\n  name: ${name}`, 'spec:'];
  }

  function platform() {
    return [
      head('Platform', 'platform'),
      `  target: {kubernetes: "1.34", pipelines: "1.15", triggers: "0.37", distribution: kubernetes}
  images:
    rclone: docker.io/rclone/rclone:1.75.2@sha256:${hex()}
    node: docker.io/library/node:22-slim@sha256:${hex()}
  requireDigests: true
  teams:`,
      teams.map(({ name }) => [
        `    - name: ${name}
      namespace: ${name}
      manageNamespace: true
      ceilings: {cpu: "64", memory: 512Gi, gpu: 8, storage: 1Ti, timeout: 48h}
      registries: [registry.example.com/${name}/]
      imagePullSecrets: [regcred]
      secrets: ["${name}-*"]
      endpoints: ["https://minio.${name}.example.com"]`,
      ]),
      `  nodePools:
    - {name: gpu-a100, nodeSelector: {pool: a100}, tolerations: [{key: nvidia.com/gpu, operator: Exists, effect: NoSchedule}], runtimeClass: nvidia, gpuResource: nvidia.com/gpu, teams: [${names}]}
    - {name: highmem, nodeSelector: {pool: highmem}, tolerations: [{key: pool, operator: Equal, value: highmem}], teams: [${names}]}
  queues:
    - {name: batch, localQueue: batch, teams: [${names}]}
    - {name: urgent, teams: [${names}]}
  webhook:
    host: jobs.example.com
    route: {kind: none, maxBody: 64Ki}
    callers:
      - {name: airflow, auth: hmac, secretRef: {name: webhook-airflow}, services: ["*"]}
      - {name: ci, auth: token, secretRef: {name: webhook-ci}, services: ["*"]}
  feedback: {sink: objectStorage}`,
    ];
  }

  function teamDefaults({ name }) {
    return [
      head('Team', name),
      `  owner: ${word()}@example.com
  ${pick(['nodePool: highmem', 'queue: batch', 'nodePool: highmem\n  queue: urgent'])}
  feedback: {input: ${pick(['true', 'false'])}}
  timeout: ${1 + integer(5)}h
  timeouts: {sync: ${20 + integer(30)}m, wait: ${1 + integer(3)}h}
  storage: {data: ${10 + integer(20)}Gi, tmp: 2Gi}
  labels: {cost-center: ${word()}-${integer(100)}, stage: ${pick(['production', 'trial'])}}`,
    ];
  }

  function ownConnection({ name, ownStore }) {
    return [
      head('Connection', ownStore),
      `  type: s3
  bucket: ${name}-data
  region: us-east-1
  endpoint: https://minio.${name}.example.com
  pathStyle: true
  defaultPath: ${name}/default/
  credentials:
    secretRef:
      name: ${name}-store`,
    ];
  }

  function modelSource({ name: team }) {
    const version = `${integer(9)}.${integer(20)}`;
    const label = `    name: ${word()}\n    version: "${version}"`;
    if (once(6)) return ['  modelSource:', `    imagePath: /opt/${word()}/model`, label];
    if (once(10)) return ['  modelSource:', '    connection: public', `    path: ${word()}/${version}/`, label];
    const form = pick(['/', '.tar.gz', '.zip', '.tar']);
    return [
      '  modelSource:',
      `    connection: ${pick(Object.keys(stores))}`,
      `    path: ${team}/models/${word()}/${version}${form === '/' ? '/' : `/model${form}`}`,
      label,
      form !== '/' && once(2) && `    sha256: ${hex()}`,
    ];
  }

  function webhook({ name: team }, { source, output, isOpen }) {
    // What the service leaves open a request must give, so the webhook must be there.
    if (!isOpen && once(8)) return ['  triggers:', '    webhook:', '      enabled: false'];
    if (!isOpen && once(8)) return [];
    return [
      `  triggers:
    webhook:
      callers: [${pick(['airflow', 'airflow, ci', 'ci'])}]`,
      (isOpen || once(2)) && [
        '      overrides:',
        '        dataSource:',
        `          - {connection: ${source}, prefix: ${team}/in/}`,
        once(3) && `          - {connection: ${pick(Object.keys(stores))}, prefix: ${team}/more/${word()}/}`,
        '        outputDestination:',
        `          - {connection: ${output}, prefix: ${team}/out/}`,
      ],
    ];
  }

  function service(team, name) {
    const store = () => (team.ownStore && once(3) ? team.ownStore : pick(Object.keys(stores)));
    const [source, output] = [store(), store()];
    const [isSourceOpen, isOutputOpen] = [once(6), once(10)];
    const hasGpu = once(4);
    const memory = 2 + integer(31);
    const isTerse = team.hasDefaults && once(2);
    return [
      `# ${word()} ${word()}: scores ${word()} every night`,
      head('InferenceService', name),
      !isTerse && `  owner: ${word()}@example.com`,
      `  description: Scores ${word()} ${word()} by ${word()}`,
      once(4) && `  serviceId: ${word()}_${name}.v${1 + integer(5)}`,
      `  image: registry.example.com/${team.name}/${word()}:${integer(9)}.${integer(20)}.${integer(50)}@sha256:${hex()}`,
      `  command: [${pick(['python3', 'java', '/opt/app/run'])}]
  args:
    - /opt/app/${word()}.py
    - --threshold
    - "0.${integer(100)}"
    - --model
    - $(ODAHU_MODEL)
  env:
    LOG_LEVEL: ${pick(['info', 'debug', 'warning'])}
    ${word().toUpperCase()}: ${word()}
    BATCH_SIZE: "${8 << integer(6)}"`,
      modelSource(team),
      !isSourceOpen && [
        '  dataSource:',
        `    connection: ${source}`,
        !(source === team.ownStore && once(2)) && `    path: ${team.name}/in/${word()}/`,
        `    include: [${pick(['"*.json"', '"*.json", "!*.tmp.json"', '"part-*.json"', '"*.json", "*.jsonl"'])}]`,
        `    allowEmpty: ${pick(['true', 'false'])}`,
      ],
      !isOutputOpen && [
        '  outputDestination:',
        `    connection: ${output}`,
        `    path: "${team.name}/out/${word()}/${pick(['', '', '{jobId}/', '{requestId}/', `{requestId}/${word()}/`])}"`,
        `    layout: ${pick(['exact', 'perJob'])}`,
      ],
      webhook(team, { source, output, isOpen: isSourceOpen || isOutputOpen }),
      once(2) && '  validation: {profile: spec, framing: document, onInvalid: fail}',
      once(5)
        ? '  feedback: {input: false, output: false}'
        : `  feedback: {input: ${pick(['true', 'false'])}, output: ${pick(['true', 'false'])}, payload: reference}`,
      '  resources:',
      `    requests: {cpu: "${1 + integer(8)}", memory: ${memory}Gi}`,
      `    limits: {${once(3) ? `cpu: "${8 + integer(8)}", ` : ''}memory: ${memory + integer(8)}Gi${hasGpu ? `, gpu: ${1 + integer(2)}` : ''}}`,
      hasGpu ? '  nodePool: gpu-a100' : once(6) && '  nodePool: highmem',
      once(3) && `  queue: ${pick(['batch', 'urgent'])}`,
      !isTerse && storage(),
      `  transfers: {parallel: ${1 + integer(32)}${once(3) ? `, bandwidth: ${5 + integer(90)}Mi` : ''}}`,
      !isTerse && `  timeout: ${1 + integer(8)}h`,
      !isTerse && `  timeouts: {sync: ${5 + integer(54)}m, wait: ${1 + integer(3)}h}`,
      `  retries: ${integer(3)}`,
    ];
  }

  function storage() {
    const sizes = `data: ${1 + integer(40)}Gi, model: ${1 + integer(10)}Gi, output: ${1 + integer(40)}Gi, tmp: ${1 + integer(4)}Gi`;
    const memory = once(3) ? `, shm: ${pick(['256Mi', '512Mi', '1Gi'])}` : '';
    return `  storage: {${sizes}${memory}${once(4) ? `, class: ${pick(['fast-ssd', 'standard'])}` : ''}}`;
  }
}
