import { expect, test } from 'vitest';
import { renderers } from '../../../src/diagnostics/render/renderers.js';
import { compileFiles } from '../../support/compile-files.js';

const x = 'hunter2Zq9';

const platform = (team: string): string => `apiVersion: millrace.dev/v1
kind: Platform
metadata: {name: platform}
spec:
  target: {kubernetes: "1.34", pipelines: "1.15", triggers: "0.37"}
  images:
    rclone: rclone/rclone:1.75.2@sha256:${'a'.repeat(64)}
    node: node:22-slim@sha256:${'b'.repeat(64)}
  teams:
    - {name: risk, registries: [registry.example.com/risk/]${team}}
`;
const service = (lines: string): string => `apiVersion: millrace.dev/v1
kind: InferenceService
metadata: {name: scorer}
spec:
  image: registry.example.com/risk/scorer:1@sha256:${'c'.repeat(64)}
  command: [python]
  modelSource: {imagePath: /opt/app/model, name: scorer, version: "1"}
  dataSource: {connection: store, path: in/}
  outputDestination: {connection: store, path: out/}
  triggers: {webhook: {enabled: false}}
${lines.replace(/^(?=.)/gm, '  ')}`;
const connection = (lines: string): string => `apiVersion: millrace.dev/v1
kind: Connection
metadata: {name: store}
spec:
  type: s3
  bucket: raw-bucket
  region: eu-central-1
${lines.replace(/^(?=.)/gm, '  ')}`;

const own = 'credentials: {secretRef: {name: raw}}\n';

/** Each with a problem in the line, or beside it. */
const services: readonly string[] = [
  `imagePullSecrets: ["${x} pass"]\n`,
  `auth: token ${x}\n`,
  `args: ["--api-key=${x}", "\${x}"]\n`,
  `args: ["--password=${x}", "\${x}"]\n`,
  `args: [--token, ${x}, "\${x}"]\n`,
  `args:\n  - --password\n  - ${x}\${x}\n`,
  `args: ["curl -u admin:${x} \${x}"]\n`,
  `args: [curl, -u, "admin:${x}", "\${x}"]\n`,
  `args: ["https://a.blob.core.windows.net/c?sv=1&sig=${x}", "\${x}"]\n`,
  `args: ["Authorization: Bearer ${x}", "\${x}"]\n`,
  `args: ["Authorization: Basic ${x}", "\${x}"]\n`,
  `env:\n  PASSWORD: [${x}]\n`,
  `env:\n  PASSWORD:\n    - ${x}\n`,
  ...['GH_PAT', 'OPENAI_KEY', 'DB_PASS', 'DB_PW', 'PLAIN'].map((name) => `env: {${name}: ${x}, AWS_REGION: eu}\n`),
  `env: {PLAIN: "${x}\${x}"}\n`,
  `pwd: ${x}\n`,
  `pasword: ${x}\n`,
  `foo: 1 # password: ${x}\n`,
  `env: [{name: API_KEY, value: ${x}}]\n`,
  `env: [{value: ${x}, name: API_KEY}]\n`,
  `env:\n  - name: API_KEY\n    value: ${x}\n`,
  `env:\n  - value: ${x}\n    name: API_KEY\n`,
  `env: {API_KEY: {value: ${x}}}\n`,
  `env: ${x}\n`,
  `env: [${x}]\n`,
  `env: ["A=${x}"]\n`,
  `env: {PLAIN: 7241889}\n`,
  `env: {"PLAIN-${'A'}": ${x}}\n`,
  `env: {PLAIN: ${x}\nfoo: [\n`,
  `env:\n- name: API_KEY\n  value: ${x}\nfoo: [\n`,
];
const connections: readonly string[] = [
  `${own}endpoint: https://minio.example.com/?sv=1&sig=${x}\n`,
  `${own}endpoint: https://minio.example.com/?X-Amz-Signature=${x}\n`,
  `${own}endpoint: https://minio.example.com/?${x}\n`,
  `${own}endpoint: minio.example.com?${x}\n`,
  `${own}endpoint: "token ${x}"\n`,
  `credentials: {${x}: 1}\n`,
  `credentials: {${x}: 1, ${x}: 2}\n`,
  `credentials: {${x}}\n`,
  `credentials: [${x}]\n`,
  `credentials: {${x}: 1\n`,
  `credentials:\n  ${x}: &a 1\n  b: *a\n`,
  `credentials: {secretRef: {name: raw, ${x}: 1}}\n`,
  `credentials: {secretRef: {name: "${x} pass"}}\n`,
  `credentials: {secretRef: {name: raw, keys: {${x}: a}}}\n`,
];

const texts = [
  ...services.map((lines) => ({
    lines,
    files: {
      'services/platform.yaml': platform(''),
      'services/risk/scorer.yaml': service(lines),
      'services/connections/store.yaml': connection(own),
    },
  })),
  ...connections.map((lines) => ({
    lines,
    files: {
      'services/platform.yaml': platform(', secrets: [raw]'),
      'services/connections/store.yaml': connection(lines),
      'services/risk/scorer.yaml': service(''),
    },
  })),
  ...[`, imagePullSecrets: ["${x} pass"]`, `, secrets: ["${x} pass"]`, `, endpoints: ["https://minio.example.com/?${x}"]`].map((lines) => ({
    lines,
    files: { 'services/platform.yaml': platform(lines) },
  })),
];

test.each(texts)('no output repeats what may be a secret: $lines', ({ files }) => {
  const { diagnostics, sources } = compileFiles(files);
  expect(diagnostics.length).toBeGreaterThan(0);
  for (const render of Object.values(renderers)) expect(render(diagnostics, sources, { color: false })).not.toMatch(/hunter2Zq9|7241889/i);
});
