/** What of a step matters to its container only: image, user, rights and limits. */
import { assertInvariant } from '../../base/assert.js';
import { asClosed, asFields, asText, asTexts, type Fields } from '../objects.js';

export interface StepContainer {
  readonly image: string;
  /** By resource, as Kubernetes writes quantities. */
  readonly limits: ReadonlyMap<string, string>;
  /** Undefined: left to the cluster. */
  readonly user: number | undefined;
  readonly group: number | undefined;
  readonly readOnlyRoot: boolean;
  readonly dropCapabilities: readonly string[];
  readonly noNewPrivileges: boolean;
}

/** Fields of a step and of a stepTemplate that are read here. */
export const containerFields = ['image', 'imagePullPolicy', 'computeResources', 'securityContext'];

/** As Tekton merges a stepTemplate: field by field, and what the step has itself wins. */
export function readContainer(step: Fields, template: Fields, where: string): StepContainer {
  const security = { ...readSecurity(template, `${where}, its stepTemplate`), ...readSecurity(step, where) };
  const capabilities = asClosed(security['capabilities'] ?? {}, `${where}.capabilities`, ['drop']);
  return {
    image: asText(step['image'] ?? template['image'], `${where}.image`),
    limits: new Map([...readLimits(template, `${where}, its stepTemplate`), ...readLimits(step, where)]),
    user: readId(security['runAsUser'], `${where}.runAsUser`),
    group: readId(security['runAsGroup'], `${where}.runAsGroup`),
    readOnlyRoot: security['readOnlyRootFilesystem'] === true,
    dropCapabilities: asTexts(capabilities['drop'], `${where}.capabilities.drop`),
    noNewPrivileges: security['allowPrivilegeEscalation'] === false,
  };
}

const securityFields = [
  ...['allowPrivilegeEscalation', 'capabilities', 'readOnlyRootFilesystem', 'runAsGroup', 'runAsNonRoot', 'runAsUser'],
  // Engines have the same profile by themselves.
  'seccompProfile',
];

const readSecurity = (container: Fields, where: string): Fields =>
  asClosed(container['securityContext'] ?? {}, `${where}.securityContext`, securityFields);

/** By resource, of a step, a stepTemplate or a stepSpec of a run. */
export function readLimits(container: Fields, where: string): readonly (readonly [string, string])[] {
  const resources = asClosed(container['computeResources'] ?? {}, `${where}.computeResources`, ['limits', 'requests']);
  const limits = asFields(resources['limits'] ?? {}, `${where}.limits`);
  return Object.entries(limits).map(([name, value]) => [name, asText(value, `${where}.limits.${name}`)]);
}

function readId(value: unknown, where: string): number | undefined {
  if (value === undefined) return undefined;
  assertInvariant(typeof value === 'number' && Number.isInteger(value) && value >= 0, `${where} is no id`);
  return value;
}
