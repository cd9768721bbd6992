import { resolve } from 'node:path';
import { diagnose } from '../diagnostics/diagnose.js';
import { hasErrors, type Diagnostic } from '../diagnostics/diagnostic.js';
import { emitYaml } from '../emit/yaml.js';
import { type Secrets, withTokens } from '../engine/triggers/authenticate.js';
import { acceptedRun, refusals, simulate, type CallerAnswer } from '../engine/triggers/simulate.js';
import type { Manifest } from '../manifests/manifest.js';
import { webhookPathOf } from '../manifests/triggers/webhook-path.js';
import { parseArguments, commonOptions } from './arguments.js';
import { type CliIo, type Command, UsageError } from './command.js';
import { compileRoot } from './compile-root.js';
import { emittedObjects } from './emitted-objects.js';
import { readKeyFile, readRequest, requestName } from './read-request.js';
import { formatOption, reporter } from './report.js';
import { findRoot } from './root.js';
import { simulateHelp, simulateUsage } from './simulate-help.js';

const options = {
  ...commonOptions,
  ...formatOption,
  body: { type: 'string' },
  caller: { type: 'string' },
  header: { type: 'string', multiple: true },
  path: { type: 'string' },
  'key-file': { type: 'string' },
} as const;

export const simulateCommand: Command = {
  name: 'simulate',
  summary: 'say what the listener would do with a request',
  usage: simulateUsage,
  help: simulateHelp,
  run,
};

async function run(args: readonly string[], io: CliIo): Promise<number> {
  const { values, positionals } = parseArguments(args, options, { least: 1, most: 1, name: 'TEAM/NAME' });
  const [team = '', name = '', ...others] = (positionals[0] ?? '').split('/');
  if (team === '' || name === '' || others.length > 0) {
    throw new UsageError(`"${positionals[0] ?? ''}" is no TEAM/NAME`, 'for example risk/fraud-scorer');
  }
  if (values.body === undefined) throw new UsageError('--body FILE is missing', 'it names the file with the body of the request');
  if (values['key-file'] !== undefined && values.caller === undefined)
    throw new UsageError('--key-file needs --caller', 'it is the key of one caller');
  if (values.path !== undefined && !values.path.startsWith('/')) throw new UsageError(`--path ${values.path} is no path`, 'it starts with /');
  const headers = readHeaders(values.header ?? []);
  const report = reporter(io, values);

  const { files, services, diagnostics, sources } = compileRoot(findRoot(io, values.root));
  const fail = (...found: readonly Diagnostic[]): number => {
    report(found, sources);
    return 1;
  };
  if (hasErrors(diagnostics)) return fail(...diagnostics);
  const service = services.find((each) => each.name === name && each.namespace.team === team);
  if (!service) {
    const known = services.map((each) => `${each.namespace.team}/${each.name}`).sort();
    return fail(diagnose('run/unknown-service', undefined, { team, name, known }));
  }
  const unreadable = (file: string, problem: string): number => fail(diagnose('run/request-unreadable', undefined, { file, problem }));
  const body = readRequest(values.body, io.cwd);
  if (typeof body === 'string') return unreadable(requestName(values.body), body);
  const secrets = values['key-file'] === undefined ? undefined : keyOf(resolve(io.cwd, values['key-file']));
  if (typeof secrets === 'string') return fail(diagnose('simulate/key-unreadable', undefined, { file: values['key-file'] ?? '', problem: secrets }));

  const { namespace, webhookPath } = service.namespace;
  const objects = emittedObjects(files, [`${namespace}/platform.yaml`, `${namespace}/${name}.yaml`]);
  const path = (listener: string): string => values.path ?? (listener === name ? webhookPathOf(service) : webhookPath);
  const request = { path: path(name), headers: secrets ? headers : withTokens(headers), body };
  const all = simulate(objects, { namespace, service: name, pathOf: path }, request, { secrets });
  const known = all.filter(({ outcomes }) => outcomes.length > 0).map(({ caller }) => caller);
  const label = `${team}/${name}`;
  if (known.length === 0) return fail(diagnose('run/no-webhook', undefined, { service: label }));
  const { caller } = values;
  if (caller !== undefined && !known.includes(caller)) return fail(diagnose('run/unknown-caller', undefined, { service: label, caller, known }));
  const answers = caller === undefined ? all : all.filter((each) => each.caller === caller);
  const refused = answers.some(acceptedRun) ? [] : explain(label, answers);
  report(refused, sources);
  if (values.format === 'json') io.stdout(`${JSON.stringify({ service: label, callers: answers.map(toJson) }, null, 2)}\n`);
  else if (refused.length === 0) printRun(answers, io);
  return Promise.resolve(refused.length === 0 ? 0 : 1);
}

/** The TaskRun of the first caller that gets through, and a line about each where there are several. */
function printRun(answers: readonly CallerAnswer[], io: CliIo): void {
  const first = answers.find(acceptedRun);
  if (answers.length > 1) {
    for (const each of answers) io.stderr(`${each.caller}: ${acceptedRun(each) ? 'gets through' : refusalText(each)}\n`);
    io.stderr(`as caller ${first?.caller ?? ''}:\n`);
  }
  io.stdout(emitYaml(withoutEmptyName(first && acceptedRun(first))));
}

const refusalText = (each: CallerAnswer): string =>
  each.outcomes.length === 0 ? 'may not start it' : `refused: ${[...new Set(refusals(each).map(({ sentence }) => sentence))].join('; or ')}`;

/** Each different refusal once: most rules do not ask who calls. */
function explain(service: string, answers: readonly CallerAnswer[]): readonly Diagnostic[] {
  const found = new Map<string, Diagnostic>();
  for (const { sentence, rule, by } of answers.flatMap(refusals)) {
    const diagnostic =
      by === 'body'
        ? diagnose('simulate/bad-body', undefined, { problem: sentence })
        : diagnose('run/request-refused', undefined, { service, sentence, rule });
    found.set(sentence, diagnostic);
  }
  return [...found.values()];
}

function toJson(each: CallerAnswer): unknown {
  const taskRun = acceptedRun(each);
  if (taskRun) return { caller: each.caller, accepted: true, taskRun: withoutEmptyName(taskRun) };
  const sentence = 'it may not start the service';
  return { caller: each.caller, accepted: false, refusals: each.outcomes.length === 0 ? [{ by: 'selector', sentence }] : refusals(each) };
}

/** As `kubectl create` takes it. Triggers sends the empty name, and the API server makes one of generateName all the same. */
function withoutEmptyName(taskRun: Manifest | undefined): unknown {
  if (taskRun?.metadata.name !== '') return taskRun;
  return { ...taskRun, metadata: Object.fromEntries(Object.entries(taskRun.metadata).filter(([key]) => key !== 'name')) };
}

function readHeaders(texts: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    texts.map((text) => {
      const [, name, value] = /^([A-Za-z0-9!#$%&'*+.^_`|~-]+)=([^\r\n\0]*)$/.exec(text) ?? [];
      // The value may be a secret.
      if (name === undefined || value === undefined) throw new UsageError('a --header is no NAME=VALUE', 'for example --header X-Millrace-Token=…');
      return [name, value];
    }),
  );
}

/** The one key that is known stands for whatever Secret is asked for: only its caller's group is. */
function keyOf(path: string): Secrets | string {
  const key = readKeyFile(path);
  return typeof key === 'string' ? key : () => key;
}
