/** Which Secrets, and which keys of them, the definitions need in a namespace. */
import type { NamespaceModel, ServiceModel } from '../../model/model.js';
import { optionalKeys } from '../../resolve/credentials.js';

/** A Secret that must be there, and why. */
export interface NeededSecret {
  readonly secret: string;
  /** All of them. */
  readonly keys: readonly string[];
  /** `caller airflow`, `connection raw`, sorted. */
  readonly usedBy: readonly string[];
}

/** Sorted by name. */
export function neededSecrets(
  { callers, imagePullSecrets, feedbackSink }: NamespaceModel,
  services: readonly ServiceModel[],
): readonly NeededSecret[] {
  const found = new Map<string, { readonly keys: Set<string>; readonly usedBy: Set<string> }>();
  const add = (secret: string, keys: readonly string[], user: string): void => {
    const entry = found.get(secret) ?? { keys: new Set(), usedBy: new Set() };
    found.set(secret, entry);
    for (const key of keys) entry.keys.add(key);
    entry.usedBy.add(user);
  };
  for (const { name, secretName, secretKey } of callers) add(secretName, [secretKey], `caller ${name}`);
  for (const name of imagePullSecrets) add(name, ['.dockerconfigjson'], 'imagePullSecrets');
  for (const { name, credentials } of services.flatMap(({ connections }) => connections)) {
    if (credentials.kind !== 'secret') continue;
    const keys = Object.entries(credentials.keys).flatMap(([ours, theirs]) => (optionalKeys.has(ours) ? [] : [theirs]));
    add(credentials.secretName, keys, `connection ${name}`);
  }
  if ('secret' in feedbackSink && feedbackSink.secret?.kind === 'Secret' && services.some(({ feedback }) => feedback.input || feedback.output)) {
    add(feedbackSink.secret.name, [feedbackSink.secret.key], 'the feedback sink');
  }
  return [...found]
    .map(([secret, { keys, usedBy }]) => ({ secret, keys: [...keys].sort(), usedBy: [...usedBy].sort() }))
    .sort((a, b) => (a.secret < b.secret ? -1 : 1));
}
