import { forTerminal } from '../base/text.js';
import { hasErrors, type Diagnostic } from '../diagnostics/diagnostic.js';
import { renderText } from '../diagnostics/render/text.js';
import { predictorStep } from '../engine/run/machine.js';
import { runJob } from '../engine/run/run-job.js';
import { failedStep } from '../engine/run/run-task.js';
import type { CliIo, Command } from './command.js';
import { compileRoot } from './compile-root.js';
import { runHelp, runUsage } from './run-help.js';
import { prepare, type Start } from './run-prepare.js';
import { showProgress } from './run-progress.js';
import { failureOf, failureText, successText } from './run-report.js';
import { readSettings, type RunSettings } from './run-settings.js';
import { catchSignals, type Signals } from './signals.js';

export const runCommand: Command = {
  name: 'run',
  summary: 'run the job of a service on this machine',
  usage: runUsage,
  help: runHelp,
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

/** Which engine was found, and whether it runs more than the predictor. */
const containersText = ({ containers, machine }: Start): string =>
  containers ? ` (${machine.containers === 'all' ? 'all steps' : 'predictor'} in ${containers.engine.kind})` : '';

/** For which time, to the minute: what its dates come from. */
const scheduleText = ({ schedule }: RunSettings): string =>
  schedule ? `, as schedule ${schedule.name} starts it for ${schedule.time.toISOString().slice(0, 16)}Z` : '';

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
    io.stdout(`job ${start.jobId} of ${settings.team}/${settings.service}${scheduleText(settings)}${containersText(start)}\n\n`);
    const progress = showProgress(io, task.steps, predictorStep);
    const started = performance.now();
    // Told at the end, where it stands in no one's line.
    const warnings = [...start.warnings];
    const notice = (diagnostic: Diagnostic): void => void warnings.push(diagnostic);
    const end = await runJob({ ...start, signal: signals.signal, events: { ...progress, notice } });
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
    const problem = work.release(settings.keep || !succeeded);
    if (problem !== undefined) io.stderr(`work folder: ${start.workName} (could not be removed: ${problem})\n`);
  }
}
