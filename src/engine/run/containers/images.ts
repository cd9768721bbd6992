/** The images of a job: whatever can go wrong with them is told before its first step. */
import { parseImage } from '../../../base/image.js';
import { diagnose } from '../../../diagnostics/diagnose.js';
import type { Diagnostic } from '../../../diagnostics/diagnostic.js';
import { callEngine, problemOf } from './call.js';
import type { ContainerEngine } from './engine.js';

/** As the kubelet reads it: beside a digest, a tag says nothing. Some engines refuse both at once. */
export function imageName(image: string): string {
  const { tag, digest } = parseImage(image) ?? {};
  return tag === undefined || digest === undefined ? image : image.replace(`:${tag}@`, '@');
}

export interface ImageEvents {
  readonly pullStarts: (image: string) => void;
}

/** Pulls what is not on this machine, with the log-ins of its user. */
export async function ensureImages(
  engine: ContainerEngine,
  images: readonly string[],
  { pullStarts }: ImageEvents,
  signal: AbortSignal,
): Promise<readonly Diagnostic[]> {
  const problems: Diagnostic[] = [];
  for (const image of new Set(images)) {
    if (signal.aborted) return problems;
    const name = imageName(image);
    if ((await callEngine(engine, ['image', 'inspect', name], { seconds: 60, signal })).code === 0) continue;
    pullStarts(name);
    const answer = await callEngine(engine, ['pull', '--quiet', name], { signal });
    if (answer.code === 0 || signal.aborted) continue;
    problems.push(
      diagnose('run/image-not-pulled', undefined, {
        image: name,
        engine: engine.kind,
        registry: parseImage(image)?.registry ?? '',
        problem: problemOf(answer),
      }),
    );
  }
  return problems;
}
