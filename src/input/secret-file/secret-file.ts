/**
 * Files that hold a Secret in encrypted form: SealedSecrets, and Secrets encrypted with SOPS. They are not ours, and they reach
 * a cluster, so only the shape that their own tools write is taken, and no field whose effect on a cluster we do not know.
 */
import { diagnose } from '../../diagnostics/diagnose.js';
import type { Path, Result } from '../../diagnostics/diagnostic.js';
import type { SourceDocument } from '../../source/source.js';
import { isMap } from '../values.js';
import { readSealedSecret, type SealedSecretFile } from './sealed-secret.js';
import { subjectOf } from './shape.js';
import { readSopsSecret, type SopsSecretFile } from './sops-secret.js';

export type SecretFile = SealedSecretFile | SopsSecretFile;

/** What a file says, or what is wrong with it. No message and no place repeats a value. */
export function readSecretFile({ file, value }: SourceDocument): Result<SecretFile> {
  const refuse = (path: Path, problem: string, hint: string): Result<never> => [
    undefined,
    [
      diagnose('input/secret-file', path.length > 0 ? { file: file.path, path, target: 'key' } : { file: file.path, path }, {
        subject: subjectOf(path),
        problem,
        hint,
      }),
    ],
  ];
  if (!isMap(value)) return refuse([], 'is no object of Kubernetes', 'a file here is a SealedSecret, or a Secret encrypted with SOPS');
  const { apiVersion, kind } = value;
  if (typeof kind === 'string' && kind.startsWith('ENC[')) return refuse(['kind'], 'is encrypted as a whole', wholeHint);
  if (kind === 'SealedSecret' && apiVersion === 'bitnami.com/v1alpha1') return readSealedSecret(file, value);
  if (kind === 'Secret' && apiVersion === 'v1') return readSopsSecret(file, value);
  return refuse(
    'kind' in value ? ['kind'] : [],
    'is neither a SealedSecret of bitnami.com/v1alpha1 nor a Secret of v1',
    'a file here is what kubeseal or sops wrote for one Secret',
  );
}

const wholeHint = "encrypt the values only: sops --encrypt --encrypted-regex '^(data|stringData)$'";
