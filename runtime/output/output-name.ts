import { fileNameProblem } from '../../src/base/file-name.js';

/** Object stores take keys of at most 1,024 bytes. */
const longestKey = 1024;

/** Why a path cannot be published below `destination`, or undefined. Completes "whose name …". */
export function outputNameProblem(path: string, destination: string): string | undefined {
  const problem = fileNameProblem(path.slice(path.lastIndexOf('/') + 1));
  if (problem !== undefined) return problem;
  if (Buffer.byteLength(destination) + Buffer.byteLength(path) > longestKey)
    return `is longer than an object's key may be (${String(longestKey)} bytes with its folder)`;
  return undefined;
}
