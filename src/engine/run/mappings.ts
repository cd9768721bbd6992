import { join } from 'node:path';

/** A folder of a container and the folder of this machine that stands for it. */
export interface Mapping {
  readonly container: string;
  readonly host: string;
}

const withoutEnd = (path: string): string => (path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path);

/** The path on this machine that stands for a path of a container: by the longest mapping, at a path boundary; undefined where none holds it. */
export function mapPath(path: string, mappings: readonly Mapping[]): string | undefined {
  let best: { readonly length: number; readonly host: string } | undefined;
  for (const { container, host } of mappings) {
    const prefix = withoutEnd(container);
    if (path !== prefix && !path.startsWith(prefix === '/' ? '/' : `${prefix}/`)) continue;
    if (!best || prefix.length > best.length) best = { length: prefix.length, host: path === prefix ? host : join(host, path.slice(prefix.length)) };
  }
  return best?.host;
}

/** A value that is such a path as a whole, replaced; any other value as it is. */
export const mapValue = (value: string, mappings: readonly Mapping[]): string => mapPath(value, mappings) ?? value;

/** The same for an argument, where `--option=/path` is one, too. */
export function mapArgument(argument: string, mappings: readonly Mapping[]): string {
  const option = /^(--?[A-Za-z0-9][A-Za-z0-9_.-]*=)(\/.*)$/s.exec(argument);
  return option ? `${option[1] ?? ''}${mapValue(option[2] ?? '', mappings)}` : mapValue(argument, mappings);
}
