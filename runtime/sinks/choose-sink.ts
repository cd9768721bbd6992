import type { JobRecord } from '../../src/contract/job-record.js';
import { objectStorageSink } from './object-storage.js';
import { noSink, type Sink } from './sink.js';

/** The sink that the service's feedback settings ask for in one direction. */
export function chooseSink(feedback: JobRecord['feedback'], direction: 'input' | 'output', report: string): Sink {
  if (!feedback[direction]) return noSink;
  switch (feedback.sink) {
    case 'none':
      return noSink;
    case 'objectStorage':
      return objectStorageSink(report);
  }
}
