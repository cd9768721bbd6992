import { platformDefaults } from '../../input/defaults.js';
import type { PlatformTeam } from '../../input/generated/types.js';
import type { FeedbackSink } from '../../contract/feedback.js';
import type { Place } from '../../diagnostics/diagnostic.js';
import type { NetworkModel, NetworkReach } from '../../model/model.js';
import type { ConnectionIndex } from '../connections.js';
import { at } from '../place.js';
import type { PlatformContext } from '../platform.js';
import { parseSinkUrl } from '../sink-address.js';
import { distinct, reachesOfConnection, reachOf } from './reach.js';

/**
 * What the pods of a team's namespace may reach. It rests on the connections that are open to the team and not on those that
 * its services use: a service that goes away must not cut off its last job.
 */
export function resolveNetwork({ definition }: PlatformContext, team: PlatformTeam, connections: ConnectionIndex, sink: FeedbackSink): NetworkModel {
  const { network, target } = definition.spec;
  if (!network || network.mode === 'open') return { mode: 'open' };
  const open = connections.openTo(team.name).flatMap((name) => {
    const found = connections.find(name, team.name);
    return found.kind === 'found' ? [found.connection.model] : [];
  });
  const shared = {
    requestsFrom: { namespaces: sorted(network.requestsFrom?.namespaces), addresses: sorted(network.requestsFrom?.addresses) },
    tektonNamespace: network.tektonNamespace ?? platformDefaults.tektonNamespace[target.distribution ?? platformDefaults.distribution],
    reaches: distinct([...open.flatMap(reachesOfConnection), ...reachesOfSink(sink, at(definition.place, 'feedback'))]),
    // The metadata service of the cloud gives these to every pod that reaches it.
    metadata: open.some(({ credentials }) => credentials.kind === 'instance'),
  };
  if (network.mode === 'cilium') return { mode: 'cilium', ...shared };
  const { s3, gcs, azureblob, feedback } = network.endpoints ?? {};
  return {
    mode: 'cidrs',
    ...shared,
    apiServer: sorted(network.apiServer),
    dns: sorted(network.dns),
    endpoints: { s3: sorted(s3), gcs: sorted(gcs), azureblob: sorted(azureblob), feedback: sorted(feedback) },
  };
}

const sorted = (list: readonly string[] | undefined): readonly string[] => [...new Set(list)].sort();

function reachesOfSink(sink: FeedbackSink, place: Place): readonly NetworkReach[] {
  switch (sink.sink) {
    case 'none':
    // Its records lie beside the results.
    case 'objectStorage':
      return [];
    case 'fluentd':
      return [reachOf('feedback', sink.host, sink.port, at(place, 'fluentd', 'host'))];
    case 'cloudevents': {
      const url = parseSinkUrl(sink.url);
      return url ? [reachOf('feedback', url.host, url.port, at(place, 'cloudevents', 'url'))] : [];
    }
  }
}
