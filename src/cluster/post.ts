/** Sends a job to a listener. */
import type { Proxy } from './proxy.js';
import { parseJson } from '../base/fields.js';
import { diagnose } from '../diagnostics/diagnose.js';
import { ClusterProblem } from './problem.js';
import { textOf } from './read.js';
import { TransportError } from './transport-error.js';
import { type Answer, exchange } from './transport.js';

/** One request to a listener, signed already. */
export interface Posting {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** PEM of all authorities that count; undefined: those that Node knows by itself. */
  readonly ca: readonly string[] | undefined;
  readonly proxy: Proxy | undefined;
  readonly signal: AbortSignal;
}

/** The event's id, by which its run is found. The listener gives one to everything that is a JSON object, and has checked nothing then. */
export async function postJob({ url, headers, body, ca, proxy, signal }: Posting): Promise<string> {
  let answer: Answer;
  try {
    answer = await exchange({
      method: 'POST',
      url,
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', ...headers },
      body,
      ...(ca === undefined ? {} : { options: { ca: [...ca] } }),
      proxy,
      signal,
    });
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    const code = error.kind === 'untrusted' ? 'job/listener-untrusted' : 'job/listener-unreachable';
    throw new ClusterProblem(diagnose(code, undefined, { url, problem: error.words }));
  }
  if (answer.status !== 202)
    throw new ClusterProblem(diagnose('job/listener-refused', undefined, { url, status: answer.status, problem: wordsOf(answer) }));
  return textOf(parseJson(answer.body), 'eventID');
}

function wordsOf({ body }: Answer): string {
  const said = textOf(parseJson(body), 'errorMessage') || textOf(parseJson(body), 'message');
  // A page of a proxy says nothing that its status does not.
  return said || (/^\s*</.test(body) ? '' : (body.trim().split('\n')[0]?.slice(0, 200) ?? ''));
}
