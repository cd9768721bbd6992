/**
 * References of container images, as the container tools read them.
 * @see https://pkg.go.dev/github.com/distribution/reference
 */
export interface ImageReference {
  /** Host, with port if any; `docker.io` where the text names none. */
  readonly registry: string;
  /** For example `library/node` for `node`. */
  readonly repository: string;
  readonly tag?: string;
  /** `sha256:<64 hex>` or `sha512:<128 hex>`. */
  readonly digest?: string;
}

const longestName = 255;

const hostLabel = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const registryPattern = new RegExp(`^(?:${hostLabel}(?:\\.${hostLabel})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?$`);
const repositoryPart = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;
const tagPattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const digestPattern = /^(?:sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})$/;
/** Docker takes such a name for the id of an image, not for a reference. */
const imageId = /^[a-f0-9]{64}$/;

/** The first part of a name is a registry only if it cannot be part of a repository. */
const looksLikeRegistry = (part: string): boolean => /[.:A-Z]/.test(part) || part === 'localhost';

/** Undefined where `text` is no reference. Short names get `docker.io` and `library/`, as everywhere. */
export function parseImage(text: string): ImageReference | undefined {
  const at = text.indexOf('@');
  const digest = at < 0 ? undefined : text.slice(at + 1);
  if (digest !== undefined && !digestPattern.test(digest)) return undefined;
  const beforeDigest = at < 0 ? text : text.slice(0, at);
  const colon = beforeDigest.indexOf(':', beforeDigest.lastIndexOf('/') + 1);
  const tag = colon < 0 ? undefined : beforeDigest.slice(colon + 1);
  if (tag !== undefined && !tagPattern.test(tag)) return undefined;
  const written = colon < 0 ? beforeDigest : beforeDigest.slice(0, colon);
  if (imageId.test(written)) return undefined;
  const { registry, path } = splitRegistry(written);
  const repository = registry === 'docker.io' && !path.includes('/') ? `library/${path}` : path;
  if (!registryPattern.test(registry) || !repository.split('/').every((part) => repositoryPart.test(part))) return undefined;
  if (registry.length + 1 + repository.length > longestName) return undefined;
  return { registry, repository, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
}

function splitRegistry(name: string): { readonly registry: string; readonly path: string } {
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  if (!looksLikeRegistry(first)) return { registry: 'docker.io', path: name };
  return { registry: first === 'index.docker.io' ? 'docker.io' : first, path: name.slice(slash + 1) };
}

/**
 * Whether the image lies below `prefix`, which is a registry and whole parts of a repository:
 * `registry.example.com/risk` and `registry.example.com/risk/` hold `…/risk/fraud`, never `…/risk-evil/x`.
 * Only the form without a final `/` holds the repository `risk` itself.
 */
export function isUnderRegistry(image: ImageReference, prefix: string): boolean {
  const bare = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix;
  if (bare === '') return false;
  // `risk/` alone means docker.io, as it does in a reference; a registry alone has no `/` that would tell.
  const { registry, path } = splitRegistry(looksLikeRegistry(bare) && !bare.includes('/') ? `${bare}/` : bare);
  if (image.registry !== registry) return false;
  if (path === '') return true;
  return image.repository.startsWith(`${path}/`) || (!prefix.endsWith('/') && image.repository === path);
}
