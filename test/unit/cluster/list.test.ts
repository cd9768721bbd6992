/** Reading lists that are longer than a page. */
import { expect, it } from 'vitest';
import { connect, type Api } from '../../../src/cluster/api.js';
import { resources } from '../../../src/cluster/resource.js';
import { serve, type Reply } from '../../support/fake-api.js';

const runs = { type: resources.taskRuns, namespace: 'risk' };

async function api(reply: (place: string | null) => Reply): Promise<{ readonly api: Api; readonly places: readonly (string | null)[] }> {
  const places: (string | null)[] = [];
  const { url } = await serve((request) => {
    const place = new URL(request.url, 'http://localhost').searchParams.get('continue');
    places.push(place);
    return reply(place);
  });
  const access = { context: 'here', server: url, hasProxy: false, credentials: () => Promise.resolve({}) };
  return { api: connect(access, new AbortController().signal), places };
}

const expired = (next: string): Reply => ({
  status: 410,
  body: { kind: 'Status', reason: 'Expired', message: 'expired', metadata: { continue: next } },
});
const page = (items: readonly string[], next?: string): Reply => ({
  status: 200,
  body: { metadata: next === undefined ? {} : { continue: next }, items },
});

it('goes on where the API server says so after the place in the list has expired', async () => {
  const { api: cluster, places } = await api((place) => (place === null ? page(['a'], 'old') : place === 'old' ? expired('new') : page(['b'])));
  const seen: unknown[] = [];
  await cluster.list(runs, {}, (items) => seen.push(...items) > 0);
  expect(seen).toEqual(['a', 'b']);
  expect(places).toEqual([null, 'old', 'new']);
});

it('gives up where every place has expired', async () => {
  const { api: cluster, places } = await api(() => expired('again'));
  await expect(cluster.list(runs, {}, () => true)).rejects.toMatchObject({ diagnostic: { code: 'cluster/refused' } });
  expect(places.length).toBeLessThan(10);
});
