import type { NamespaceModel, ServiceModel } from './model.js';

/** Those of all services that run in a namespace. */
export const servicesIn = ({ namespace }: Pick<NamespaceModel, 'namespace'>, all: readonly ServiceModel[]): readonly ServiceModel[] =>
  all.filter((service) => service.namespace.namespace === namespace);
