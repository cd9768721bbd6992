/** Feedback records of a Pod's requests and responses, to sinks over the network, which are there or not. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Manifest as Published } from '../../../src/contract/job-record.js';
import { stepNames } from '../../../src/contract/paths.js';
import type { Manifest } from '../../../src/manifests/manifest.js';
import { readFiles } from '../../cli/command.js';
import { freePort } from '../../support/free-port.js';
import { type Certificate, createCertificate } from '../../support/certificate.js';
import { collected, startCollector } from '../support/collector.js';
import { compile, models } from '../support/definitions.js';
import { type BackgroundProgram, startProgram, untilListening } from '../support/programs.js';
import { type PodEnd, runPod, story } from '../support/run-pod.js';
import type { Site } from '../support/site.js';
import { download } from '../support/stores.js';
import { type Bed, deploy, podOfJob } from './bed.js';

const token = 'canary-of-the-sink-51c7';
const service = 'scale';

/** A server of CloudEvents that knows the token, and writes each event as a line of a file: its attributes, and its data. */
const eventsProgram = `
const [address, port, file, token, cert, key] = process.argv.slice(1);
require('node:https').createServer({ cert, key }, (request, response) => {
  let body = '';
  request.on('data', (text) => (body += text));
  request.on('end', () => {
    const isKnown = request.headers.authorization === 'Bearer ' + token;
    if (isKnown && request.method === 'POST') require('node:fs').appendFileSync(file, JSON.stringify([request.headers, JSON.parse(body)]) + '\\n');
    response.writeHead(isKnown ? 202 : 401).end();
  });
}).listen(Number(port), address);`;

async function startEvents(site: Site, port: number, file: string, { cert, key }: Certificate): Promise<BackgroundProgram> {
  const program = startProgram(site.at([process.execPath, '-e', eventsProgram, site.address, String(port), file, token, cert, key]));
  await untilListening(program, 'the receiver of events', site, port);
  return program;
}

interface Sink {
  /** The field of Platform's feedback; its Secret and its certificates are called `sink`. */
  readonly settings: (address: string, port: number) => object;
  readonly start: (site: Site, port: number, file: string, certificate: Certificate) => Promise<BackgroundProgram>;
  /** Kind and file of each record that the sink has written down. */
  readonly received: (file: string) => readonly string[];
}

const lines = (file: string): readonly unknown[] =>
  (existsSync(file) ? readFileSync(file, 'utf8') : '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);

const sinks: Readonly<Record<'fluentd' | 'cloudevents', Sink>> = {
  fluentd: {
    settings: (host, port) => ({ host, port }),
    start: (site, port, file) => startCollector(port, file, site),
    received: (file) => collected(file).map((record) => `${String(record['fluent.tag'])} ${String(record['file'])}`),
  },
  cloudevents: {
    settings: (address, port) => ({
      url: `https://${address}:${String(port)}/feedback`,
      tls: { ca: { configMap: { name: 'sink' } } },
      secretRef: { name: 'sink' },
    }),
    start: startEvents,
    received: (file) =>
      lines(file).map((line) => {
        const [headers] = line as [Readonly<Record<string, string>>, unknown];
        return `${headers['ce-type'] ?? ''} ${decodeURIComponent(headers['ce-subject'] ?? '')}`;
      }),
  },
};
const kindsOfRecords = {
  fluentd: ['request_response', 'response_body'],
  cloudevents: ['dev.millrace.inference.request', 'dev.millrace.inference.response'],
} as const;

export function testFeedback(bed: () => Bed): void {
  describe.each(['fluentd', 'cloudevents'] as const)('a Pod whose required sink is %s', (kind) => {
    const namespace = `millrace-pod-${kind}`;
    const { settings, start, received } = sinks[kind];
    let objects: readonly Manifest[] = [];
    let port = 0;
    let program: BackgroundProgram | undefined;
    let certificate: Certificate = { cert: '', key: '' };

    beforeAll(async () => {
      const { cluster, stores, root } = bed();
      port = await freePort();
      const feedback = { sink: kind, delivery: 'required', giveUpAfter: '5s', [kind]: settings(cluster.site.address, port) };
      const services = [{ name: service, store: 's3', model: models.directory }] as const;
      objects = await compile(join(root, `definitions-${kind}`), { namespace, images: cluster.images, stores: stores.of, services, feedback });
      await deploy(cluster, objects, stores.of, namespace);
      certificate = createCertificate(cluster.site.address);
      const metadata = { name: 'sink', namespace };
      for (const object of [
        { apiVersion: 'v1', kind: 'Secret', metadata, stringData: { token } },
        { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'ca.crt': certificate.cert } },
      ])
        await cluster.kubectl(['apply', '-f', '-'], JSON.stringify(object));
    });
    afterAll(async () => {
      program?.stop();
      await bed().cluster.kubectl(['delete', 'namespace', namespace, '--ignore-not-found', '--timeout=60s']);
    });

    const run = async (how: string): Promise<{ readonly pod: PodEnd; readonly published: Readonly<Record<string, string>> }> => {
      const { cluster, stores, root } = bed();
      const name = `${service}--${kind}-${how}`;
      const pod = await runPod(cluster, podOfJob(objects, { service, name, dataPath: 'in/success/' }, cluster.images.rclone, { namespace }));
      const folder = join(root, 'published', name);
      await download(stores.of.s3, `out/${name}/`, folder);
      const published = readFiles(folder);
      expect([...Object.values(pod.logs), pod.object, ...Object.values(published)].join('\n')).not.toContain(token);
      return { pod, published };
    };
    const steps = (changes: Partial<PodEnd['steps']>): PodEnd['steps'] => ({
      ...Object.fromEntries(stepNames.map((name) => [name, name === 'user-container' ? 'Completed' : 0])),
      ...changes,
    });

    it('that is down fails before the predictor runs, with the evidence', async () => {
      const { pod, published } = await run('down');
      expect(pod.steps, story(pod)).toEqual(steps({ 'user-container': 'Skipped', 'sync-output': 4 }));
      expect(pod.phase).toBe('Failed');
      expect(Object.keys(published)).toEqual(['_FAILED.json']);
      const { failure, feedback } = JSON.parse(published['_FAILED.json'] ?? '') as Published;
      expect(failure).toMatchObject({ step: 'log-input', code: 4, reason: 'runtime/sink-unavailable' });
      expect(failure?.sentence).toContain(`The feedback sink ${kind} at `);
      expect(feedback).toMatchObject({ sink: kind, input: { delivered: 0, undelivered: 2 }, output: { delivered: 0, undelivered: 0 } });
    });

    it('that is there succeeds, and leaves it all its records', async () => {
      const { cluster, root } = bed();
      const file = join(root, `${kind}.jsonl`);
      program = await start(cluster.site, port, file, certificate);
      const { pod, published } = await run('up');
      expect(pod.steps, story(pod)).toEqual(steps({}));
      expect(pod.phase).toBe('Succeeded');
      expect(Object.keys(published)).toEqual(['_MANIFEST.json', '_SUCCESS', 'a.json', 'b c.json']);
      const all = { delivered: 2, undelivered: 0 };
      expect((JSON.parse(published['_MANIFEST.json'] ?? '') as Published).feedback).toEqual({ sink: kind, input: all, output: all });
      expect([...received(file)].sort()).toEqual(kindsOfRecords[kind].flatMap((name) => ['a.json', 'b c.json'].map((path) => `${name} ${path}`)));
    });
  });
}
