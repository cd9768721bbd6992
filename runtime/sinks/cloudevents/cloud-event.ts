import type { FeedbackRecord } from '../sink.js';

/** A record as a CloudEvent 1.0: `context` are its attributes, `data` is JSON. */
export interface CloudEvent {
  readonly context: Readonly<Record<string, string>>;
  readonly data: unknown;
}

/** The event of one record. Its id is the record's: a record that is sent again is the same event. */
export function cloudEvent({ id, kind, time, ...data }: FeedbackRecord): CloudEvent {
  const { namespace, name } = data.service;
  return {
    context: {
      specversion: '1.0',
      id,
      source: `/millrace/${namespace}/${name}`,
      type: `dev.millrace.inference.${kind}`,
      subject: data.file,
      time,
      datacontenttype: 'application/json',
      jobid: data.jobId,
      ...(data.requestId === null ? {} : { requestid: data.requestId }),
    },
    data,
  };
}

export interface HttpMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md */
export function httpMessage({ context, data }: CloudEvent, mode: 'binary' | 'structured'): HttpMessage {
  if (mode === 'structured') {
    return {
      headers: { 'content-type': 'application/cloudevents+json; charset=utf-8' },
      body: Buffer.from(JSON.stringify({ ...context, data })),
    };
  }
  const { datacontenttype = 'application/json', ...attributes } = context;
  return {
    headers: {
      'content-type': datacontenttype,
      ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce-${name}`, headerValue(value)])),
    },
    body: Buffer.from(JSON.stringify(data)),
  };
}

/** Section 3.1.3.2 of the binding: everything outside printable ASCII, the blank, `"` and `%` are percent-encoded as UTF-8. */
const headerValue = (value: string): string => value.replace(/[^\x21\x23\x24\x26-\x7e]+/gu, (text) => hex(Buffer.from(text)));
const hex = (bytes: Buffer): string => [...bytes].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
