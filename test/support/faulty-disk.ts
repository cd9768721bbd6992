import { nodeDisk, type Disk } from '../../src/emit/disk.js';

/** A fault as the operating system reports it. */
export const fault = (code: string, step: string): Error => Object.assign(new Error(`${code}: injected, ${step}`), { code, syscall: step });

export interface FaultyDisk {
  readonly disk: Disk;
  /** Names of all calls so far, in order. */
  readonly calls: string[];
}

/**
 * The real disk, but for the calls that `fails` picks by number (from 1) and name: those throw. A write that fails leaves
 * half of its text behind, as a full disk does.
 */
export function faultyDisk(fails: (number: number, name: string) => string | undefined): FaultyDisk {
  const calls: string[] = [];
  const disk = new Proxy(nodeDisk, {
    get(target, name) {
      const real: unknown = Reflect.get(target, name);
      if (typeof real !== 'function') return real;
      return (...args: unknown[]): unknown => {
        calls.push(String(name));
        const code = fails(calls.length, String(name));
        if (code === undefined) return Reflect.apply(real, undefined, args);
        if (name === 'writeFileSync' && (typeof args[1] === 'string' || args[1] instanceof Uint8Array) && code === 'ENOSPC') {
          Reflect.apply(real, undefined, [args[0], args[1].slice(0, args[1].length / 2), ...args.slice(2)]);
        }
        throw fault(code, String(name));
      };
    },
  });
  return { disk, calls };
}
