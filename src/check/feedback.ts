import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Place } from '../diagnostics/diagnostic.js';
import { platformDefaults } from '../input/defaults.js';
import type { CloudeventsFeedback, PlatformFeedback } from '../input/generated/types.js';
import type { PlatformDefinition } from '../resolve/definition.js';
import { problemOfHost } from '../resolve/host.js';
import { at } from '../resolve/place.js';
import { parseSinkUrl, type SinkUrl } from '../resolve/sink-address.js';
import { withoutUser } from './endpoint.js';

/** Settings and sink belong together: one sink, with the settings of that sink. */
export function checkFeedbackSettings({ spec: { feedback }, place }: PlatformDefinition): readonly Diagnostic[] {
  if (!feedback) return [];
  const sink = feedback.sink ?? platformDefaults.feedback.sink;
  const here = at(place, 'feedback');
  const missing = (sink === 'fluentd' || sink === 'cloudevents') && feedback[sink] === undefined;
  return [
    ...(missing ? [diagnose('check/sink-without-settings', at(here, 'sink'), { sink })] : []),
    ...withoutEffect(sink, feedback).map(({ path, because, hint }) =>
      diagnose('check/feedback-without-effect', { ...at(here, ...path), target: 'key' }, { field: path.at(-1) ?? '', because, hint }),
    ),
  ];
}

interface WithoutEffect {
  /** Below `spec.feedback`. */
  readonly path: readonly string[];
  readonly because: string;
  readonly hint: string;
}

const settings = ['objectStorage', 'fluentd', 'cloudevents'] as const;
const forNetwork = ['delivery', 'giveUpAfter'] as const;

function withoutEffect(sink: string, feedback: PlatformFeedback): readonly WithoutEffect[] {
  const because = `the sink is ${sink}`;
  const others = settings.filter((name) => name !== sink && feedback[name] !== undefined);
  const { cloudevents } = feedback;
  return [
    ...others.map((name) => ({ path: [name], because, hint: `there is one sink: write sink: ${name}, or remove it` })),
    ...(sink === 'fluentd' || sink === 'cloudevents' ? [] : forNetwork.filter((name) => feedback[name] !== undefined)).map((name) => ({
      path: [name],
      because,
      hint: sink === 'objectStorage' ? 'remove it: these records arrive with the results, or the run fails' : 'remove it: nothing is sent',
    })),
    ...(cloudevents?.tls && cloudevents.url.startsWith('http://')
      ? [{ path: ['cloudevents', 'tls'], because: 'the url begins with http://', hint: 'write https://, or remove it' }]
      : []),
  ];
}

/** What no pod can reach, or must not. */
export function checkSinkAddress({ spec: { feedback }, place }: PlatformDefinition): readonly Diagnostic[] {
  const { fluentd, cloudevents } = feedback ?? {};
  const found: Diagnostic[] = [];
  const checkHost = (host: string, ...path: readonly string[]): void => {
    const problem = problemOfHost(host, 'sink');
    if (problem !== undefined) found.push(diagnose('check/not-a-sink', at(place, 'feedback', ...path), { address: host, problem, hint: undefined }));
  };
  if (fluentd) checkHost(fluentd.host, 'fluentd', 'host');
  if (!cloudevents) return found;
  const here = at(place, 'feedback', 'cloudevents', 'url');
  const url = parseSinkUrl(cloudevents.url);
  if (!url) {
    const hint = 'write https://, the host in lower case, its port if it has one, and the path; a token is in a Secret';
    return [
      ...found,
      diagnose('check/not-a-sink', here, { address: withoutUser(cloudevents.url).replace(/[?#].*/s, '…'), problem: 'is no address of a sink', hint }),
    ];
  }
  checkHost(url.host, 'cloudevents', 'url');
  if (url.scheme === 'http') found.push(...withoutEncryption(cloudevents, url, here));
  return found;
}

function withoutEncryption({ url: address, secretRef }: CloudeventsFeedback, { reach }: SinkUrl, here: Place): readonly Diagnostic[] {
  if (reach === 'cluster') return [];
  if (secretRef && reach === 'anywhere') return [diagnose('check/token-without-tls', here, { address })];
  return [diagnose('check/plain-http-endpoint', here, { endpoint: address, exposed: secretRef ? 'records and the token' : 'records' })];
}
