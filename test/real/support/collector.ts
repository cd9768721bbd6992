/** The OpenTelemetry Collector with its receiver of the forward protocol: `otelcol` must be on PATH. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Feedback } from '../../../src/contract/feedback.js';
import { startProgram, untilListening, type BackgroundProgram } from './programs.js';
import { thisMachine, type Site } from './site.js';

/** Starts the collector, which writes each record that it gets as a line of `file`. It must be stopped. */
export async function startCollector(port: number, file: string, site: Site = thisMachine): Promise<BackgroundProgram> {
  const config = `${file}.yaml`;
  writeFileSync(
    config,
    JSON.stringify({
      receivers: { fluentforward: { endpoint: `${site.address}:${String(port)}` } },
      exporters: { file: { path: file, append: true } },
      service: { telemetry: { metrics: { level: 'none' } }, pipelines: { logs: { receivers: ['fluentforward'], exporters: ['file'] } } },
    }),
  );
  const program = startProgram(site.at(['otelcol', '--config', `file:${config}`]));
  await untilListening(program, 'otelcol', site, port);
  return program;
}

interface OtlpLine {
  readonly resourceLogs: readonly {
    readonly scopeLogs: readonly {
      readonly logRecords: readonly { readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[] }[];
    }[];
  }[];
}
/** The records that a collector has written, as name and value of their fields. */
export const collected = (file: string): readonly Readonly<Record<string, unknown>>[] =>
  (existsSync(file) ? readFileSync(file, 'utf8') : '')
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => (JSON.parse(line) as OtlpLine).resourceLogs)
    .flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords))
    .map(({ attributes }) => Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]])));

/** A sink on this machine, which is given up soon. */
export const fluentd = (port: number, more: object = {}): Feedback => ({
  sink: 'fluentd',
  delivery: 'required',
  giveUpSeconds: 5,
  host: '127.0.0.1',
  port,
  tls: false,
  input: true,
  output: true,
  payload: { kind: 'reference' },
  ...more,
});
