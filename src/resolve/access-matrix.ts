import type { Place } from '../diagnostics/diagnostic.js';
import { wholeBucket } from '../contract/step-config.js';
import type { Mode } from './access.js';
import type { ConnectionDefinition } from './definition.js';
import type { Definitions } from './definitions.js';
import { at } from './place.js';

/** One right: a team may do this, in this folder of this connection. */
export interface Grant {
  readonly team: string;
  readonly connection: string;
  readonly mode: Mode;
  /** Ends in `/`; `/` alone is the whole bucket or container. */
  readonly prefix: string;
  /** What grants it. */
  readonly place: Place;
}

/** Every right that the definitions give, sorted by team, connection, mode and prefix; nothing else may be used by anyone. */
export function accessMatrix({ connections }: Definitions): readonly Grant[] {
  return connections.flatMap(grantsOf).sort((a, b) => compare(a, b));
}

function grantsOf({ name, spec, place, team: owner }: ConnectionDefinition): readonly Grant[] {
  if (!spec.access) {
    // The platform's is nobody's then; a team's own is all its own.
    if (owner === undefined) return [];
    const whole = { team: owner, connection: name, prefix: wholeBucket, place: { ...place, target: 'key' as const } };
    return [
      { ...whole, mode: 'read' },
      { ...whole, mode: 'write' },
    ];
  }
  return spec.access.flatMap(({ teams, modes, prefixes }, index) =>
    teams.flatMap((team) =>
      modes.flatMap((mode) => {
        const rule = { team, connection: name, mode };
        if (!prefixes) return [{ ...rule, prefix: wholeBucket, place: at(place, 'access', index) }];
        return prefixes.map((prefix, position) => ({ ...rule, prefix, place: at(place, 'access', index, 'prefixes', position) }));
      }),
    ),
  );
}

const keyOf = ({ team, connection, mode, prefix }: Grant): readonly string[] => [team, connection, mode, prefix];

function compare(a: Grant, b: Grant): number {
  const [left, right] = [keyOf(a), keyOf(b)];
  const index = left.findIndex((part, position) => part !== right[position]);
  return index < 0 ? 0 : (left[index] ?? '') < (right[index] ?? '') ? -1 : 1;
}
