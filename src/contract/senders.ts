/** What a caller may send: bodies of jobs, or events in the form of one of these stores. */
export const senders = ['job', 'eventbridge', 'minio'] as const;
export type Sender = (typeof senders)[number];
