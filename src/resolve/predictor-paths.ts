import { mountPaths } from '../contract/paths.js';
import type { ModelSource } from '../input/generated/types.js';

/** Where the predictor finds its model. */
export const modelPathOf = (model: ModelSource): string => ('imagePath' in model ? model.imagePath : mountPaths.model);

/** The six variables by which a predictor finds its folders: the names in ODAHU's documentation and those its code used. */
export const predictorPaths = (modelPath: string) =>
  ({
    ODAHU_MODEL: modelPath,
    ODAHU_MODEL_PATH: modelPath,
    ODAHU_MODEL_INPUT: mountPaths.input,
    ODAHU_INPUT_PATH: mountPaths.input,
    ODAHU_MODEL_OUTPUT: mountPaths.output,
    ODAHU_OUTPUT_PATH: mountPaths.output,
  }) as const;

const variable = /^\$\(([A-Za-z0-9_]+)\)$/;

/** `$(ODAHU_…)` as a whole argument becomes its path; every other argument stays. */
export function replaceVariables(args: readonly string[], modelPath: string): readonly string[] {
  const paths: Readonly<Record<string, string>> = predictorPaths(modelPath);
  return args.map((argument) => {
    const name = variable.exec(argument)?.[1];
    return name !== undefined && Object.hasOwn(paths, name) ? (paths[name] ?? argument) : argument;
  });
}
