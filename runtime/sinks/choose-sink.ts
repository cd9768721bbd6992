import type { Feedback } from '../../src/contract/feedback.js';
import { cloudeventsSink } from './cloudevents/cloudevents-sink.js';
import { fluentdSink } from './fluentd/fluentd-sink.js';
import { objectStorageSink } from './object-storage.js';
import { sinkTimes } from './patience.js';
import { noSink, type Sink } from './sink.js';
import { readSinkFiles } from './sink-files.js';

interface SinkPlaces {
  readonly report: string;
  /** Where the sink's Secret and certificates are mounted; asked for only where there are any. */
  readonly credentials: () => string;
}

/** The sink that the feedback settings ask for. */
export function chooseSink(feedback: Feedback, { report, credentials }: SinkPlaces): Sink {
  switch (feedback.sink) {
    case 'none':
      return noSink;
    case 'objectStorage':
      return objectStorageSink(feedback, report);
    case 'fluentd':
    case 'cloudevents':
      return {
        send: async (kind, records) => {
          const folder = feedback.secret || feedback.ca ? credentials() : '';
          const secrets = await readSinkFiles(feedback, folder);
          const times = sinkTimes(feedback);
          const sink = feedback.sink === 'fluentd' ? fluentdSink(feedback, secrets, times) : cloudeventsSink(feedback, secrets, times);
          return sink.send(kind, records);
        },
      };
  }
}
