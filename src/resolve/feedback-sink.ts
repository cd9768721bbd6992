import { parseDuration } from '../base/duration.js';
import type { FeedbackSink, SinkSource } from '../contract/feedback.js';
import { platformDefaults } from '../input/defaults.js';
import type { CloudeventsFeedback, FluentdFeedback, PlatformFeedback, SinkTls } from '../input/generated/types.js';

const defaults = platformDefaults.feedback;

/**
 * The sink that a Platform names, with all its settings. Where the settings of the sink are missing, which a check
 * reports, nothing is sent; a time that is none is reported as well.
 */
export function resolveSink(feedback: PlatformFeedback | undefined): FeedbackSink {
  const delivery = feedback?.delivery ?? defaults.delivery;
  const network = { delivery, giveUpSeconds: parseDuration(feedback?.giveUpAfter ?? defaults.giveUpAfter[delivery]) ?? 1 };
  switch (feedback?.sink ?? defaults.sink) {
    case 'none':
      return { sink: 'none' };
    case 'objectStorage':
      return { sink: 'objectStorage', compression: feedback?.objectStorage?.compression ?? defaults.compression };
    case 'fluentd':
      return feedback?.fluentd ? { sink: 'fluentd', ...network, ...fluentd(feedback.fluentd) } : { sink: 'none' };
    case 'cloudevents':
      return feedback?.cloudevents ? { sink: 'cloudevents', ...network, ...cloudevents(feedback.cloudevents) } : { sink: 'none' };
  }
}

const fluentd = ({ host, port, tls, secretRef }: FluentdFeedback) => ({
  host,
  port: port ?? defaults.fluentdPort,
  tls: tls !== undefined,
  ...sources(secretRef && { name: secretRef.name, key: secretRef.keys?.shared_key ?? 'shared_key' }, tls),
});

const cloudevents = ({ url, mode, tls, secretRef }: CloudeventsFeedback) => ({
  url,
  mode: mode ?? defaults.cloudeventsMode,
  ...sources(secretRef && { name: secretRef.name, key: secretRef.keys?.token ?? 'token' }, tls),
});

function sources(
  secret: { readonly name: string; readonly key: string } | undefined,
  tls: SinkTls | undefined,
): { readonly secret?: SinkSource; readonly ca?: SinkSource } {
  const { configMap, secret: certificates } = tls?.ca ?? {};
  const kind = configMap ? 'ConfigMap' : 'Secret';
  const ca = configMap ?? certificates;
  return {
    ...(secret ? { secret: { kind: 'Secret', ...secret } } : {}),
    ...(ca ? { ca: { kind, name: ca.name, key: ca.key ?? 'ca.crt' } } : {}),
  };
}
