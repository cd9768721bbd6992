import { Agent as HttpAgent, request as requestHttp, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { connectionProblem, SinkProblem } from '../sink-problem.js';
import { seconds } from '../patience.js';
import type { HttpMessage } from './cloud-event.js';

export interface Answer {
  readonly status: number;
  /** Milliseconds that the sink asks to wait. */
  readonly retryAfter: number;
}

export interface Poster {
  /** Sends one message. No redirect is followed. Throws a {@link SinkProblem} where no answer comes. */
  post(message: HttpMessage, milliseconds: number): Promise<Answer>;
  close(): void;
}

export interface PosterOptions {
  readonly url: string;
  /** Sent as `Authorization: Bearer`. */
  readonly token: string | undefined;
  readonly ca: string | undefined;
  readonly connections: number;
}

/** Connections to one sink, kept and used again: at most `connections` at once. Certificates are always checked. */
export function createPoster({ url, token, ca, connections }: PosterOptions): Poster {
  const options = { keepAlive: true, maxSockets: connections };
  const secure = url.startsWith('https:');
  const agent = secure ? new HttpsAgent({ ...options, rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) }) : new HttpAgent(options);
  const send = secure ? requestHttps : requestHttp;
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return {
    post: ({ headers, body }, milliseconds) =>
      new Promise((resolve, reject) => {
        let answered = false;
        const fail = (error: unknown): void => {
          if (!answered) reject(connectionProblem(error));
        };
        const request = send(
          url,
          { method: 'POST', agent, headers: { ...headers, ...authorization, 'content-length': String(body.length), 'user-agent': 'millrace' } },
          (response) => {
            answered = true;
            void readAnswer(response).then(resolve);
          },
        );
        // Of the whole exchange: a sink that sends a byte now and then is as good as down.
        const timer = setTimeout(() => {
          const late = new SinkProblem('unavailable', `has not answered within ${seconds(milliseconds)}`, {}, true);
          request.destroy(answered ? undefined : late);
        }, milliseconds);
        request.on('close', () => {
          clearTimeout(timer);
        });
        request.on('error', fail);
        request.end(body);
      }),
    close: () => {
      agent.destroy();
    },
  };
}

/** What a sink says besides its status is not read, and not waited for beyond this. */
const longestBody = 64 * 1024;

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  try {
    let received = 0;
    for await (const piece of response) {
      received += piece instanceof Uint8Array ? piece.length : 0;
      if (received > longestBody) break;
    }
  } catch {
    // The status is the answer. What follows is only read so that the connection can be used again.
  }
  return { status: response.statusCode ?? 0, retryAfter: millisecondsOf(response.headers['retry-after'] ?? '') };
}

const httpDate = /^[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT$/;

/** Seconds, or a time to wait until. As long as the sink likes: whoever waits has a bound of its own. */
function millisecondsOf(retryAfter: string): number {
  if (/^[0-9]+$/.test(retryAfter)) return Number(retryAfter) * 1000;
  const wait = httpDate.test(retryAfter) ? Date.parse(retryAfter) - Date.now() : 0;
  return wait > 0 ? wait : 0;
}
