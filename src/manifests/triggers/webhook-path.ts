import type { ServiceModel } from '../../model/model.js';

/**
 * Where requests to a service are posted, below the host of Platform: the one path of its team, or, with a listener of its own, a
 * path of its own, because one path cannot lead to two listeners.
 *
 * @see docs/adr/0022-a-path-for-each-listener.md
 */
export const webhookPathOf = ({ name, namespace, webhook }: Pick<ServiceModel, 'name' | 'namespace' | 'webhook'>): string =>
  webhook?.listener === 'dedicated' ? `/${namespace.team}/${name}/api/v1/batch/job` : namespace.webhookPath;
