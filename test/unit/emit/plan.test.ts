import { describe, expect, it } from 'vitest';
import { planOutput, type PlanOptions } from '../../../src/emit/plan.js';
import { renderFile } from '../../../src/emit/render-file.js';

const file = (path: string, value = 1) => renderFile({ path, source: `services/${path}`, manifests: [{ value }] });
const textOf = (path: string, value = 1): string => file(path, value).text;

/** A shorthand: what is there, what should be, and what the plan then says, with each diagnostic as `code: message`. */
function check(current: Readonly<Record<string, string>>, next: readonly string[] | readonly ReturnType<typeof file>[], options?: PlanOptions) {
  const files = next.map((entry) => (typeof entry === 'string' ? file(entry) : entry));
  const [plan, diagnostics] = planOutput(new Map(Object.entries(current)), files, options);
  return { plan, said: diagnostics.map(({ code, message, hint }) => ({ code, message, hint })) };
}

describe('planOutput', () => {
  it('writes what is new or differs, leaves what is equal, removes what is left over', () => {
    const current = {
      'risk/b.yaml': textOf('risk/b.yaml'),
      'risk/a.yaml': textOf('risk/a.yaml', 0),
      'risk/platform.yaml': textOf('risk/platform.yaml'),
      'cluster/x.yaml': textOf('cluster/x.yaml'),
    };
    const { plan, said } = check(current, ['risk/new.yaml', 'risk/b.yaml', 'risk/a.yaml']);
    expect(said).toEqual([]);
    expect(plan).toEqual({
      writes: [
        { path: 'risk/a.yaml', text: textOf('risk/a.yaml'), before: textOf('risk/a.yaml', 0) },
        { path: 'risk/new.yaml', text: textOf('risk/new.yaml'), before: undefined },
      ],
      removals: [
        { path: 'cluster/x.yaml', before: textOf('cluster/x.yaml') },
        { path: 'risk/platform.yaml', before: textOf('risk/platform.yaml') },
      ],
      unchanged: ['risk/b.yaml'],
      foreign: [],
    });
  });

  it('counts services, and neither what their Secrets are in nor what the cluster shares', () => {
    const services = ['a', 'b', 'c', 'd'].map((name) => `risk/${name}.yaml`);
    const others = ['risk/one.sops.yaml', 'risk/two.sops.yaml', 'risk/three.sops.yaml', 'risk/platform.yaml', 'cluster/platform.yaml'];
    const current = Object.fromEntries([...services, ...others].map((path) => [path, textOf(path)]));
    // None of four services goes, so the Secrets of all connections may.
    expect(check(current, services).said).toEqual([]);
    // One of four goes: more than a fifth. What stays of the others does not make it less.
    expect(check(current, [...services.slice(1), ...others]).said).toMatchObject([{ code: 'emit/many-removals' }]);
  });

  it('does nothing twice', () => {
    const { plan } = check({ 'risk/a.yaml': textOf('risk/a.yaml') }, ['risk/a.yaml']);
    expect(plan).toEqual({ writes: [], removals: [], unchanged: ['risk/a.yaml'], foreign: [] });
  });

  it('takes the place of an empty file, which is what a power cut leaves', () => {
    expect(check({ 'risk/a.yaml': '' }, ['risk/a.yaml']).plan?.writes).toMatchObject([{ path: 'risk/a.yaml', before: '' }]);
  });

  it('emit/foreign-file: leaves files of others alone and says so', () => {
    const { plan, said } = check({ 'kustomization.yaml': 'resources: []\n', 'risk/a.yaml': textOf('risk/a.yaml') }, ['risk/a.yaml'], {
      folder: 'out',
    });
    expect(plan).toMatchObject({ foreign: ['kustomization.yaml'], removals: [] });
    expect(said).toMatchObject([{ code: 'emit/foreign-file', message: 'out/kustomization.yaml was not written by millrace, and is left alone' }]);
  });

  it('emit/foreign-manifest: refuses on demand what a GitOps engine would apply with ours, and has a plan all the same', () => {
    const manifests = ['Kustomization', 'a.yaml', 'b/c.YML', 'b/d.json', 'e.jsonnet', 'f/.sourceignore', 'no-utf8/'];
    const others = ['.gitkeep', 'README.md', 'a.yaml.bak', 'e/json', 'kustomization.txt'];
    const current = Object.fromEntries([...manifests, ...others].map((path) => [path, 'x']));
    const { plan, said } = check(current, ['risk/a.yaml'], { refuseForeign: true });
    expect(plan?.writes).toHaveLength(1);
    expect(said.filter(({ code }) => code === 'emit/foreign-manifest').map(({ message }) => message)).toEqual(
      manifests.map((path) => `dist/${path} was not written by millrace, and a GitOps engine would apply it with what was`),
    );
    expect(said.filter(({ code }) => code === 'emit/foreign-file')).toHaveLength(others.length);
    expect(new Set(check(current, ['risk/a.yaml']).said.map(({ code }) => code))).toEqual(new Set(['emit/foreign-file']));
  });

  it('emit/too-many-problems: names some of many files of others, and none of another kind is lost', () => {
    const strays = Array.from({ length: 10_000 }, (_, index) => [`${String(index).padStart(5, '0')}.yaml`, 'x']);
    const current = { ...Object.fromEntries(strays), 'risk/a.yaml': `${textOf('risk/a.yaml')}#\n` };
    const { said } = check(current, ['risk/a.yaml']);
    expect(said).toHaveLength(52);
    expect(said[49]).toMatchObject({ code: 'emit/foreign-file', message: 'dist/00049.yaml was not written by millrace, and is left alone' });
    expect(said.slice(50)).toMatchObject([
      { code: 'emit/hand-edited' },
      { code: 'emit/too-many-problems', message: 'dist/ has 9950 more problems of the kind emit/foreign-file, not shown here' },
    ]);
    expect(check(Object.fromEntries(strays.slice(0, 50)), ['risk/a.yaml']).said).toHaveLength(50);
  });

  it('emit/foreign-in-the-way: never writes over a file of others', () => {
    const { plan, said } = check({ 'risk/a.yaml': 'a: 1\n' }, ['risk/a.yaml']);
    expect(plan).toBeUndefined();
    expect(said).toMatchObject([
      {
        code: 'emit/foreign-in-the-way',
        message: 'dist/risk/a.yaml was not written by millrace, so the output of services/risk/a.yaml cannot take its place',
      },
    ]);
  });

  it('emit/hand-edited: neither replaces nor removes what someone edited', () => {
    const edited = textOf('risk/a.yaml').replace('value: 1', 'value: 2');
    for (const next of [['risk/a.yaml'], ['risk/b.yaml']]) {
      const { plan, said } = check({ 'risk/a.yaml': edited }, next);
      expect(plan).toBeUndefined();
      expect(said).toEqual([
        {
          code: 'emit/hand-edited',
          message: 'dist/risk/a.yaml was edited after millrace wrote it',
          hint: 'make the change in services/risk/a.yaml; then remove dist/risk/a.yaml and synth again',
        },
      ]);
    }
  });

  it('emit/hand-edited: tells line ends that git changed from an edit', () => {
    const { said } = check({ 'risk/a.yaml': textOf('risk/a.yaml').replaceAll('\n', '\r\n') }, ['risk/a.yaml']);
    expect(said).toMatchObject([{ code: 'emit/hand-edited', message: 'dist/risk/a.yaml has CRLF line ends, millrace wrote LF' }]);
  });

  it('emit/newer-format: leaves alone what a newer version wrote', () => {
    const { plan, said } = check({ 'risk/a.yaml': textOf('risk/a.yaml').replace('millrace 1', 'millrace 2') }, ['risk/a.yaml']);
    expect(plan).toBeUndefined();
    expect(said).toMatchObject([{ code: 'emit/newer-format', message: 'dist/risk/a.yaml has format 2, this millrace knows 1' }]);
  });

  it('emit/empty-result: empties the output only on demand', () => {
    const current = { 'risk/a.yaml': textOf('risk/a.yaml') };
    expect(check(current, [])).toMatchObject({ plan: undefined, said: [{ code: 'emit/empty-result' }] });
    expect(check({}, [])).toMatchObject({ plan: undefined, said: [{ code: 'emit/empty-result' }] });
    expect(check(current, [], { allowRemovals: true })).toMatchObject({ plan: undefined });
    expect(check(current, [], { allowEmpty: true })).toMatchObject({ plan: { removals: [{ path: 'risk/a.yaml' }] }, said: [] });
  });

  it('emit/many-removals: removes more than a fifth of the services only on demand', () => {
    const services = Array.from({ length: 10 }, (_, index) => `risk/s${index}.yaml`);
    const current = Object.fromEntries([...services, 'risk/platform.yaml', 'cluster/a.yaml'].map((path) => [path, textOf(path)]));
    // Two of ten are a fifth; what is no service does not count, nor do services that are new.
    expect(check(current, services.slice(2)).said).toEqual([]);
    const { plan, said } = check(current, [...services.slice(3), 'risk/new.yaml']);
    expect(plan).toBeUndefined();
    expect(said).toMatchObject([
      {
        code: 'emit/many-removals',
        message: '3 of 10 services would be removed: risk/s0, risk/s1, risk/s2',
        hint: 'if that is meant, give --allow-removals',
      },
    ]);
    expect(check(current, services.slice(3), { allowRemovals: true }).plan?.removals).toHaveLength(5);
    expect(check({ 'risk/s0.yaml': textOf('risk/s0.yaml') }, ['risk/new.yaml']).said).toMatchObject([
      { message: '1 of 1 service would be removed: risk/s0' },
    ]);
  });

  it('names some of many services', () => {
    const current = Object.fromEntries(Array.from({ length: 14 }, (_, index) => [`risk/s${index}.yaml`, textOf(`risk/s${index}.yaml`)]));
    expect(check(current, ['risk/platform.yaml']).said[0]?.message).toMatch(/^14 of 14 services would be removed: (\S+, ){11}\S+ and 2 more$/);
  });

  it('shows a hostile name without letting it act on the terminal', () => {
    const { said } = check({ '\u001b[2Jx': 'a: 1\n', 'risk/a.yaml': textOf('risk/a.yaml') }, ['risk/a.yaml']);
    expect(said[0]?.message).toBe('"dist/\\u001b[2Jx" was not written by millrace, and is left alone');
  });

  it('says everything at once', () => {
    const { said } = check({ 'risk/a.yaml': 'a: 1\n', 'risk/b.yaml': `${textOf('risk/b.yaml')}#\n`, 'README.md': '# x\n' }, ['risk/a.yaml']);
    expect(said.map(({ code }) => code)).toEqual(['emit/foreign-file', 'emit/foreign-in-the-way', 'emit/hand-edited']);
  });
});
