import { platformDefaults } from '../defaults.js';
import { forms } from '../forms.js';
import { formed, integer, object, oneOf, use, type Schema } from '../json-schema.js';

const { feedback } = platformDefaults;

/** A Secret of one key of ours. */
const secretRef = (description: string, key: string, what: string): Schema =>
  object(description, ['name'], {
    name: use('ObjectName', 'Name of the Secret.'),
    keys: object('Where the Secret calls its key something else.', [], {
      [key]: use('SecretKey', `Key in the Secret of the ${what}.`, { default: key }),
    }),
  });

const certificates = (kind: string): Schema =>
  object(`A ${kind} in the namespace of every team.`, ['name'], {
    name: use('ObjectName', `Name of the ${kind}.`),
    key: use('SecretKey', 'Its key that holds the certificates, in PEM form.', { default: 'ca.crt' }),
  });

/** Where feedback records go. */
export const feedbackDefinitions = {
  PlatformFeedback: object('Where records of requests and responses go.', [], {
    sink: oneOf(
      'none: no records. objectStorage: JSON lines beside the results. fluentd: the forward protocol, with the tags and fields of ODAHU. cloudevents: one HTTP POST for each record.',
      ['none', 'objectStorage', 'fluentd', 'cloudevents'],
      { default: feedback.sink },
    ),
    delivery: oneOf(
      'What a run does whose records fluentd or cloudevents do not take. required: it fails. bestEffort: it goes on, and its manifest says how many were not delivered.',
      ['required', 'bestEffort'],
      { default: feedback.delivery },
    ),
    giveUpAfter: use(
      'Duration',
      `How long fluentd or cloudevents may take no record until they are given up, at most 9m. Default: ${feedback.giveUpAfter.required} with delivery required, otherwise ${feedback.giveUpAfter.bestEffort}: the nodes of the job wait with it.`,
    ),
    objectStorage: use('ObjectStorageFeedback', 'Settings of the sink objectStorage.'),
    fluentd: use('FluentdFeedback', 'Settings of the sink fluentd: also Fluent Bit, or the OpenTelemetry Collector.'),
    cloudevents: use('CloudeventsFeedback', 'Settings of the sink cloudevents.'),
  }),
  ObjectStorageFeedback: object('How the records lie beside the results.', [], {
    compression: oneOf('gzip: the files are called .jsonl.gz.', ['none', 'gzip'], { default: feedback.compression }),
  }),
  FluentdFeedback: object('Where the forward protocol is spoken.', ['host'], {
    host: formed('Host name of the sink, in lower case.', forms.hostName, 253, { examples: ['fluentd.logging.svc.cluster.local'] }),
    port: integer('Port of the sink.', 1, 65_535, { default: feedback.fluentdPort }),
    tls: use('SinkTls', 'Encrypt the connection. Left out: it is not encrypted; {}: the sink has a certificate of a well-known authority.'),
    secretRef: secretRef(
      'A Secret in the namespace of every team that holds the shared key of the sink. Left out: there is no shared key.',
      'shared_key',
      'shared key',
    ),
  }),
  CloudeventsFeedback: object('Where CloudEvents are taken.', ['url'], {
    url: use('Url', 'Where events are posted to, with its path: https://, or http:// inside the cluster.', {
      examples: ['https://events.example.com/feedback'],
    }),
    mode: oneOf('binary: attributes in headers, the record as the body. structured: both in the body.', ['binary', 'structured'], {
      default: feedback.cloudeventsMode,
    }),
    tls: use('SinkTls', 'How the certificate of an https:// sink is checked.'),
    secretRef: secretRef(
      'A Secret in the namespace of every team that holds a token, sent as "Authorization: Bearer". Left out: no token is sent.',
      'token',
      'token',
    ),
  }),
  SinkTls: object('How the connection to a sink is secured.', [], {
    ca: use('SinkCertificates', "Certificates that the sink's is checked against. Default: those of the well-known authorities."),
  }),
  SinkCertificates: {
    ...object('Certificates of authorities: exactly one of these.', [], {
      configMap: certificates('ConfigMap'),
      secret: certificates('Secret'),
    }),
    minProperties: 1,
    maxProperties: 1,
  },
} satisfies Record<string, Schema>;
