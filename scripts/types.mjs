// TypeScript types of the input kinds, from their schemas. The schemas use few keywords (src/input/json-schema.ts) and
// every field has a description, so the types come out readonly, named and documented without a second pass.

/** Definitions that have no type of their own: each use of them is text. */
const isText = (schema) => schema.type === 'string';

/**
 * @param {object} input what src/input exports: definitions, definitionName
 * @returns {string} the text of src/input/generated/types.ts
 */
export function renderTypes({ definitions, definitionName }) {
  const literal = (value) => (typeof value === 'string' ? `'${value}'` : String(value));
  const union = (values) => values.map(literal).join(' | ');
  const primitives = { string: 'string', integer: 'number', number: 'number', boolean: 'boolean', null: 'null' };

  function typeOf(schema, indent) {
    if (schema.$ref) {
      const name = definitionName(schema.$ref);
      return isText(definitions[name]) ? typeOf(definitions[name], indent) : name;
    }
    if (schema.enum) return union(schema.enum);
    if (schema.const !== undefined) return literal(schema.const);
    if (schema.allOf) return schema.allOf.map(({ then }) => typeOf(then, indent)).join(' | ');
    if (schema.then) return `${typeOf(schema.else, indent)} | ${typeOf(schema.then, indent)}`;
    if (Array.isArray(schema.type)) return schema.type.map((type) => primitives[type]).join(' | ');
    if (schema.type === 'array') {
      const item = typeOf(schema.items, indent);
      return `readonly ${item.includes(' | ') ? `(${item})` : item}[]`;
    }
    if (schema.type !== 'object') return primitives[schema.type] ?? 'unknown';
    if (schema.additionalProperties) return `Readonly<Record<string, ${typeOf(schema.additionalProperties, indent)}>>`;
    return body(schema, indent);
  }

  function body(schema, indent) {
    const inner = `${indent}  `;
    const lines = Object.entries(schema.properties).map(([name, property]) => {
      const key = /^\w+$/.test(name) ? name : `'${name}'`;
      const optional = schema.required?.includes(name) ? '' : '?';
      return `${comment(property, inner)}${inner}readonly ${key}${optional}: ${typeOf(property, inner)};\n`;
    });
    return `{\n${lines.join('')}${indent}}`;
  }

  function comment(schema, indent) {
    const lines = [schema.description];
    if (schema.default !== undefined && schema.default !== null) lines.push(`@default ${JSON.stringify(schema.default)}`);
    const text = lines.map((line) => line.replaceAll('*/', '*\\/'));
    return text.length === 1 ? `${indent}/** ${text[0]} */\n` : `${indent}/**\n${text.map((line) => `${indent} * ${line}\n`).join('')}${indent} */\n`;
  }

  const declarations = Object.keys(definitions)
    .filter((name) => !isText(definitions[name]))
    .sort()
    .map((name) => {
      const schema = definitions[name];
      const declared =
        schema.properties && !schema.allOf ? `export interface ${name} ${body(schema, '')}` : `export type ${name} = ${typeOf(schema, '')};`;
      return `${comment(schema, '')}${declared}\n`;
    });
  return `// Generated from the schemas in src/input/ by \`npm run generate\`; change those, not this file.\n\n${declarations.join('\n')}`;
}
