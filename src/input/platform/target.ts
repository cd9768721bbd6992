import { diagnose } from '../../diagnostics/diagnose.js';
import type { Diagnostic, Path } from '../../diagnostics/diagnostic.js';
import type { PlatformSpec } from '../generated/types.js';

/** The oldest versions that have what the output uses: step results in `when`, one EventListener with trigger groups. */
const oldest = {
  kubernetes: { minimum: '1.28', what: 'Kubernetes' },
  pipelines: { minimum: '1.15', what: 'Tekton Pipelines' },
  triggers: { minimum: '0.37', what: 'Tekton Triggers' },
} as const;

const components = ['kubernetes', 'pipelines', 'triggers'] as const;

/** Minor versions that are compared as numbers: 1.9 is older than 1.28. */
export const isOlder = (version: string, minimum: string): boolean => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [least = 0, leastMinor = 0] = minimum.split('.').map(Number);
  return major < least || (major === least && minor < leastMinor);
};

/** The versions that the output is made for are not older than what it needs. */
export const checkTarget = ({ target }: PlatformSpec, file: string, path: Path): readonly Diagnostic[] =>
  components.flatMap((component) => {
    const { minimum, what } = oldest[component];
    const found = target[component];
    return isOlder(found, minimum)
      ? [diagnose('input/target-too-old', { file, path: [...path, 'target', component] }, { what, found, minimum })]
      : [];
  });
