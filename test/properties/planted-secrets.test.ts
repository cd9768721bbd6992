/** A key that is planted in any input is in no byte of what comes out: neither output nor message, in any format. */
import { readFileSync } from 'node:fs';
import { App, Chart } from 'cdk8s';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPair, isScalar, parse, parseAllDocuments, visit } from 'yaml';
import { renderers } from '../../src/diagnostics/render/renderers.js';
import { DiagnosticsError, InferenceService, PlatformNamespace, type InferenceServiceProps, type PlatformNamespaceProps } from '../../src/index.js';
import { platformFile } from '../../src/input/locate-kind.js';
import { secretFields } from '../../src/odahu/connection.js';
import { importOdahu } from '../../src/odahu/import.js';
import { readDefinitions } from '../../src/read-definitions.js';
import { memoryFileSystem } from '../../src/source/file-system.js';
import { coverForeign } from '../../src/source/foreign.js';
import { locateAll } from '../../src/source/locate.js';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { readFiles } from '../cli/command.js';
import { compileFiles } from '../support/compile-files.js';
import { batchJob, connection, job, platform as odahuPlatform, service } from '../support/odahu.js';
import { disguises, leakOf, secrets } from '../support/planted.js';
import { repositoryOfAllModes } from '../support/secret-files.js';

const root = new URL('../../services/', import.meta.url).pathname;
const repository = Object.fromEntries(Object.entries(readFiles(root)).map(([path, text]) => [`services/${path}`, text]));

interface Spot {
  readonly path: string;
  /** From offset to offset. */
  readonly place: readonly [start: number, end: number];
}

/** Where something can be planted in these files: the value of every field of a kind, and a key of every map. */
function spotsIn(files: Readonly<Record<string, string>>): readonly Spot[] {
  const spots = new Map<string, Spot>();
  for (const [path, text] of Object.entries(files)) {
    for (const document of parseAllDocuments(text)) {
      visit(document, (at, node, parents) => {
        if (!isScalar(node) || !node.range) return;
        const fields = parents.flatMap((parent) => (isPair(parent) ? [String(parent.key)] : []));
        const field = JSON.stringify([document.get('kind'), at === 'key' ? fields.slice(0, -1) : [...fields, '']]);
        if (!spots.has(field)) spots.set(field, { path, place: [node.range[0], node.range[1]] });
      });
    }
  }
  return [...spots.values()];
}

/** Everything that is printed or written, as one text. */
function everything(diagnostics: readonly Diagnostic[], sources: ReadonlyMap<string, string>, output: readonly string[]): string {
  return [...Object.values(renderers).map((render) => render(diagnostics, sources, { color: false })), ...output].join('\n');
}

const secret = fc.constantFrom(...(Object.keys(secrets) as (keyof typeof secrets)[]));
const disguise = fc.constantFrom(...Object.values(disguises));
type Way = 'value' | 'comment' | 'cut off' | 'anchored' | 'in a block' | 'in flow';
const way = fc.constantFrom<Way>('value', 'value', 'value', 'comment', 'cut off', 'anchored', 'in a block', 'in flow');

function plant(text: string, [start, end]: readonly [number, number], planted: string, how: Way): string {
  const lineEnd = text.indexOf('\n', end) < 0 ? text.length : text.indexOf('\n', end);
  switch (how) {
    case 'comment':
      return `${text.slice(0, lineEnd)} # was ${planted.replaceAll('\n', '\n# ')}${text.slice(lineEnd)}`;
    case 'cut off':
      return `${text.slice(0, start)}${planted}\n  "`;
    case 'anchored':
      return `${text.slice(0, start)}&a ${planted}${text.slice(end)}\nalias: *a\n`;
    case 'in a block':
      return `${text.slice(0, start)}|\n        first line\n        ${planted}\n        last line${text.slice(end)}`;
    case 'in flow':
      return `${text.slice(0, start)}[1, {a: ${planted}}]${text.slice(end)}`;
    case 'value':
      return text.slice(0, start) + planted + text.slice(end);
  }
}

