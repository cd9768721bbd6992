/** The WebAssembly module of assembly/, in Base64; scripts/kernel.mjs writes it. */
export const kernelBinary: string;
