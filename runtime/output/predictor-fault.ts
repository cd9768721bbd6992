import { failure } from '../base/failure.js';

/**
 * Does something with what the predictor wrote. Where the system refuses it, the predictor made it so, and the sentence
 * names the file: another attempt would find the same. `path` is relative to the output, empty for the folder itself.
 */
export async function fromPredictor<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const file = path.replace(/\/$/, '');
    switch (code) {
      case 'ENOENT':
      case 'ESTALE':
        throw file === '' ? failure('runtime/unsafe-output', { file, kind: 'not there any more' }) : failure('runtime/output-changed', { file });
      // A link or a file in place of a folder, or a link in place of a file.
      case 'ELOOP':
      case 'ENOTDIR':
        throw failure('runtime/unsafe-output', { file, kind: file === '' ? 'a link or a file' : 'a link' });
      // A socket, or a device without a driver.
      case 'ENXIO':
      case 'ENODEV':
        throw failure('runtime/unsafe-output', { file, kind: 'a socket or a device' });
      case 'EACCES':
      case 'EPERM':
        throw failure('runtime/unsafe-output', { file, kind: `closed to the other steps of the job (${code})` });
      case 'ENAMETOOLONG':
        throw failure('runtime/bad-output-name', { file, problem: 'is longer than the system reads' });
      default:
        throw error;
    }
  }
}
