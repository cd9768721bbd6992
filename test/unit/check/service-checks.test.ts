import { describe, expect, it } from 'vitest';
import { checkServiceDefinition, checkResolvedService } from '../../../src/check/service.js';
import type { Diagnostic } from '../../../src/diagnostics/diagnostic.js';
import type { InferenceServiceSpec, PlatformSpec } from '../../../src/input/generated/types.js';
import { resolveService } from '../../../src/resolve/service.js';
import { connection, context, digest, platform, service, team } from '../../support/definitions.js';

type Spec = Partial<InferenceServiceSpec>;
const brief = ({ code, where, hint }: Diagnostic): string => {
  const path = where && 'path' in where ? where.path.slice(1).join('.') : '';
  return `${path} ${code.slice('check/'.length)}${hint === undefined ? '' : `: ${hint}`}`;
};
const problems = (spec: Spec): readonly string[] => checkServiceDefinition(service(spec)).map(brief);
const codes = (spec: Spec): readonly string[] => checkServiceDefinition(service(spec)).map(({ code }) => code.slice('check/'.length));

describe('texts', () => {
  it.each([
    ['$5 and 5$', []],
    ['^a$', []],
    ['$(x)', ['expansion']],
    ['${x}', ['expansion']],
    ['$$', ['expansion']],
    ['a\nb', []],
    ['a\tb', ['unsafe-character']],
    ['a\u0000', ['unsafe-character']],
    ['a\u202eb', ['unsafe-character']],
    ['a\u200bb', ['unsafe-character']],
    ['é', []],
    ['e\u0301', ['unsafe-character']],
  ])('%j in the environment: %j', (text, expected) => {
    expect(codes({ env: { A: text } })).toEqual(expected);
    expect(codes({ command: ['python', text] })).toEqual(expected);
  });

  it('have one line elsewhere', () => {
    expect(codes({ owner: 'a\nb' })).toEqual(['unsafe-character']);
    expect(codes({ description: 'a\nb' })).toEqual([]);
  });

  it('are keys, too', () => {
    expect(problems({ env: { 'A\u202e': 'x' } })).toEqual([
      'env.A\u202e unsafe-character: remove it: what a reviewer sees must be what a machine reads',
    ]);
  });
});

it.each([
  ['$(ODAHU_MODEL)', []],
  ['$(ODAHU_OUTPUT_PATH)', []],
  ['$5', []],
  ['--x=$(ODAHU_MODEL)', ['variable-inside-argument']],
  ['$(ODAHU_MODEL)$(ODAHU_MODEL)', ['variable-inside-argument']],
  ['$(ODAHU_MODEL', ['unclosed-variable']],
  ['$(odahu_model)', ['unknown-variable']],
  ['$(params.dataPath)', ['unknown-variable']],
  ['$(constructor)', ['unknown-variable']],
  ['$$(ODAHU_MODEL)', ['variable-inside-argument']],
  ['${X}', ['expansion']],
  ['$$', ['expansion']],
])('the argument %s: %j', (argument, expected) => {
  expect(codes({ args: [argument] })).toEqual(expected);
});

it.each(['LOG_LEVEL', 'ODAHUX', 'MY_AWS_REGION', 'HOMES'])('the variable %s may be set', (name) => {
  expect(codes({ env: { [name]: 'x' } })).toEqual([]);
});

it.each(['ODAHU_MODEL', 'MILLRACE_X', 'RCLONE_CONFIG', 'AWS_PROFILE', 'AZURE_X', 'GOOGLE_X', 'KUBERNETES_PORT', 'HOME', 'aws_profile'])(
  'the variable %s is reserved',
  (name) => {
    expect(codes({ env: { [name]: 'x' } })).toEqual(['reserved-environment']);
  },
);

it.each([
  ['1Gi', []],
  ['1024Mi', ['storage.data quantity-not-canonical: write "1Gi"']],
  ['1e9', []],
  ['8GB', ['storage.data invalid-quantity: did you mean "8Gi"?']],
  ['8 GiB', ['storage.data invalid-quantity: did you mean "8Gi"?']],
  ['8gi', ['storage.data invalid-quantity: did you mean "8Gi"?']],
  ['1.5gb', ['storage.data invalid-quantity: did you mean "1536Mi"?']],
  ['a lot', ['storage.data invalid-quantity: write a number with a unit, for example 512Mi or 8Gi']],
  ['-1Gi', ['storage.data invalid-quantity: write a number with a unit, for example 512Mi or 8Gi']],
  ['0Gi', ['storage.data invalid-quantity: it must be more than 0']],
  ['512m', ['storage.data invalid-quantity: "m" stands for thousandths; did you mean 512Mi?']],
  ['0.1', ['storage.data invalid-quantity: give whole bytes, for example 512Mi']],
])('a volume of %s: %j', (data, expected) => {
  expect(problems({ storage: { data } })).toEqual(expected);
});

