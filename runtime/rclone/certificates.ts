import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import type { StepConnection } from '../../src/contract/step-connection.js';
import { failure } from '../base/failure.js';
import { readMounted } from './secrets.js';

/** Bytes: as much as a ConfigMap can hold. */
const longest = 1_048_576;

const block = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/**
 * Checks the certificates that a connection brings. What rclone cannot read there it leaves out without a word, and every
 * transfer would fail with an unknown authority.
 * @param folder where they are mounted, each as `<connection>.crt`
 */
export async function checkCertificates(name: string, { ca }: StepConnection, folder: string): Promise<void> {
  if (!ca) return;
  const refuse = (problem: string): never => {
    throw failure('runtime/bad-ca-bundle', { connection: name, name: ca.name, key: ca.key, problem });
  };
  const bytes = await readMounted(join(folder, `${name}.crt`), longest);
  if (bytes === undefined) throw failure('runtime/missing-ca-bundle', { connection: name, name: ca.name, key: ca.key });
  if (bytes === 'no file') return refuse('is no regular file in the folder where the ConfigMap is mounted');
  if (bytes.length > longest) return refuse('is longer than 1 MiB');
  const text = Buffer.from(bytes).toString('latin1');
  if (text.includes('PRIVATE KEY-----')) return refuse('holds a private key, which belongs in no ConfigMap: take it out, and use a new one');
  const certificates = text.match(block) ?? [];
  if (certificates.length === 0) return refuse('holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)');
  const broken = certificates.findIndex((certificate) => !isCertificate(certificate));
  if (broken >= 0) return refuse(`holds a block that is no certificate: the ${String(broken + 1)}. of ${String(certificates.length)}`);
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
