import { closeSync } from 'node:fs';
import { resolve } from 'node:path';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { createKernel } from '../json/kernel.js';
import { createDocumentValidator, type DocumentValidator } from '../oip/document-validator.js';
import { createFactsCollector, type RequestFacts } from '../oip/expectations.js';
import { directions } from '../oip/members.js';
import { profiles } from '../oip/profile.js';
import { coercions, framings } from '../oip/settings.js';
import { violationsKept } from '../oip/violation.js';
import { commonOptions, parseArguments } from './arguments.js';
import { type CliIo, type Command, UsageError } from './command.js';
import { count, formatOption, reporter } from './report.js';
import { suggest } from './suggest.js';
import { toDiagnostic } from './validate-codes.js';
import { openFile, validateOpen } from './validate-file.js';
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

/** The word of an option, which is one of a few. */
function choice<T extends string>(option: string, word: string | undefined, known: readonly T[]): T | undefined {
  if (word === undefined) return undefined;
  const found = known.find((each) => each === word);
  if (found === undefined) throw new UsageError(`--${option} "${word}" is none of ${known.join(', ')}`, suggest(word, known, 'words'));
  return found;
}

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

function checkFile(file: string, cwd: string, validator: DocumentValidator, buffer: Uint8Array): Checked {
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
    if (!(error instanceof Error && 'code' in error && 'syscall' in error)) throw error;
    return failed(diagnose('validate/unreadable', where, { problem: String(error.code) }));
  } finally {
    closeSync(descriptor);
  }
}

/** What a request asks for, as far as it can be read; `validate` itself says what is wrong with it. */
function factsOf(file: string, cwd: string, buffer: Uint8Array): RequestFacts {
  const opened = openFile(resolve(cwd, file));
  if (!('descriptor' in opened)) throw new UsageError(`--request "${file}" cannot be read`);
  const facts = createFactsCollector();
  try {
    validateOpen(opened.descriptor, createDocumentValidator({ direction: 'request', facts, kept: 1 }), buffer);
  } finally {
    closeSync(opened.descriptor);
  }
  return facts.facts();
}

async function run(args: readonly string[], io: CliIo): Promise<number> {
  const { values, positionals } = parseArguments(args, options, { least: 1, most: Infinity, name: 'FILE' });
  const direction = choice('direction', values.direction, directions);
  if (direction === undefined) throw new UsageError('--direction is missing', 'give --direction request or --direction response');
  const framing = choice('framing', values.framing, framings);
  if (values.request !== undefined && (direction === 'request' || (framing ?? 'document') !== 'document')) {
    throw new UsageError('--request goes with --direction response, and files of one document');
  }
  const report = reporter(io, values);
  const accelerator = createKernel();
  const buffer = accelerator?.buffer ?? new Uint8Array(1 << 17);
  const validator = createDocumentValidator({
    accelerator,
    direction,
    framing,
    profile: choice('profile', values.profile, profiles),
    coercion: choice('coercion', values.coercion, coercions),
    kept: most(values.max),
    request: values.request === undefined ? undefined : factsOf(values.request, io.cwd, buffer),
  });
  const found: Diagnostic[] = [];
  let invalid = 0;
  for (const file of positionals) {
    const { diagnostics, errors, warnings } = checkFile(file, io.cwd, validator, buffer);
    found.push(...diagnostics);
    if (errors > 0) invalid += 1;
    const hidden = errors + warnings - diagnostics.length;
    const counted = [...(errors > 0 ? [count(errors, 'error')] : []), ...(warnings > 0 ? [count(warnings, 'warning')] : [])].join(', ');
    io.stdout(
      `${file}: ${errors === 0 ? 'valid' : 'invalid'}${counted === '' ? '' : `, ${counted}`}${hidden > 0 ? `, ${String(hidden)} not shown` : ''}\n`,
    );
  }
  report(found, new Map());
  io.stdout(`${count(positionals.length, 'file')}: ${invalid === 0 ? 'all valid' : `${String(invalid)} invalid`}\n`);
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
  --request FILE                the request that a response answers: its id, and the outputs it asks for
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
