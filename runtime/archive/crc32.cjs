// Stands for yauzl's own table of 256 numbers, which is three times the size of this; see scripts/runtime.mjs.
'use strict';

/** Remainder of each byte by the polynomial of zip and gzip (ISO 3309), bits reversed. */
const remainders = Int32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});

/** CRC-32 of bytes, as zlib.crc32 of Node 20.15 and 22.2. */
module.exports = (bytes) => {
  let crc = -1;
  for (const byte of bytes) crc = remainders[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return ~crc >>> 0;
};