it.each([
  ['2', []],
  ['500m', []],
  ['0.5', ['resources.requests.cpu quantity-not-canonical: write "500m"']],
  ['1000m', ['resources.requests.cpu quantity-not-canonical: write "1"']],
  ['0.0005', ['resources.requests.cpu quantity-not-canonical: write "1m"']],
  ['two', ['resources.requests.cpu invalid-quantity: write cores, for example "2" or "500m"']],
  ['0', ['resources.requests.cpu invalid-quantity: it must be more than 0']],
])('%s of CPU: %j', (cpu, expected) => {
  expect(problems({ resources: { requests: { cpu } } })).toEqual(expected);
});

it.each([
  ['90m', []],
  ['60m', ['timeout duration-not-canonical: write "1h"']],
  ['0s', ['timeout invalid-duration: it must be more than 0']],
  ['8761h', ['timeout invalid-duration: at most 8760h are possible']],
  ['1h30m', ['timeout invalid-duration: did you mean "90m"?']],
  ['2d', ['timeout invalid-duration: did you mean "48h"?']],
  ['30 minutes', ['timeout invalid-duration: did you mean "30m"?']],
  ['90', ['timeout invalid-duration: write one whole number and one of s, m, h: 45s, 90m, 4h']],
  ['', ['timeout invalid-duration: write one whole number and one of s, m, h: 45s, 90m, 4h']],
  ['1.5h', ['timeout invalid-duration: write one whole number and one of s, m, h: 45s, 90m, 4h']],
])('a timeout of %j: %j', (timeout, expected) => {
  expect(problems({ timeout })).toEqual(expected);
});

describe('paths', () => {
  it.each([
    ['in/', []],
    ['in/a.json', []],
    ['/', ['invalid-path']],
    ['', ['invalid-path']],
    ['../in/', ['invalid-path']],
    ['raw:in/', ['invalid-path']],
    ['-in/', ['invalid-path']],
    ['in/-x/', ['invalid-path']],
    ['in//x/', ['invalid-path']],
    ['in/ä/', ['invalid-path']],
    ['in/😀/', ['invalid-path']],
    ['a/'.repeat(300), ['invalid-path']],
    ['in/{jobId}/', ['unknown-placeholder']],
    ['in/{a}/{b}/{a}/', ['unknown-placeholder', 'unknown-placeholder']],
    ['in/{/', ['invalid-path']],
  ])('of data %j: %j', (path, expected) => {
    expect(codes({ dataSource: { connection: 'store', path } })).toEqual(expected);
  });

  it.each([
    ['out/{jobId}/{requestId}/', []],
    ['{jobId}/', []],
    ['out/{date}/', ['unknown-placeholder']],
    ['out/{date-1d}/', ['unknown-placeholder']],
    ['out/{jobId}/../', ['invalid-path']],
  ])('of results %j: %j', (path, expected) => {
    expect(codes({ outputDestination: { connection: 'store', path } })).toEqual(expected);
  });

  it.each([
    ['/', []],
    ['in/', []],
    ['in', ['prefix-not-a-folder']],
    ['/in/', ['invalid-path']],
    ['in/{jobId}/', ['unknown-placeholder']],
  ])('of an override %j: %j', (prefix, expected) => {
    expect(codes({ triggers: { webhook: { overrides: { dataSource: [{ connection: 'store', prefix }] } } } })).toEqual(expected);
  });

  it.each([
    ['/opt/app/model', []],
    ['/opt/app/model.bin', []],
    ['/optional', []],
    ['/opt/millrace-model', []],
    ['/opt/..model/x', []],
    ['opt/model', ['model-image-path']],
    ['/', ['model-image-path']],
    ['/opt/model/', ['model-image-path']],
    ['/opt//model', ['model-image-path']],
    ['/opt/./model', ['model-image-path']],
    ['/opt/..', ['model-image-path']],
    ['/tmp', ['model-image-path']],
    ['/mnt/job/model', ['model-image-path']],
    ['/var/run/secrets', ['model-image-path']],
  ])('inside the image %j: %j', (imagePath, expected) => {
    expect(codes({ modelSource: { imagePath, name: 'm', version: '1' } })).toEqual(expected);
  });
});

