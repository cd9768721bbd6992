import { join, relative, resolve } from 'node:path';
import { forTerminal } from '../base/text.js';
import type { CompileResult } from '../compile.js';
import { diagnose } from '../diagnostics/diagnose.js';
import { hasErrors, type Diagnostic, type Result } from '../diagnostics/diagnostic.js';
import { renderText } from '../diagnostics/render/text.js';
import { configMapFiles, findTask } from '../engine/run/job.js';
import { checkMachine, checkPaths, type JobOptions, predictorStep, runJob } from '../engine/run/run-job.js';
import { failedStep } from '../engine/run/run-task.js';
import type { Step } from '../engine/run/task.js';
import { claimWorkFolder } from '../engine/run/work-folder.js';
import type { CliIo, Command } from './command.js';
import { compileRoot } from './compile-root.js';
import { emittedObjects } from './emitted-objects.js';
import { startingParams } from './run-params.js';
import { showProgress } from './run-progress.js';
import { failureOf, failureText, successText } from './run-report.js';
import { readSettings, type RunSettings } from './run-settings.js';
import { catchSignals, type Signals } from './signals.js';

const usage = 'millrace run TEAM/NAME --store DIR --exec [--exec-map FOLDER=DIR…] [--request FILE] [options]';

export const runCommand: Command = {
  name: 'run',
  summary: 'run the job of a service on this machine',
  usage,
  help: `Runs the job of a service on this machine: the nine steps of the Task that synth writes, in their order,
with the real rclone, the runtime of the cluster and the predictor as a process.

usage: ${usage}

  --store DIR           folders in place of the stores: DIR/raw/fraud/in/ is the path fraud/in/ of connection raw
  --exec                run the predictor as a process of this machine (required: containers are not supported yet)
  --exec-map FOLDER=DIR a folder of the service's image that is DIR here, for its command, arguments and environment;
                        may be given several times
  --request FILE        start it by this job body, as the listener would; without it, by the service's own defaults
  --caller NAME         who sends the request; default: the first caller of the service
  --job-id NAME         the job's name; default: NAME--local
  --work DIR            where the volumes of the job are; default: .millrace-run/<job> in the repository
  --keep                keep the volumes of a run that succeeded; those of one that failed are always kept
  --root DIR            the repository
  --no-color            no colours

Needed on PATH: rclone 1.75 or later, and the program of the service's command.

What is not as on a cluster: --exec runs the predictor with your own rights, so nothing isolates it from your files and
the network; resources are not limited; the signature of a request is not checked; no Secret is read. Each step gets a
clean environment: PATH, HOME and TMPDIR of its own, and what the Task says.

Ctrl-C, SIGTERM and SIGHUP end at once all that the run has started; nothing more is published.

exit codes: 0 the job succeeded, 1 it failed or could not start, 2 wrong usage, 130 stopped by Ctrl-C

example:
  millrace run risk/fraud-scorer --store examples/fraud/store --exec --exec-map /opt/app=examples/fraud
`,
  run,
};

async function run(args: readonly string[], io: CliIo): Promise<number> {
  const settings = readSettings(args, io);
  const compiled = compileRoot(settings.root);
  const print = (diagnostics: readonly Diagnostic[]): void => {
    io.stderr(renderText(diagnostics, compiled.sources, { color: settings.color }));
  };
  if (hasErrors(compiled.diagnostics)) {
    print(compiled.diagnostics);
    return 1;
  }
  const signals = catchSignals();
  try {
    const [start, problems] = await prepare(compiled, settings, io, signals.signal);
    if (!start) {
      print(problems);
      return signals.exitCode ?? 1;
    }
    return await carryOut(start, settings, printable(io), signals, print);
  } finally {
    signals.release();
  }
}

/** All that a run needs; nothing of it has started. */
type Start = Omit<JobOptions, 'signal' | 'events'> & { readonly workName: string };

async function prepare({ files, services }: CompileResult, settings: RunSettings, io: CliIo, signal: AbortSignal): Promise<Result<Start>> {
  const { team, service: name, root, jobId } = settings;
  const service = services.find((each) => each.name === name && each.namespace.team === team);
  if (!service) {
    const known = services.map((each) => `${each.namespace.team}/${each.name}`).sort();
    return [undefined, [diagnose('run/unknown-service', undefined, { team, name, known })]];
  }
  const { namespace } = service.namespace;
  const objects = emittedObjects(files, [`${namespace}/platform.yaml`, `${namespace}/${name}.yaml`]);
  const task = findTask(objects, namespace, name);
  const machine = { store: resolve(io.cwd, settings.store), imageFolders: settings.imageFolders, searchPath: io.env['PATH'] ?? '' };
  const [params, refusals] = startingParams(objects, service, settings, io);
  const missing = await checkMachine(task, machine, settings.store, signal);
  if (signal.aborted) return [undefined, []];
  if (!params || missing.length > 0) return [undefined, [...refusals, ...missing]];

  const path = settings.work === undefined ? join(root, '.millrace-run', jobId) : resolve(io.cwd, settings.work);
  const workName = settings.work ?? relative(io.cwd, path);
  const [work, problems] = claimWorkFolder(path, workName);
  if (!work) return [undefined, problems];
  return [{ task, jobId, params, configMap: (each) => configMapFiles(objects, namespace, each), machine, work, workName }, []];
}

type Output = Pick<CliIo, 'stdout' | 'stderr'>;

/** What programs print, and names of files that they choose, may hold anything: none of it acts on the terminal. */
const printable = (io: Output): Output => ({
  stdout: (text) => io.stdout(forTerminal(text)),
  stderr: (text) => io.stderr(forTerminal(text)),
});

async function carryOut(
  start: Start,
  settings: RunSettings,
  io: Output,
  signals: Signals,
  print: (diagnostics: readonly Diagnostic[]) => void,
): Promise<number> {
  const { task, work } = start;
  let succeeded = false;
  try {
    io.stdout(`job ${start.jobId} of ${settings.team}/${settings.service}\n\n`);
    const progress = showProgress(io, task.steps, predictorStep);
    const started = performance.now();
    // Told at the end, where it stands in no one's line.
    const warnings = [...checkPaths(task, start.machine)];
    const changedReadOnly = (step: Step, paths: readonly string[]): void => {
      warnings.push(diagnose('run/read-only-changed', undefined, { step: step.name, paths: paths.slice(0, 3), more: Math.max(paths.length - 3, 0) }));
    };
    const end = await runJob({ ...start, signal: signals.signal, events: { ...progress, changedReadOnly } });
    const failed = failedStep(end.steps);
    succeeded = failed === undefined;
    if (!failed) {
      print(warnings);
      io.stdout(successText(end, (performance.now() - started) / 1000, settings));
      if (settings.keep) io.stderr(`work folder: ${start.workName}\n`);
      return 0;
    }
    print([...warnings, ...(signals.exitCode === undefined ? [failureOf(end, failed, task, progress)] : [])]);
    io.stderr(`${failureText(end, failed, progress, settings)}work folder: ${start.workName}\n`);
    return signals.exitCode ?? 1;
  } finally {
    work.release(settings.keep || !succeeded);
  }
}
