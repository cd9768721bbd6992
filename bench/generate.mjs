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

export function generateRepository(root, services, seed = 1) {
  const next = numbers(seed);
  const integer = (below) => Math.floor(next() * below);
  const pick = (items) => items[integer(items.length)];
  const hex = () => Array.from({ length: 64 }, () => integer(16).toString(16)).join('');
  const word = () => Array.from({ length: 4 + integer(6) }, () => 'abcdefghijklmnopqrstuvwxyz'[integer(26)]).join('');
  const teams = Array.from({ length: Math.max(2, Math.round(services / 100)) }, (_, index) => `team-${index}`);
  const write = (path, text) => {
    const file = join(root, path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, text);
  };

  write(
    'services/platform.yaml',
    `apiVersion: millrace.dev/v1
kind: Platform
metadata:
  name: platform
spec:
  target: {kubernetes: "1.34", pipelines: "1.15", triggers: "0.37", distribution: kubernetes}
  images:
    rclone: docker.io/rclone/rclone:1.75.2@sha256:${hex()}
    node: docker.io/library/node:22-slim@sha256:${hex()}
  requireDigests: true
  teams:
${teams
  .map(
    (team) => `    - name: ${team}
      namespace: ${team}
      manageNamespace: true
      ceilings: {cpu: "64", memory: 512Gi, gpu: 8, storage: 1Ti, timeout: 48h}
      registries: [registry.example.com/${team}/]
      imagePullSecrets: [regcred]
      secrets: ["${team}-*"]
`,
  )
  .join('')}  nodePools:
    - {name: gpu-a100, nodeSelector: {pool: a100}, tolerations: [{key: nvidia.com/gpu, operator: Exists, effect: NoSchedule}], runtimeClass: nvidia, gpuResource: nvidia.com/gpu, teams: [${teams.join(', ')}]}
  queues:
    - {name: batch, localQueue: batch, teams: [${teams.join(', ')}]}
  webhook:
    host: jobs.example.com
    callers:
      - {name: airflow, auth: hmac, secretRef: {name: webhook-airflow}, services: ["*"]}
      - {name: ci, auth: token, secretRef: {name: webhook-ci}, services: ["*"]}
`,
  );

  const stores = {
    raw: 'type: s3\n  bucket: raw-bucket\n  region: eu-central-1',
    archive: 'type: gcs\n  bucket: archive-bucket',
    blobs: 'type: azureblob\n  account: account\n  container: blobs',
  };
  for (const [name, backend] of Object.entries(stores)) {
    write(
      `services/connections/${name}.yaml`,
      `apiVersion: millrace.dev/v1
kind: Connection
metadata:
  name: ${name}
spec:
  ${backend}
  credentials:
    secretRef:
      name: ${name}-keys
  access:
${teams.map((team) => `    - {teams: [${team}], modes: [read, write], prefixes: [${team}/]}\n`).join('')}`,
    );
  }

  for (let index = 0; index < services; index += 1) {
    const team = teams[index % teams.length];
    const name = `${word()}-${index}`;
    const connection = () => pick(Object.keys(stores));
    const [source, model, output] = [connection(), connection(), connection()];
    const form = pick(['/', '.tar.gz', '.zip']);
    const gpu = integer(4) === 0;
    const memory = 1 + integer(32);
    const version = `${integer(9)}.${integer(20)}`;
    write(
      `services/${team}/${name}.yaml`,
      `# ${word()} ${word()}: scores ${word()} every night
apiVersion: millrace.dev/v1
kind: InferenceService
metadata:
  name: ${name}
spec:
  owner: ${word()}@example.com
  description: Scores ${word()} ${word()} by ${word()}
  image: registry.example.com/${team}/${word()}:${version}.${integer(50)}@sha256:${hex()}
  command: [${pick(['python3', 'java', '/opt/app/run'])}]
  args:
    - /opt/app/${word()}.py
    - --threshold
    - "0.${integer(100)}"
    - --model
    - $(ODAHU_MODEL)
  env:
    LOG_LEVEL: ${pick(['info', 'debug', 'warning'])}
    ${word().toUpperCase()}: ${word()}
    BATCH_SIZE: "${8 << integer(6)}"
  modelSource:
    connection: ${model}
    path: ${team}/models/${word()}/${version}${form === '/' ? '/' : `/model${form}`}
    name: ${word()}
    version: "${version}"
  dataSource:
    connection: ${source}
    path: ${team}/in/${word()}/
    include: ["*.json"]
    allowEmpty: ${pick(['true', 'false'])}
  outputDestination:
    connection: ${output}
    path: ${team}/out/${word()}/
    layout: ${pick(['exact', 'perJob'])}
  triggers:
    webhook:
      enabled: true
      callers: [${pick(['airflow', 'airflow, ci', 'ci'])}]
      overrides:
        dataSource:
          - {connection: ${source}, prefix: ${team}/in/}
        outputDestination:
          - {connection: ${output}, prefix: ${team}/out/}
  validation: {profile: spec, framing: document, onInvalid: fail}
  feedback: {input: ${pick(['true', 'false'])}, output: ${pick(['true', 'false'])}, payload: reference}
  resources:
    requests: {cpu: "${1 + integer(8)}", memory: ${memory}Gi}
    limits: {memory: ${memory + integer(8)}Gi${gpu ? `, gpu: ${1 + integer(2)}` : ''}}
${gpu ? '  nodePool: gpu-a100\n' : ''}${integer(3) === 0 ? '  queue: batch\n' : ''}  storage: {data: ${1 + integer(40)}Gi, model: ${1 + integer(10)}Gi, output: ${1 + integer(40)}Gi, tmp: ${1 + integer(4)}Gi}
  transfers: {parallel: ${1 + integer(32)}}
  timeout: ${1 + integer(8)}h
  timeouts: {sync: ${5 + integer(54)}m, wait: ${1 + integer(3)}h}
  retries: ${integer(3)}
`,
    );
  }
}
