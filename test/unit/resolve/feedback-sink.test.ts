import { expect, it } from 'vitest';
import type { FeedbackSink } from '../../../src/contract/feedback.js';
import type { PlatformFeedback } from '../../../src/input/generated/types.js';
import { resolveSink } from '../../../src/resolve/feedback-sink.js';

it.each<[PlatformFeedback | undefined, FeedbackSink]>([
  [undefined, { sink: 'none' }],
  [{}, { sink: 'none' }],
  [{ sink: 'objectStorage' }, { sink: 'objectStorage', compression: 'none' }],
  [
    { sink: 'objectStorage', objectStorage: { compression: 'gzip' } },
    { sink: 'objectStorage', compression: 'gzip' },
  ],
  [
    { sink: 'fluentd', fluentd: { host: 'fluentd' } },
    { sink: 'fluentd', delivery: 'bestEffort', giveUpSeconds: 60, host: 'fluentd', port: 24224, tls: false },
  ],
  [
    { sink: 'fluentd', delivery: 'required', fluentd: { host: 'fluentd', port: 1, tls: {}, secretRef: { name: 'keys' } } },
    {
      sink: 'fluentd',
      delivery: 'required',
      giveUpSeconds: 300,
      host: 'fluentd',
      port: 1,
      tls: true,
      secret: { kind: 'Secret', name: 'keys', key: 'shared_key' },
    },
  ],
  [
    {
      sink: 'fluentd',
      fluentd: { host: 'fluentd', tls: { ca: { secret: { name: 'ca', key: 'x' } } }, secretRef: { name: 'keys', keys: { shared_key: 'k' } } },
    },
    {
      sink: 'fluentd',
      delivery: 'bestEffort',
      giveUpSeconds: 60,
      host: 'fluentd',
      port: 24224,
      tls: true,
      secret: { kind: 'Secret', name: 'keys', key: 'k' },
      ca: { kind: 'Secret', name: 'ca', key: 'x' },
    },
  ],
  [
    {
      sink: 'cloudevents',
      giveUpAfter: '7s',
      cloudevents: { url: 'https://events/', secretRef: { name: 'token' }, tls: { ca: { configMap: { name: 'ca' } } } },
    },
    {
      sink: 'cloudevents',
      delivery: 'bestEffort',
      giveUpSeconds: 7,
      url: 'https://events/',
      mode: 'binary',
      secret: { kind: 'Secret', name: 'token', key: 'token' },
      ca: { kind: 'ConfigMap', name: 'ca', key: 'ca.crt' },
    },
  ],
])('%j', (feedback, sink) => {
  expect(resolveSink(feedback)).toEqual(sink);
});
