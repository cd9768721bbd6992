import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Writes a file line by line, with few system calls. */
export interface LineWriter {
  write(line: string): Promise<void>;
  close(): Promise<void>;
}

const bufferSize = 1 << 16;

/** Opens the file, empty, and makes the folders above it; up to 64 Ki characters wait in memory. What is not closed may not be there. */
export async function createLineWriter(path: string): Promise<LineWriter> {
  await mkdir(dirname(path), { recursive: true });
  const handle = await open(path, 'w', 0o644);
  let pending = '';
  const flush = async (): Promise<void> => {
    const text = pending;
    pending = '';
    if (text !== '') await handle.writeFile(text);
  };
  return {
    write: async (line) => {
      pending += `${line}\n`;
      if (pending.length > bufferSize) await flush();
    },
    close: async () => {
      try {
        await flush();
      } finally {
        await handle.close();
      }
    },
  };
}
