// docs/defaults.md: every field of every kind with what it means when it is left out, from the schemas, and the time of a
// run, from the constants of the program.

const escape = (text) => text.replaceAll('|', '\\|');

/** @returns {string} the page's text */
export function renderDefaultsPage(input) {
  const { kinds, definitions, resolveRef, formsOf } = input;
  const rowsOf = (schema, path, form) =>
    Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
      const field = path ? `${path}.${name}` : name;
      const absent = schema.required?.includes(name)
        ? 'required'
        : property.default === undefined || property.default === null
          ? ''
          : `\`${JSON.stringify(property.default)}\``;
      return [{ field, absent, description: property.description, form }, ...inner(property, field, form)];
    });

  /** Fields of a map, of the items of a list, and of the forms of a union. */
  function inner(schema, path, form) {
    const known = resolveRef(schema);
    if (known.items) return inner(known.items, `${path}[]`, form);
    return formsOf(known).flatMap((each, index) => {
      const tag = known.allOf?.[index]?.if.properties;
      return rowsOf(each, path, tag ? Object.values(tag)[0].const : form);
    });
  }

  /** A field that several forms have alike stands once, with the forms it belongs to where those are not all. */
  function merge(rows, formCount) {
    const merged = new Map();
    for (const row of rows) {
      const key = JSON.stringify([row.field, row.absent, row.description]);
      const known = merged.get(key) ?? { ...row, forms: new Set() };
      if (row.form) known.forms.add(row.form);
      merged.set(key, known);
    }
    return [...merged.values()].map(({ forms, ...row }) => ({ ...row, forms: forms.size === formCount ? [] : [...forms] }));
  }

  const section = (kind) => {
    const spec = definitions[`${kind}Spec`];
    const rows = merge(inner(spec, ''), spec.allOf?.length ?? 0);
    const lines = rows.map(
      ({ field, absent, description, forms }) =>
        `| \`${field}\` | ${absent} | ${escape(description)}${forms.length ? ` Only ${forms.join(', ')}.` : ''} |`,
    );
    return `## ${kind}\n\n| field of \`spec\` | default | |\n|---|---|---|\n${lines.join('\n')}\n`;
  };

  return `<!-- Generated from the schemas in src/input/ by \`npm run generate\`; change those, not this file. -->

# Fields and defaults

Every document has \`apiVersion: millrace.dev/v1\`, \`kind\`, \`metadata.name\` and \`spec\`. An empty default means that the field may be left out and
that its description says what happens then. The same, with types and limits: \`millrace schema KIND\`.

${kinds.map(section).join('\n')}
${timeOfRun(input)}
`;
}

/** What of a run's timeout a service sets, and what it does not. */
function timeOfRun({ stepTimeouts, runTimeoutSeconds, parseDuration, formatDuration, serviceDefaults }) {
  const { timeout, timeouts } = serviceDefaults;
  const defaults = { predictor: parseDuration(timeout), sync: parseDuration(timeouts.sync), wait: parseDuration(timeouts.wait) };
  const fieldOf = (step) => (step === 'user-container' ? '`timeout`' : step.startsWith('sync-') ? '`timeouts.sync`' : '');
  const steps = Object.entries(stepTimeouts(defaults)).map(([step, seconds]) => `| ${step} | ${formatDuration(seconds)} | ${fieldOf(step)} |`);
  return `## Time of a run

The timeout of a run is the sum of these: of its nine steps, and of the time it may wait. The team's ceiling is for the sum.

| | default | field |
|---|---|---|
${steps.join('\n')}
| waiting for a node, an image or the queue | ${formatDuration(defaults.wait)} | \`timeouts.wait\` |
| sum | ${formatDuration(runTimeoutSeconds(defaults))} | |
`;
}
