import { connectionDefinitions } from './connection/schema.js';
import { nameLimits } from './defaults.js';
import { label, metadata, sharedDefinitions } from './definitions.js';
import { documentExamples } from './examples.js';
import { forms } from './forms.js';
import { formed, object, use, type Schema } from './json-schema.js';
import { apiVersion, kinds, type Kind } from './kinds.js';
import { platformDefinitions } from './platform/schema.js';
import { serviceDefinitions } from './service/schema.js';
import { teamDefinitions } from './team/schema.js';

export { apiVersion, kinds, type Kind } from './kinds.js';

const document = (kind: Kind, description: string, name: Schema): Schema => ({
  ...object(description, ['apiVersion', 'kind', 'metadata', 'spec'], {
    apiVersion: { description: 'Version of the format.', type: 'string', const: apiVersion },
    kind: { description: 'What the document defines.', type: 'string', const: kind },
    metadata: metadata(name),
    spec: use(`${kind}Spec`, 'The definition itself.'),
  }),
  examples: [documentExamples[kind]],
});

const documents: Readonly<Record<Kind, Schema>> = {
  Platform: document('Platform', 'What the platform team decides for everyone: services/platform.yaml.', label('platform, as the file.')),
  Team: document(
    'Team',
    "Defaults for a team's services: services/TEAM/team.yaml, optional.",
    label("The team's name: that of its folder.", nameLimits.team),
  ),
  Connection: document(
    'Connection',
    "A place where data, models or results lie: services/connections/NAME.yaml, or services/TEAM/connections/NAME.yaml for a team's own.",
    label('Name of the connection: that of its file. At most 63 characters.', nameLimits.connection),
  ),
  InferenceService: document(
    'InferenceService',
    'A predictor that runs as a batch job: services/TEAM/NAME.yaml.',
    formed(
      `Name of the service: that of its file. At most ${String(nameLimits.service)} characters, no "--"; platform, team and names that begin with millrace are reserved.`,
      forms.serviceName,
      nameLimits.service,
    ),
  ),
};

/** Every definition of every kind by name, the documents (`PlatformDocument`, …) among them. */
export const definitions: Readonly<Record<string, Schema>> = {
  ...sharedDefinitions,
  ...platformDefinitions,
  ...teamDefinitions,
  ...connectionDefinitions,
  ...serviceDefinitions,
  ...Object.fromEntries(kinds.map((kind) => [`${kind}Document`, documents[kind]])),
};

/** Names of the definitions that a schema leads to, itself not included. */
function reachable(schema: Schema): readonly string[] {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (key !== '$ref' || typeof inner !== 'string') visit(inner);
      else if (!found.has(definitionName(inner))) {
        found.add(definitionName(inner));
        visit(definitions[definitionName(inner)]);
      }
    }
  };
  visit(schema);
  return [...found].sort();
}

/** Of a reference within our own schemas: `#/$defs/NAME`. */
export const definitionName = (ref: string): string => ref.slice('#/$defs/'.length);

/** File name of a kind's published schema, below `schemas/`. */
export const schemaFile = (kind: Kind): string => `${kind.replace(/(?!^)[A-Z]/g, '-$&').toLowerCase()}.json`;

const publish = (kind: Kind): Schema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: `https://millrace.dev/schemas/v1/${schemaFile(kind)}`,
  title: kind,
  ...documents[kind],
  $defs: Object.fromEntries(reachable(documents[kind]).map((name) => [name, definitions[name] ?? {}])),
});

/** The JSON Schema of each kind (draft 2020-12), complete in itself: what `schemas/` holds and `millrace schema` prints. */
export const schemas: Readonly<Record<Kind, Schema>> = {
  Platform: publish('Platform'),
  Team: publish('Team'),
  Connection: publish('Connection'),
  InferenceService: publish('InferenceService'),
};