describe('against the platform', () => {
  const pool = { name: 'gpu', teams: ['risk'] };
  const inPlatform = (
    spec: Spec,
    ceilings: NonNullable<PlatformSpec['teams'][number]['ceilings']>,
    defaults?: Parameters<typeof team>[0],
  ): readonly string[] => {
    const where = context({
      platform: platform({ teams: [{ name: 'risk', registries: ['registry.example.com/risk/'], ceilings }], nodePools: [pool] }),
      connections: [connection('store', {}, 'risk')],
      ...(defaults ? { defaults: team(defaults) } : {}),
    });
    return checkResolvedService(resolveService(service(spec), where)[0]).map(({ code, message }) => `${code.slice('check/'.length)}: ${message}`);
  };

  it.each([
    [{ requests: { cpu: '4' } }, []],
    [{ requests: { cpu: '4001m' } }, ['ceiling-exceeded: cpu 4001m exceeds the ceiling 4 of team "risk"']],
    [{ limits: { cpu: '5' } }, ['ceiling-exceeded: cpu 5 exceeds the ceiling 4 of team "risk"']],
    [{ limits: { memory: '9Gi' } }, ['ceiling-exceeded: memory 9Gi exceeds the ceiling 8Gi of team "risk"']],
    [{ requests: { memory: '8G' } }, []],
  ])('%j: %j', (resources, expected) => {
    expect(inPlatform({ resources }, { cpu: '4', memory: '8Gi' })).toEqual(expected);
  });

  it('a default of ours can exceed a ceiling, too', () => {
    expect(inPlatform({}, { memory: '1Gi' })).toEqual(['ceiling-exceeded: the default memory 2Gi exceeds the ceiling 1Gi of team "risk"']);
    expect(inPlatform({}, { timeout: '1h' })).toEqual(['run-timeout: a run may take 4h52m, which exceeds the ceiling 1h of team "risk"']);
  });

  it('a ceiling of no GPU refuses every GPU', () => {
    expect(inPlatform({ nodePool: 'gpu', resources: { limits: { gpu: 1 } } }, { gpu: 0 })).toEqual([
      'ceiling-exceeded: gpu 1 exceeds the ceiling 0 of team "risk"',
    ]);
  });

  it('storage is the sum of all volumes', () => {
    expect(inPlatform({}, { storage: '31Gi' })).toEqual([]);
    expect(inPlatform({}, { storage: '30Gi' })).toEqual(['ceiling-exceeded: storage 31Gi exceeds the ceiling 30Gi of team "risk"']);
  });

  it("a GPU needs a pool, which may be the team's", () => {
    const resources = { limits: { gpu: 2 } };
    expect(inPlatform({ resources }, {})).toEqual(['gpu-without-node-pool: the service asks for 2 GPUs, but for no node pool']);
    expect(inPlatform({ resources }, {}, { nodePool: 'gpu' })).toEqual([]);
  });

  it("a tolerance needs an onInvalid that tolerates, its own or its team's", () => {
    const validation = { maxInvalidFiles: 3, maxInvalidRatio: 0.5 };
    const expected = ['maxInvalidFiles', 'maxInvalidRatio'].map(
      (field) => `tolerance-without-effect: "${field}" has no effect: onInvalid is fail, the default, so the first invalid file fails the run`,
    );
    expect(inPlatform({ validation }, {})).toEqual(expected);
    expect(inPlatform({ validation: { ...validation, onInvalid: 'skip' } }, {})).toEqual([]);
    expect(inPlatform({ validation }, {}, { validation: { onInvalid: 'quarantine' } })).toEqual([]);
    expect(inPlatform({ validation: { onInvalid: 'fail' } }, {}, { validation: { ...validation, onInvalid: 'skip' } })).toEqual([]);
    expect(inPlatform({}, {}, { validation })).toEqual([]);
    // 0 is what fail does.
    expect(inPlatform({ validation: { maxInvalidFiles: 0, maxInvalidRatio: 0 } }, {})).toEqual([]);
  });

  it('nothing is said where a value or a ceiling cannot be understood', () => {
    expect(
      inPlatform(
        { timeout: '1x', storage: { data: 'x' }, resources: { requests: { cpu: 'x', memory: 'y' } } },
        { cpu: '1', memory: '1', storage: '1', timeout: '1s' },
      ),
    ).toEqual([]);
    expect(inPlatform({}, { cpu: 'x', memory: 'x', storage: 'x', timeout: 'x' })).toEqual([]);
  });

  const folder = (length: number): string => `${'a'.repeat(length - 1)}/`;
  const long = (length: number, parts: string): readonly string[] => [
    `invalid-path: becomes up to ${String(length)} characters long when a run starts: at most 512 are allowed, of which ${parts}`,
  ];

  it.each<readonly [string, string, 'exact' | 'perJob' | undefined, readonly string[]]>([
    ['as it is', folder(512), undefined, []],
    ['in the folder itself', folder(512), 'exact', []],
    ['with room for a folder per job', folder(448), 'perJob', []],
    ['without that room', folder(449), 'perJob', long(513, 'the folder of layout: perJob may take 64')],
    ['with room for the job', `${folder(448)}{jobId}/`, undefined, []],
    ['without room for the job', `${folder(449)}{jobId}/`, undefined, long(513, '{jobId} may take 63')],
    ['with room for the request', `${folder(475)}{requestId}/`, undefined, []],
    ['without room for the request', `${folder(476)}{requestId}/`, undefined, long(513, '{requestId} may take 36')],
    [
      'with everything',
      `${folder(400)}{jobId}/{requestId}/{jobId}/`,
      'perJob',
      long(629, '{jobId} may take 63 and {requestId} may take 36 and the folder of layout: perJob may take 64'),
    ],
    ['too long as it is written, which is said elsewhere', folder(513), 'perJob', []],
  ])('a path of results %s', (_, path, layout, expected) => {
    const spec = { outputDestination: { connection: 'store', path, ...(layout && { layout }) } };
    const found = checkResolvedService(resolveService(service(spec), context())[0]);
    expect(found.map(({ code, message, hint }) => `${code.slice('check/'.length)}: ${message.replace(/^.*" /, '')}: ${hint ?? ''}`)).toEqual(
      expected,
    );
  });

  it.each([
    ['exact', 512, []],
    ['perJob', 448, []],
    ['perJob', 449, ['triggers.webhook.overrides.outputDestination.0.prefix']],
  ] as const)('a prefix of results, with layout %s and %i characters', (layout, length, expected) => {
    const spec: Spec = {
      outputDestination: { connection: 'store', path: 'out/', layout },
      triggers: { webhook: { overrides: { outputDestination: [{ connection: 'store', prefix: folder(length) }] } } },
    };
    const found = checkServiceDefinition(service(spec));
    expect(found.map(({ where }) => where && 'path' in where && where.path.slice(1).join('.'))).toEqual(expected);
    expect(found.every(({ code, hint }) => code === 'check/invalid-path' && hint?.startsWith('at most 448 are allowed'))).toBe(true);
  });

  it('a path of results that the connection gives', () => {
    const where = context({ connections: [connection('store', { defaultPath: folder(449) }, 'risk')] });
    const found = checkResolvedService(resolveService(service({ outputDestination: { connection: 'store', layout: 'perJob' } }), where)[0]);
    expect(found.map(brief)).toEqual([expect.stringContaining('outputDestination.connection invalid-path')]);
    expect(found[0]?.related).toEqual([
      { message: 'the path comes from here', where: { file: 'services/risk/connections/store.yaml', path: ['spec', 'defaultPath'] } },
    ]);
  });

  it.each([
    [`registry.example.com/risk/a/b@${digest}`, []],
    [`registry.example.com/risk-2/a@${digest}`, ['registry-not-allowed']],
    [`registry.example.com/risk@${digest}`, ['registry-not-allowed']],
    [`registry.example.com.evil.example.org/risk/a@${digest}`, ['registry-not-allowed']],
    [`registry.example.com:443/risk/a@${digest}`, ['registry-not-allowed']],
    [`risk/a@${digest}`, ['registry-not-allowed']],
    ['registry.example.com/risk/a:1', ['image-without-digest']],
    ['registry.example.com/risk/A:1', []],
  ])('the image %s: %j', (image, expected) => {
    expect(inPlatform({ image }, {}).map((text) => text.split(':')[0])).toEqual(expected);
  });
});
