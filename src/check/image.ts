import { isUnderRegistry, parseImage } from '../base/image.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Place } from '../diagnostics/diagnostic.js';
import { platformDefaults } from '../input/defaults.js';
import type { PlatformSpec } from '../input/generated/types.js';
import type { PlatformDefinition, ServiceDefinition } from '../resolve/definition.js';
import { at } from '../resolve/place.js';
import type { ResolvedService } from '../resolve/service.js';
import type { Site } from './check.js';

const imagesOf = ({ spec, place }: PlatformDefinition): readonly Site[] => [
  { text: spec.images.rclone, place: at(place, 'images', 'rclone') },
  { text: spec.images.node, place: at(place, 'images', 'node') },
];

const imageOf = ({ spec, place }: ServiceDefinition): Site => ({ text: spec.image, place: at(place, 'image') });

/** The platform's own images are image references, and have the digest that it requires. */
export const checkPlatformImages = (platform: PlatformDefinition): readonly Diagnostic[] => {
  const { spec } = platform;
  return imagesOf(platform).flatMap((site) => [...invalidImage(site), ...withoutDigest(site, spec)]);
};

/** A registry that is none would silently allow nothing. */
export const checkRegistries = ({ spec, place }: PlatformDefinition): readonly Diagnostic[] =>
  spec.teams.flatMap((team, index) =>
    team.registries.flatMap((registry, position) => invalidRegistry({ text: registry, place: at(place, 'teams', index, 'registries', position) })),
  );

/** The predictor's image is an image reference. */
export const checkServiceImage = (service: ServiceDefinition): readonly Diagnostic[] => invalidImage(imageOf(service));

/** It has a digest where Platform requires one; where not, a tag is a warning. */
export const checkServiceDigest = ({ definition, context }: ResolvedService): readonly Diagnostic[] =>
  withoutDigest(imageOf(definition), context.platform.definition.spec);

/** Deny by default: an image comes from one of the registries that Platform lists for the team. */
export function checkRegistryAllowed({ definition, context }: ResolvedService): readonly Diagnostic[] {
  const { text, place } = imageOf(definition);
  const image = parseImage(text);
  const { name: team, registries } = context.team.value;
  if (!image || registries.some((registry) => isUnderRegistry(image, registry))) return [];
  const related = [{ message: `the registries of team "${team}"`, where: at(context.team.place, 'registries') }];
  return [diagnose('check/registry-not-allowed', place, { image: text.split('@', 1)[0] ?? text, team, registries }, { related })];
}

function invalidImage({ text, place }: Site): readonly Diagnostic[] {
  return parseImage(text) ? [] : [diagnose('check/invalid-image', place, { image: text, hint: imageHint(text) })];
}

function imageHint(text: string): string {
  const bare = text.trim().replace(/^[a-z]+:\/\//i, '');
  if (bare !== text && parseImage(bare)) return `write ${bare}`;
  const at = bare.indexOf('@');
  const name = at < 0 ? bare : bare.slice(0, at);
  if (at >= 0 && parseImage(name)) return 'a digest is @sha256: and 64 of 0-9 and a-f';
  const lower = name.toLowerCase();
  if (lower !== name && parseImage(lower)) return 'the name of an image is in lower case';
  return 'an image is REGISTRY/NAME:TAG@sha256:DIGEST';
}

/** Nothing is said of an image that is none. */
function withoutDigest({ text, place }: Site, { requireDigests }: PlatformSpec): readonly Diagnostic[] {
  const image = parseImage(text);
  if (!image || image.digest !== undefined) return [];
  return [
    diagnose((requireDigests ?? platformDefaults.requireDigests) ? 'check/image-without-digest' : 'check/mutable-image', place, { image: text }),
  ];
}

function invalidRegistry({ text, place }: Site): readonly Diagnostic[] {
  const problem = registryProblem(text, place);
  return problem ? [problem] : [];
}

/** A registry, or one with the first parts of a name and a final `/`: what follows must make it an image of that registry. */
function registryProblem(text: string, place: Place): Diagnostic | undefined {
  if (text.endsWith('/') ? parseImage(`${text}x`) : parseImage(`${text}/x`)?.registry === text) return undefined;
  const hint = parseImage(`${text}/x`)
    ? `end it with "/": ${text}/`
    : 'write a registry and the beginning of a name, for example registry.example.com/risk/';
  return diagnose('check/invalid-registry', place, { registry: text, hint });
}
