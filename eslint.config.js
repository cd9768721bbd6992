import tseslint from 'typescript-eslint';

/** Rank of every folder of src/: a file imports its own folder and lower ranks only (ARCHITECTURE.md). */
const ranks = [
  ['base', 'json', 'oip', 'contract'],
  ['diagnostics'],
  ['source'],
  ['input', 'model'],
  ['resolve'],
  ['check', 'cel'],
  ['manifests'],
  ['constructs', 'emit'],
  ['engine'],
  ['odahu', 'cluster'],
  ['cli'],
];

/** Folders that share a rank but may use one another in this direction: cel is built on nothing, base serves the rest of rank 0. */
const sameRank = new Map([
  ['oip', ['json', 'base']],
  ['json', ['base']],
  ['contract', ['oip', 'base']],
]);

const importRules = ranks.flatMap((folders, rank) =>
  folders.map((folder) => {
    const allowed = new Set([...ranks.slice(0, rank).flat(), folder, ...(sameRank.get(folder) ?? [])]);
    const forbidden = ranks.flat().filter((other) => !allowed.has(other));
    const patterns = forbidden.length
      ? [{ regex: `^(\\.\\./)+(${forbidden.join('|')})/`, message: `src/${folder} may import lower ranks only` }]
      : [];
    // compile.ts has the rank of engine: nothing below it may import it.
    if (rank < 8) patterns.push({ regex: '^(\\.\\./)+(compile|index|main)\\.js$', message: 'stages do not import the program that joins them' });
    if (folder !== 'source' && folder !== 'cli') patterns.push({ regex: '^yaml$', message: 'source/ is the only importer of yaml' });
    // Its one importer is a bundle of its own; lint sees the rest.
    patterns.push({ regex: '^@kubernetes/', message: 'src/cluster/kube-access.ts is the only importer of the Kubernetes client' });
    if (folder !== 'constructs') patterns.push({ regex: '^(cdk8s|constructs)$', message: 'constructs/ is the only importer of cdk8s' });
    return { files: [`src/${folder}/**/*.ts`], rules: { 'no-restricted-imports': ['error', { patterns }] } };
  }),
);

/** The core does no IO: only cli/, the writer and the runners touch disk, environment, clock or randomness. */
const pure = {
  files: [
    'src/{base,json,oip,contract,diagnostics,source,input,model,resolve,check,cel,manifests,constructs}/**/*.ts',
    'src/{compile,analyze,read-definitions}.ts',
  ],
  rules: {
    'no-restricted-globals': ['error', 'process', 'Buffer', 'fetch', 'setTimeout', 'performance'],
    'no-restricted-syntax': [
      'error',
      { selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']", message: 'the core has no clock' },
      { selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']", message: 'the core has no randomness' },
      { selector: 'ImportDeclaration[source.value=/^node:(fs|child_process|os|net|http|https|process)/]', message: 'the core does no IO' },
    ],
  },
};

export default tseslint.config(
  {
    ignores: [
      'lib/**',
      'dist/**',
      '.cdk8s-out/**',
      'src/input/generated/**',
      'src/json/generated/**',
      'assembly/**',
      'node_modules/**',
      'examples/**',
      'scaffold/**',
    ],
  },
  ...tseslint.configs.strict,
  {
    files: ['**/*.ts'],
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-invalid-void-type': 'off',
      eqeqeq: ['error', 'always'],
      'no-console': 'error',
    },
  },
  {
    files: ['runtime/**/*.ts'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [{ regex: 'src/(?!base|json|oip|contract)', message: 'runtime/ imports rank 0 only' }] }],
    },
  },
  ...importRules,
  { files: ['src/cluster/kube-access.ts'], rules: { 'no-restricted-imports': 'off' } },
  pure,
  { files: ['scripts/**', 'bench/**', 'test/**'], rules: { 'no-console': 'off' } },
);
