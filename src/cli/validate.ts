import { randomInt } from 'node:crypto';
import { closeSync } from 'node:fs';
import { resolve } from 'node:path';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { isDiskError, reasonOf } from '../emit/disk.js';
import { createKernel } from '../json/kernel.js';
import { createDocumentValidator, type DocumentValidator, type ValidatorOptions } from '../oip/document-validator.js';
import type { FindFacts, RequestFacts } from '../oip/expectations.js';
import { directions } from '../oip/members.js';
import { profiles } from '../oip/profile.js';
import { coercions, framings } from '../oip/settings.js';
import { violationsKept } from '../oip/violation.js';
import { choice, commonOptions, parseArguments } from './arguments.js';
import { type CliIo, type Command, UsageError } from './command.js';
import { openFile } from './open-file.js';
import { count, formatOption, reporter } from './report.js';
import { toDiagnostic } from './validate-codes.js';
import { validateOpen } from './validate-file.js';
import { windowsOf } from './validate-windows.js';

const options = {
  ...commonOptions,
  ...formatOption,
  direction: { type: 'string' },
  profile: { type: 'string' },
  framing: { type: 'string' },
  coercion: { type: 'string' },
  request: { type: 'string' },
  max: { type: 'string' },
} as const;

function most(text: string | undefined): number {
  if (text === undefined) return violationsKept;
  if (!/^[1-9][0-9]{0,5}$/.test(text)) throw new UsageError(`--max "${text}" is no number from 1 to 999999`);
  return Number(text);
}

interface Checked {
  readonly diagnostics: readonly Diagnostic[];
  /** Also those that are not shown. */
  readonly errors: number;
  readonly warnings: number;
}

/** A validator, and what it reads fastest from. */
interface Checker {
  readonly validator: DocumentValidator;
  readonly buffer: Uint8Array;
}

function createChecker(options: Omit<ValidatorOptions, 'accelerator' | 'nameKey'>): Checker {
  const accelerator = createKernel();
  const nameKey = [randomInt(2 ** 32), randomInt(2 ** 32)] as const;
  return { validator: createDocumentValidator({ ...options, accelerator, nameKey }), buffer: accelerator?.buffer ?? new Uint8Array(1 << 17) };
}

function checkFile(file: string, cwd: string, { validator, buffer }: Checker): Checked {
  const failed = (diagnostic: Diagnostic): Checked => ({ diagnostics: [diagnostic], errors: 1, warnings: 0 });
  const where = { file, path: [] };
  const opened = openFile(resolve(cwd, file));
  if ('kind' in opened) return failed(diagnose('validate/not-a-file', where, { kind: opened.kind }));
  if ('problem' in opened) return failed(diagnose('validate/unreadable', where, { problem: opened.problem }));
  const { descriptor } = opened;
  try {
    const { violations, errors, warnings } = validateOpen(descriptor, validator, buffer);
    if (violations.length === 0) return { diagnostics: [], errors, warnings };
    const windows = windowsOf(descriptor, violations, buffer);
    const diagnostics = violations.flatMap((violation, index) => {
      const window = windows[index];
      return window ? [toDiagnostic(file, violation, window)] : [];
    });
    return { diagnostics, errors, warnings };
  } catch (error) {
    if (!isDiskError(error)) throw error;
    return failed(diagnose('validate/unreadable', where, { problem: reasonOf(error) }));
  } finally {
    closeSync(descriptor);
  }
}

/** What the requests of a file ask for, where nothing is wrong with it. */
function checkRequest(
  file: string,
  cwd: string,
  settings: Pick<ValidatorOptions, 'profile' | 'framing' | 'coercion' | 'kept'>,
): [Checked, FindFacts | undefined] {
  const opened = openFile(resolve(cwd, file));
  if (!('descriptor' in opened)) throw new UsageError(`--request "${file}" cannot be read`);
  closeSync(opened.descriptor);
  const found = new Map<number, RequestFacts>();
  const facts = (asked: RequestFacts, place: number): void => {
    if (asked.id !== undefined || asked.outputs) found.set(place, asked);
  };
  const checked = checkFile(file, cwd, createChecker({ ...settings, direction: 'request', facts }));
  return [checked, checked.errors === 0 ? (place) => found.get(place) : undefined];
}

function verdictOf(file: string, { diagnostics, errors, warnings }: Checked): string {
  const hidden = errors + warnings - diagnostics.length;
  const counted = [...(errors > 0 ? [count(errors, 'error')] : []), ...(warnings > 0 ? [count(warnings, 'warning')] : [])].join(', ');
  return `${file}: ${errors === 0 ? 'valid' : 'invalid'}${counted === '' ? '' : `, ${counted}`}${hidden > 0 ? `, ${String(hidden)} not shown` : ''}\n`;
}

async function run(args: readonly string[], io: CliIo): Promise<number> {
  const { values, positionals } = parseArguments(args, options, { least: 1, most: Infinity, name: 'FILE' });
  const direction = choice('--direction', values.direction, directions);
  if (direction === undefined) throw new UsageError('--direction is missing', 'give --direction request or --direction response');
  if (values.request !== undefined && direction === 'request') throw new UsageError('--request goes with --direction response');
  const report = reporter(io, values);
  const settings = {
    profile: choice('--profile', values.profile, profiles),
    framing: choice('--framing', values.framing, framings),
    coercion: choice('--coercion', values.coercion, coercions),
    kept: most(values.max),
  };
  const found: Diagnostic[] = [];
  let invalid = 0;
  const tell = (file: string, checked: Checked): void => {
    found.push(...checked.diagnostics);
    if (checked.errors > 0) invalid += 1;
    io.stdout(verdictOf(file, checked));
  };
  let request: FindFacts | undefined;
  if (values.request !== undefined) {
    const [checked, facts] = checkRequest(values.request, io.cwd, settings);
    tell(values.request, checked);
    request = facts;
  }
  const checker = createChecker({ ...settings, direction, request });
  for (const file of positionals) tell(file, checkFile(file, io.cwd, checker));
  report(found, new Map());
  const files = positionals.length + (values.request === undefined ? 0 : 1);
  io.stdout(`${count(files, 'file')}: ${invalid === 0 ? 'all valid' : `${String(invalid)} invalid`}\n`);
  return Promise.resolve(invalid === 0 ? 0 : 1);
}

export const validateCommand: Command = {
  name: 'validate',
  summary: 'check files against the Open Inference Protocol',
  usage: 'millrace validate FILE… --direction request|response [OPTION…]',
  help: `Checks files against the Open Inference Protocol V2 with the validator of the jobs. Files may be of any size.

usage: millrace validate FILE… --direction request|response [OPTION…]

  --direction request|response  what the files are
  --profile spec                what the text of the protocol requires (default)
            odahu               what ODAHU refuses; the rest are warnings
            portable            also what most servers refuse
  --framing document            one document per file (default)
            jsonl               one document per line
            array               the items of one array
  --coercion refuse|allow       elements that a server could convert, as 1.0 for INT32, are errors (default) or warnings
  --request FILE                the request that each file answers: its id, and the outputs it asks for; in files of
                                several, the n-th response answers the n-th request.
                                It is checked, too; where it is invalid, the responses are checked without it
  --max N                       show at most so many errors, and so many warnings, of a file; default: ${String(violationsKept)}
  --format text|json|github|sarif

exit codes: 0 all files are valid (warnings do not matter), 1 one is not, 2 wrong usage

examples:
  millrace validate requests/*.json --direction request
  millrace validate answer.json --direction response --request question.json --profile odahu
  millrace validate all.json --direction request --framing jsonl --format sarif 2> results.sarif
`,
  run,
};