describe('of definitions', () => {
  const files = spotsIn(repository);

  const holds = (path: string, text: string, name: keyof typeof secrets): void => {
    const { diagnostics, sources, files: output } = compileFiles({ ...repository, [path]: text });
    expect(diagnostics.map(({ code }) => code)).toContain('source/secret');
    expect(output.map((file) => file.path)).toEqual([]);
    expect(leakOf(name, everything(diagnostics, sources, []))).toBeUndefined();
  };

  it('in every key and value', () => {
    const names = Object.keys(secrets) as (keyof typeof secrets)[];
    for (const [index, { path, place }] of files.entries()) {
      const name = names[index % names.length] ?? 'awsKey';
      holds(path, plant(repository[path] ?? '', place, JSON.stringify(secrets[name]), 'value'), name);
    }
  });

  it('however it is written, right or wrong', () => {
    fc.assert(
      fc.property(fc.constantFrom(...files), secret, disguise, way, ({ path, place }, name, disguised, how) => {
        holds(path, plant(repository[path] ?? '', place, disguised(secrets[name]), how), name);
      }),
      { numRuns: 60 },
    );
  });

  it.each(Object.keys(secrets) as (keyof typeof secrets)[])('in names of files and folders, and in files that are none of ours: %s', (name) => {
    const inName = encodeURIComponent(secrets[name]);
    for (const path of [`services/${inName}.txt`, `services/risk/${inName}.yaml`, `services/${inName}/a.yaml`, `services/connections/${inName}`]) {
      const { diagnostics, sources, files: output } = compileFiles({ ...repository, [path]: 'x' });
      expect(diagnostics.length).toBeGreaterThan(0);
      expect(output.map((file) => file.path)).toEqual([]);
      expect(leakOf(name, everything(diagnostics, sources, []))).toBeUndefined();
    }
    for (const path of ['services/risk/keys.json', 'services/risk/.env', 'services/README.md', 'services/risk/notes.yml']) {
      const { diagnostics, sources, files: output } = compileFiles({ ...repository, [path]: `{"key": "${secrets[name]}"}` });
      expect(
        leakOf(
          name,
          everything(
            diagnostics,
            sources,
            output.map(({ text }) => text),
          ),
        ),
      ).toBeUndefined();
    }
  });

  it('in a Secret that is sealed or encrypted, or should be', () => {
    const all = repositoryOfAllModes();
    const places = spotsIn(Object.fromEntries(Object.entries(all).filter(([path]) => path.includes('/secrets/'))));
    fc.assert(
      fc.property(fc.constantFrom(...places), secret, disguise, way, ({ path, place }, name, disguised, how) => {
        const text = plant(all[path] ?? '', place, disguised(secrets[name]), how);
        const { diagnostics, sources, files: output } = compileFiles({ ...all, [path]: text });
        const texts = output.map((file) => file.text);
        expect(leakOf(name, everything(diagnostics, sources, texts))).toBeUndefined();
      }),
      { numRuns: 30 },
    );
  });
});

