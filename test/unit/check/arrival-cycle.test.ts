import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkArrivalCycles } from '../../../src/check/arrival-cycle.js';
import { resolveService, type ResolvedService } from '../../../src/resolve/service.js';
import { connection, context, platform, service } from '../../support/definitions.js';

interface Wanted {
  readonly out: string;
  readonly listens: readonly { readonly prefix: string; readonly marker?: string; readonly connection?: string }[];
}

const caller = { name: 'landing', auth: 'token', sends: 'eventbridge', secretRef: { name: 'landing' }, services: ['*'] } as const;
const team = context({
  platform: platform({ webhook: { host: 'jobs.example.com', callers: [caller] } }),
  connections: [connection('store', {}, 'risk'), connection('same', { bucket: 'store-bucket' }, 'risk'), connection('other', {}, 'risk')],
});

const nameOf = (index: number): string => `s${String(index).padStart(5, '0')}`;
const servicesOf = (wanted: readonly Wanted[]): readonly ResolvedService[] =>
  wanted.map(({ out, listens }, index) => {
    const definition = service(
      {
        dataSource: { connection: 'store', path: 'in/' },
        outputDestination: { connection: 'store', path: out },
        triggers: {
          events: listens.map(({ prefix, marker, connection: store = 'same' }, position) => ({
            name: `e${String(position)}`,
            caller: 'landing',
            dataSource: { connection: store, prefix },
            ...(marker === undefined ? {} : { marker }),
          })),
        },
      },
      nameOf(index),
    );
    return resolveService(definition, team)[0];
  });

/** The services of each circle that is reported, in its order. */
const circles = (services: readonly ResolvedService[]): readonly (readonly string[])[] =>
  checkArrivalCycles(services).map(({ code, message }) => {
    expect(code).toBe('check/arrival-cycle');
    return (message.split(': ')[1] ?? '').split(' -> ').map((name) => name.replace('risk/', ''));
  });

describe('services that start each other', () => {
  it('are found through another connection to the same bucket, and not through another bucket', () => {
    const pair = (store: string): readonly Wanted[] => [
      { out: 'a/', listens: [{ prefix: 'b/' }] },
      { out: 'b/{jobId}/', listens: [{ prefix: 'a/', connection: store }] },
    ];
    expect(circles(servicesOf(pair('same')))).toEqual([['s00000', 's00001', 's00000']]);
    expect(circles(servicesOf(pair('other')))).toEqual([]);
  });

  it('are none where one of them listens for a marker that no job writes', () => {
    const pair = (marker: string): readonly Wanted[] => [
      { out: 'a/', listens: [{ prefix: 'b/' }] },
      { out: 'b/', listens: [{ prefix: 'a/', marker }] },
    ];
    expect(circles(servicesOf(pair('_COMPLETE')))).toEqual([]);
    expect(circles(servicesOf(pair('_MANIFEST.json')))).toHaveLength(1);
  });

  it('are found also where each of them starts itself', () => {
    const everything = [{ prefix: '/' }];
    expect(circles(servicesOf([{ out: 'a/', listens: everything }]))).toEqual([]);
    expect(
      circles(
        servicesOf([
          { out: 'a/', listens: everything },
          { out: 'a/', listens: everything },
        ]),
      ),
    ).toEqual([['s00000', 's00001', 's00000']]);
  });

  it('are exactly those that a search over all pairs finds, one circle for each group, whatever the order of the files', () => {
    const folder = fc.constantFrom('a/', 'a/b/', 'a/b/c/', 'ab/', 'd/');
    const wanted: fc.Arbitrary<Wanted> = fc.record({
      out: fc.oneof(
        folder,
        folder.map((each) => `${each}{jobId}/`),
      ),
      listens: fc.array(fc.record({ prefix: fc.oneof(folder, fc.constant('/')) }), { maxLength: 2 }),
    });
    fc.assert(
      fc.property(fc.array(wanted, { maxLength: 7 }), (all) => {
        const starts = (from: number, to: number): boolean =>
          (all[to]?.listens ?? []).some(({ prefix }) => prefix === '/' || (all[from]?.out ?? '').startsWith(prefix));
        const reach = all.map((_, from) => {
          const found = new Set<number>();
          const queue = [from];
          for (const node of queue)
            all.forEach((__, to) => {
              if (starts(node, to) && !found.has(to)) {
                found.add(to);
                queue.push(to);
              }
            });
          return found;
        });
        const groups = new Set<string>();
        all.forEach((_, one) => {
          const group = all.flatMap((__, other) => (other === one || (reach[one]?.has(other) && reach[other]?.has(one)) ? [other] : []));
          if (group.length > 1) groups.add(group.join(' '));
        });
        const services = servicesOf(all);
        const found = circles(services);
        expect(found).toHaveLength(groups.size);
        for (const circle of found) {
          const nodes = circle.map((name) => Number(name.slice(1)));
          expect(nodes.length).toBeGreaterThan(2);
          expect(nodes.at(-1)).toBe(nodes[0]);
          nodes.slice(1).forEach((to, index) => {
            expect(starts(nodes[index] ?? -1, to)).toBe(true);
          });
        }
        expect(circles([...services].reverse())).toEqual(found);
      }),
    );
  });

  it('names each leg with its places, however long the circle is', () => {
    const size = 3000;
    const ring = servicesOf(
      Array.from({ length: size }, (_, index) => ({ out: `x${String(index)}/`, listens: [{ prefix: `x${String((index + size - 1) % size)}/` }] })),
    );
    const [found, ...others] = checkArrivalCycles(ring);
    expect(others).toEqual([]);
    expect(found?.message).toContain('s00010 -> … (2989 more) -> risk/s00000');
    expect(found?.related.map(({ where }) => where.file).slice(0, 3)).toEqual([0, 1, 1].map((index) => `services/risk/${nameOf(index)}.yaml`));
    expect(found?.related).toHaveLength(2 * size - 1);
  });
});
