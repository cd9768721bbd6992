import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { publishedSchemas } from '../../src/contract/published/schemas.js';

interface Node {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly oneOf?: readonly Node[];
}

/** The rows of a table of all fields. */
const rows = ({ properties = {}, oneOf = [] }: Node, path = ''): readonly string[] => [
  ...Object.entries(properties).flatMap(([name, field]) => {
    const here = `${path}${name}`;
    return [`| \`${here}\` | ${field.description ?? ''} |`, ...rows(field, `${here}.`), ...rows(field.items ?? {}, `${here}[].`)];
  }),
  ...oneOf.flatMap((form) => rows(form, path)),
];

it.each(Object.entries(publishedSchemas))('docs/outputs.md has every field of schemas/%s, as the schema describes it', (file, schema) => {
  const page = readFileSync('docs/outputs.md', 'utf8').split('\n');
  const expected = rows(schema);
  expect(expected.length).toBeGreaterThan(5);
  expect(
    expected.filter((row) => !page.includes(row)),
    file,
  ).toEqual([]);
});
