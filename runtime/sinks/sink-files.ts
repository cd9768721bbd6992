import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { quote } from '../../src/base/quote.js';
import { sinkFiles, type NetworkSink, type SinkSource } from '../../src/contract/feedback.js';
import { isMissing } from '../base/files.js';
import { SinkProblem } from './sink-problem.js';

/** What a sink needs besides its settings. */
export interface SinkSecrets {
  /** The shared key or token. */
  readonly secret: string | undefined;
  /** Certificates in PEM. */
  readonly ca: string | undefined;
}

/** Reads what the settings ask for from the folder where it is mounted. */
export const readSinkFiles = async (settings: NetworkSink, folder: string): Promise<SinkSecrets> => ({
  secret: settings.secret && (await read(settings.secret, join(folder, sinkFiles.secret), problemOfLine)),
  ca: settings.ca && (await read(settings.ca, join(folder, sinkFiles.ca), problemOfCertificates)),
});

const problemOfLine = (text: string): string | undefined =>
  /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(text)
    ? undefined
    : 'is not one line of ASCII text without blanks around it; store it without a line break (with printf rather than echo)';

const begin = '-----BEGIN CERTIFICATE-----';

/** All of them: TLS would trust those before a damaged one, and say nothing of the rest. */
function problemOfCertificates(text: string): string | undefined {
  const certificates = text.split(begin).slice(1);
  if (certificates.length === 0) return 'holds no certificate in PEM form';
  const damaged = certificates.findIndex((each) => !isCertificate(begin + each));
  return damaged < 0 ? undefined : `holds certificates in PEM form of which number ${String(damaged + 1)} cannot be read`;
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

const longest = 1 << 20;

async function read({ kind, name, key }: SinkSource, path: string, problemOf: (text: string) => string | undefined): Promise<string> {
  const refuse = (problem: string): never => {
    throw new SinkProblem('secret', `needs the key ${quote(key)} of the ${kind} ${quote(name)}, which ${problem}`);
  };
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return refuse("is missing in the run's namespace");
    throw error;
  }
  if (text === '') return refuse('is empty');
  if (text.length > longest) return refuse('is longer than 1 MiB');
  const problem = problemOf(text);
  return problem === undefined ? text : refuse(problem);
}
