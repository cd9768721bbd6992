import { hideInValue } from '../base/secrets.js';
import { type Check, type Patient } from '../cluster/doctor/check.js';
import { checkCluster } from '../cluster/doctor/cluster-checks.js';
import { checkNamespace } from '../cluster/doctor/namespace-checks.js';
import { diagnose } from '../diagnostics/diagnose.js';
import { type Diagnostic, hasErrors } from '../diagnostics/diagnostic.js';
import { parseArguments, commonOptions } from './arguments.js';
import type { CliIo, Command } from './command.js';
import { compileRoot } from './compile-root.js';
import { emittedObjects } from './emitted-objects.js';
import { isJson } from './job-target.js';
import { printJson } from './job-text.js';
import { count, formatOption, reporter } from './report.js';
import { findRoot } from './root.js';
import { clusterHelp, clusterOptions, openCluster, withCluster } from './with-cluster.js';

const options = { ...commonOptions, ...formatOption, ...clusterOptions } as const;
const usage = 'millrace doctor [TEAM…] [options]';

export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'check a cluster for what the manifests need',
  usage,
  help: `Checks a cluster for what the manifests need: versions, Tekton's types and flags, interceptors, namespaces and their Pod
Security, Secrets and their keys (by name: no value is shown), the objects of dist/, quotas, listeners and the way to
them, and what becomes of a predictor that runs out of memory. What you may not read is said and not counted as wrong.

usage: ${usage}

  TEAM                  only the namespaces of these teams; default: all of services/platform.yaml
${clusterHelp}
  --root DIR            the repository
  --format json         checks and problems as one JSON document on standard output
  --no-color            no colours

exit codes: 0 nothing must be mended (there may be warnings), 1 something must, 2 wrong usage, 3 a bug in millrace

example:
  millrace doctor --context production
`,
  run,
};

async function run(args: readonly string[], io: CliIo): Promise<number> {
  const { values, positionals: teams } = parseArguments(args, options, { least: 0, most: 1000, name: 'TEAM' });
  const json = isJson(values);
  const report = reporter(io, values);
  const { files, namespaces, services, diagnostics, sources } = compileRoot(findRoot(io, values.root));
  const print = (found: readonly Diagnostic[]): void => report(found, sources);
  const unknown = teams.filter((team) => !namespaces.some((each) => each.team === team));
  const known = namespaces.map(({ team }) => team);
  const problems = hasErrors(diagnostics)
    ? diagnostics
    : unknown.map((team) => diagnose('cluster/unknown-team', undefined, { team, known, takesNamespace: false }));
  if (problems.length > 0) {
    print(problems);
    return 1;
  }
  const objects = emittedObjects(
    files,
    files.map(({ path }) => path),
  );
  return withCluster(print, async (signal) => {
    const api = openCluster({ kubeconfig: values.kubeconfig, context: values.context, env: io.env, cwd: io.cwd }, signal);
    const patient: Patient = { api, namespaces, services, objects };
    const color = io.color && !values['no-color'];
    const checks: Check[] = [];
    const add = (section: string, found: readonly Check[]): void => {
      checks.push(...found);
      if (json) return;
      io.stdout(`${section}\n${found.map((each) => checkText(each, color)).join('')}`);
    };
    if (!json) io.stdout(`context ${api.context}, ${hideInValue(api.server)}\n\n`);
    add('cluster', await checkCluster(patient));
    for (const model of namespaces) {
      if (teams.length > 0 && !teams.includes(model.team)) continue;
      add(`\nnamespace ${model.namespace}`, await checkNamespace(patient, model));
    }
    const found = checks.flatMap((each) => each.diagnostics);
    if (json) io.stdout(printJson({ context: api.context, server: hideInValue(api.server), checks: checks.map(checkJson) }));
    else io.stdout(`\n${summary(found)}\n`);
    print(found);
    return hasErrors(found) ? 1 : 0;
  });
}

const marks = { ok: ['ok', 32], warning: ['warning', 33], problem: ['PROBLEM', 31], unknown: ['unknown', 36] } as const;

function checkText({ what, state, found }: Check, color: boolean): string {
  const [word, code] = marks[state];
  const mark = word.padEnd(7);
  return `  ${color ? `\x1b[${String(code)}m${mark}\x1b[0m` : mark}  ${what}: ${found}\n`;
}

function summary(found: readonly Diagnostic[]): string {
  const errors = found.filter(({ severity }) => severity === 'error').length;
  const rest = found.length - errors;
  return errors === 0 && rest === 0 ? 'all is well' : `${count(errors, 'problem')}, ${count(rest, 'warning')}`;
}

const checkJson = ({ namespace, what, state, found, diagnostics }: Check): object => ({
  namespace: namespace ?? null,
  what,
  state,
  found,
  diagnostics: diagnostics.map(({ code, severity, message, hint }) => ({ code, severity, message, hint: hint ?? null })),
});
