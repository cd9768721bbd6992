/** Where the feedback records of a service's jobs go, and what they hold. */
export type Feedback = FeedbackSink & {
  readonly input: boolean;
  readonly output: boolean;
  readonly payload: FeedbackPayload;
};

export type FeedbackPayload =
  | { readonly kind: 'reference' }
  | {
      readonly kind: 'inline';
      /** Bytes; a larger file is recorded as a reference. */
      readonly limit: number;
    };

export type FeedbackSink = { readonly sink: 'none' } | ObjectStorageSettings | NetworkSink;

/** Files beside the results: they are uploaded with them, or the run fails. */
export interface ObjectStorageSettings {
  readonly sink: 'objectStorage';
  readonly compression: 'none' | 'gzip';
}

/** What is reached over the network, and so may be down. */
export type NetworkSink = FluentdSettings | CloudeventsSettings;

export interface FluentdSettings extends NetworkSettings {
  readonly sink: 'fluentd';
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

export interface CloudeventsSettings extends NetworkSettings {
  readonly sink: 'cloudevents';
  /** Scheme, host, port and path. */
  readonly url: string;
  readonly mode: 'binary' | 'structured';
}

/** What a run does whose records do not arrive: it fails, or says so in its manifest. */
export type Delivery = 'required' | 'bestEffort';

interface NetworkSettings {
  readonly delivery: Delivery;
  /** How long a sink may take no record until it is given up. */
  readonly giveUpSeconds: number;
  /** The shared key of fluentd, or the token of cloudevents: `$MILLRACE_SINK/secret`. */
  readonly secret?: SinkSource;
  /** Certificates that the sink's is checked against, in place of the well-known ones: `$MILLRACE_SINK/ca.crt`. */
  readonly ca?: SinkSource;
}

/** Which key of which object a file comes from, for messages. */
export interface SinkSource {
  readonly kind: 'Secret' | 'ConfigMap';
  readonly name: string;
  readonly key: string;
}

/** The files of {@link NetworkSettings} in the folder that `MILLRACE_SINK` names. */
export const sinkFiles = { secret: 'secret', ca: 'ca.crt' } as const;

/** How long log-input and log-output may take, in seconds. They stop sending a minute earlier, to tell of it. */
export const logStepSeconds = 600;
export const sendingSeconds = logStepSeconds - 60;
