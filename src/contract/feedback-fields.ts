/** The decoders of {@link Feedback}. */
import { boolean, count, fields, integer, matching, oneOf, text, variants, type Decoder } from './decode.js';
import { sendingSeconds, type Feedback, type FeedbackPayload, type SinkSource } from './feedback.js';

const name = matching('the name of a Secret or ConfigMap', /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/);
const key = matching('a key of a Secret or ConfigMap', /^[-._A-Za-z0-9]{1,253}$/);

const source: Decoder<SinkSource> = fields({ kind: oneOf('Secret', 'ConfigMap'), name, key });
const payload: Decoder<FeedbackPayload> = variants('kind', {
  reference: fields({ kind: oneOf('reference') }),
  inline: fields({ kind: oneOf('inline'), limit: count }),
});
const network = { delivery: oneOf('required', 'bestEffort'), giveUpSeconds: integer(1, sendingSeconds) } as const;
const each = { input: boolean, output: boolean, payload } as const;
const sinkSources = { secret: source, ca: source } as const;

export const feedback: Decoder<Feedback> = variants('sink', {
  none: fields({ sink: oneOf('none'), ...each }),
  objectStorage: fields({ sink: oneOf('objectStorage'), compression: oneOf('none', 'gzip'), ...each }),
  fluentd: fields(
    {
      sink: oneOf('fluentd'),
      ...network,
      host: matching('a host name or address', /^[a-z0-9:](?:[-a-z0-9.:]{0,251}[a-z0-9:])?$/),
      port: integer(1, 65_535),
      tls: boolean,
      ...each,
    },
    sinkSources,
  ),
  cloudevents: fields(
    { sink: oneOf('cloudevents'), ...network, url: text('an http or https address', isHttpAddress), mode: oneOf('binary', 'structured'), ...each },
    sinkSources,
  ),
});

function isHttpAddress(value: string): boolean {
  return /^https?:\/\/[^\s"'`@?#\\]+$/.test(value) && URL.canParse(value);
}
