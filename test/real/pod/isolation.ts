/** What a predictor in a Pod can see and change. The search must also find what is there, or it would prove nothing. */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { story } from '../support/run-pod.js';
import { disguises, put, upload } from '../support/stores.js';
import type { Bed } from './bed.js';

/** What the predictor look-around.mjs prints. */
interface Report {
  readonly found: readonly { readonly path: string; readonly text: string }[];
  readonly writable: readonly string[];
  readonly env: readonly string[];
  readonly mounts: readonly string[];
  readonly folders: Readonly<Record<string, readonly string[]>>;
  readonly status: Readonly<Record<string, string>>;
}

/** Of the model and of the environment: both are there to be found. */
const known = ['{"factor": 10}', 'ODAHU_MODEL_INPUT=/mnt/job/input'];
/** How every token of a service account starts. */
const token = 'eyJhbGciOi';

export function testIsolation(bed: () => Bed): void {
  describe('a predictor that looks around', () => {
    let seen: Report | undefined;
    const report = (): Report => {
      if (!seen) throw new Error('the predictor reported nothing');
      return seen;
    };

    beforeAll(async () => {
      const store = bed().stores.of.s3;
      const content = join(bed().root, 'content-look-around');
      const wanted = [...known, token, ...store.canaries.flatMap(disguises)].map((text) => [...encodeURIComponent(text)].reverse().join(''));
      const request = { id: 'a', parameters: { wanted: wanted.join(' ') }, inputs: [{ name: 'x', datatype: 'INT32', shape: [1], data: [1] }] };
      put(content, 'in/look-around/a.json', JSON.stringify(request));
      await upload(store, content);
      const pod = await bed().run({ service: 'look-around', name: 'look-around--1', dataPath: 'in/look-around/' });
      expect(pod.phase, story(pod)).toBe('Succeeded');
      seen = JSON.parse(pod.logs['user-container'] ?? '') as Report;
    });

    it('finds no credential and no token in any file, environment or command line, but what it may know', () => {
      const { found } = report();
      expect([...new Set(found.map(({ text }) => text))].sort()).toEqual([...known].sort());
      expect(found.find(({ text }) => text === known[0])?.path).toBe('/mnt/job/model/model.json');
    });

    it('sees no rclone.conf, no control files, no runtime and no Secret', () => {
      const { folders } = report();
      expect(folders).toEqual({
        '/mnt/job': ['input', 'model', 'output'],
        '/mnt/job/model': ['model.json', 'package.json', 'predictor.mjs'],
        '/var/run/millrace': [],
        '/var/run/secrets': [],
        '/run/secrets': [],
        '/opt/millrace': [],
      });
    });

    it('can write to its output, to /tmp and to shared memory, and otherwise only to what is not ours', () => {
      // /tekton is Tekton's. /dev/mqueue holds the message queues of the pod, no files; the container runtime mounts it.
      const others = ['/tekton', '/dev/mqueue'];
      expect(report().writable.filter((path) => !others.includes(path))).toEqual(['/dev/shm', '/mnt/job/output', '/tmp']);
    });

    it('has the mounts of its step and those that every container has', () => {
      const ofEvery = /^\/(dev|dev\/(mqueue|pts)|etc\/(hostname|hosts|resolv\.conf)|run\/\.containerenv|tekton|tekton\/termination)?$/;
      expect(report().mounts.filter((path) => !ofEvery.test(path))).toEqual([
        '/dev/shm',
        '/mnt/job/input',
        '/mnt/job/model',
        '/mnt/job/output',
        '/tmp',
      ]);
    });

    it('has the variables of its step, and no others but those of the image, the shell and the cluster', () => {
      const ofOthers = /^(HOSTNAME|PATH|PWD|SHLVL|_|NODE_VERSION|YARN_VERSION|KUBERNETES_(PORT|SERVICE)(_\w+)?)$/;
      const odahu = ['MODEL', 'MODEL_INPUT', 'MODEL_OUTPUT', 'MODEL_PATH', 'INPUT_PATH', 'OUTPUT_PATH'].map((name) => `ODAHU_${name}`);
      expect(report().env.filter((name) => !ofOthers.test(name))).toEqual(['HOME', ...odahu].sort());
    });

    it('has no user but 65532, no capability and no way to more', () => {
      const user = Array.from({ length: 4 }, () => '65532').join('\t');
      expect(report().status).toEqual({ user, group: user, capabilities: '0'.repeat(16), noNewPrivileges: '1', seccomp: '2' });
    });
  });
}