describe('of constructs', () => {
  const runtime = '// The runtime of millrace (test)\n';
  const read = (path: string): unknown => (parse(readFileSync(new URL(path, `file://${root}`), 'utf8')) as { spec: unknown }).spec;
  const props = {
    platform: read('platform.yaml'),
    team: 'risk',
    defaults: { timeout: '2h', labels: { cost: 'x' } },
    connections: Object.fromEntries(['raw', 'models', 'results'].map((name) => [name, read(`connections/${name}.yaml`)])),
    spec: read('risk/fraud-scorer.yaml'),
    name: 'fraud-scorer',
  };

  type Steps = readonly (string | number)[];
  const stringsOf = (value: unknown, path: Steps = []): readonly Steps[] => {
    if (typeof value === 'string') return [path];
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, part]) => stringsOf(part, [...path, Array.isArray(value) ? Number(key) : key]));
  };
  const withValue = (value: unknown, [step, ...rest]: Steps, put: (old: unknown) => unknown): unknown => {
    if (step === undefined) return put(value);
    if (Array.isArray(value)) return value.map((part: unknown, index) => (index === step ? withValue(part, rest, put) : part));
    const fields = value as Record<string, unknown>;
    return { ...fields, [step]: withValue(fields[step], rest, put) };
  };

  const build = (given: typeof props, id = 'fraud-scorer'): void => {
    const chart = new Chart(new App(), 'chart');
    const { platform, team, defaults, connections, spec, name } = given;
    const namespace = new PlatformNamespace(chart, 'risk', { platform, team, defaults, connections: {}, runtime } as PlatformNamespaceProps);
    new InferenceService(chart, id, { platform: namespace, spec, connections, name } as InferenceServiceProps);
  };
  const problemOf = (action: () => void): DiagnosticsError => {
    try {
      action();
    } catch (error) {
      if (error instanceof DiagnosticsError) return error;
      throw error;
    }
    throw new Error('nothing was refused');
  };

  it('in every text, as a value and as a key, with the place in the props', () => {
    const names = Object.keys(secrets) as (keyof typeof secrets)[];
    for (const [index, path] of stringsOf(props).entries()) {
      const name = names[index % names.length] ?? 'awsKey';
      for (const put of [
        () => secrets[name],
        () => ({ [secrets[name]]: 1 }),
        (old: unknown) => [old, { a: Buffer.from(secrets[name]).toString('base64') }],
      ]) {
        const error = problemOf(() => {
          build(withValue(props, path, put) as typeof props);
        });
        const said = `${error.message}${JSON.stringify(error.diagnostics)}`;
        expect(leakOf(name, said)).toBeUndefined();
        // The team and the name are texts: anything else is refused before it is looked at.
        if (path.length === 1 && typeof put(undefined) !== 'string') continue;
        expect(error.diagnostics.map(({ code }) => code)).toContain('source/secret');
        const { where } = error.diagnostics[0] ?? {};
        expect(where && 'path' in where ? where.path.slice(0, path.length) : undefined).toEqual(path);
      }
    }
  });

  it('in the id', () => {
    const error = problemOf(() => {
      build({ ...props, name: undefined as never }, secrets.awsId);
    });
    expect(leakOf('awsId', `${error.message}${JSON.stringify(error.diagnostics)}`)).toBeUndefined();
  });
});

describe('of an import from ODAHU', () => {
  const documents = {
    'connection.yaml': `${connection()}  description: a store\n  webUILink: https://example.com\n`,
    'resource.yaml': connection({ crd: true, id: 'other' }),
    'service.yaml': service({ nodeSelector: { pool: 'a' } }),
    'job.yaml': job(),
    'batch.yaml': batchJob,
    'all.json': JSON.stringify({ kind: 'List', items: [parse(connection({ id: 'third' })), parse(service({ id: 'second' }))] }),
  };
  const places = spotsIn(documents);
  const { definitions } = readDefinitions(memoryFileSystem({ [platformFile]: odahuPlatform }));

  const saidOf = (path: string, text: string): string => {
    if (!definitions.platform) throw new Error('the platform of the test has errors');
    const sources = Object.entries({ ...documents, [path]: text }).map(([name, each]) => ({ path: name, text: each }));
    const target = { team: 'risk', platform: { text: odahuPlatform, spec: definitions.platform.spec }, connections: new Map(), exists: () => false };
    const [imported, problems] = importOdahu(sources, target);
    const covered = new Map(sources.map((each) => [each.path, coverForeign(each.text, secretFields)]));
    return everything(locateAll(problems, covered), covered, [JSON.stringify(imported) ?? '']);
  };

  it('in every key and value', () => {
    const names = Object.keys(secrets) as (keyof typeof secrets)[];
    for (const [index, { path, place }] of places.entries()) {
      const name = names[index % names.length] ?? 'awsKey';
      const text = documents[path as keyof typeof documents];
      expect(leakOf(name, saidOf(path, plant(text, place, JSON.stringify(secrets[name]), 'value')))).toBeUndefined();
    }
  });

  it('however it is written, right or wrong', () => {
    fc.assert(
      fc.property(fc.constantFrom(...places), secret, disguise, way, ({ path, place }, name, disguised, how) => {
        const text = documents[path as keyof typeof documents];
        expect(leakOf(name, saidOf(path, plant(text, place, disguised(secrets[name]), how)))).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });
});
