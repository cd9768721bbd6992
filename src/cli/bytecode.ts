import { createHash } from 'node:crypto';

/** Bytes of the seal before the bytecode. */
const sealLength = 32;

/**
 * What binds bytecode to the bundle and the Node it was made by. V8 itself compares little: bytecode with one wrong bit
 * runs, and crashes or gives a wrong answer.
 */
const sealOf = (bundle: Uint8Array, bytecode: Uint8Array): Buffer =>
  createHash('sha256').update(`${process.version} ${process.platform} ${process.arch}\n`).update(bundle).update(bytecode).digest();

/** Bytecode with a digest in front, by which {@link openBytecode} knows that it is whole, and whose. */
export const sealBytecode = (bundle: Uint8Array, bytecode: Uint8Array): Buffer => Buffer.concat([sealOf(bundle, bytecode), bytecode]);

/** The bytecode, if it is whole and belongs to this bundle and this Node. */
export function openBytecode(bundle: Uint8Array, sealed: Buffer): Buffer | undefined {
  const bytecode = sealed.subarray(sealLength);
  return sealOf(bundle, bytecode).equals(sealed.subarray(0, sealLength)) ? bytecode : undefined;
}
