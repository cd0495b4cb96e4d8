// @ts-check
import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

/**
 * Which layer may import which. The table is the architecture (docs/architecture.md); everything that is not named
 * here for a layer is refused. Packages of the outside world that only one layer may touch are listed below it.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
const layers = {
  'src/common': [],
  'src/weighting': ['common'],
  'src/relatedness': ['common'],
  'src/figures': ['common', 'relatedness'],
  'src/experiment': ['common', 'weighting', 'relatedness'],
  'src/data': ['common', 'experiment'],
  'src/program': [],
  'src/model': ['common', 'experiment', 'data', 'program'],
  'src/runs': ['common', 'experiment', 'relatedness'],
  'src/studies': ['common', 'experiment', 'relatedness', 'runs'],
  'src/outputs': ['common', 'experiment', 'data', 'program', 'model', 'runs'],
  'src/training': ['common', 'experiment', 'data', 'program', 'model', 'weighting', 'relatedness', 'runs', 'outputs'],
  'src/preview': ['common', 'experiment', 'data', 'program', 'model', 'relatedness', 'training'],
  'src/engine': ['program'],
  'src/language': ['common', 'experiment'],
  'src/protocol': ['common', 'experiment', 'runs', 'relatedness'],
  'src/host': ['common', 'experiment', 'runs', 'studies', 'language', 'protocol', 'engine'],
  'src/cli': [
    'common',
    'figures',
    'experiment',
    'relatedness',
    'data',
    'preview',
    'runs',
    'protocol',
    'studies',
    'outputs',
    'engine',
  ],
  'src/api': ['common', 'experiment', 'weighting', 'relatedness'],
  webview: ['common', 'figures', 'experiment', 'runs', 'protocol', 'relatedness'],
};
const names = Object.keys(layers)
  .filter((folder) => folder.startsWith('src/'))
  .map((folder) => folder.slice(4));
const tfjsLayers = ['src/program', 'src/model', 'src/training'];

const layerRules = Object.entries(layers).map(([folder, allowed]) => {
  const own = folder.replace('src/', '');
  const refused = names.filter((name) => name !== own && !allowed.includes(name));
  const patterns = [
    {
      regex: folder === 'webview' ? `/src/(${refused.join('|')})(/|$)` : `^(\\.\\./)+(${refused.join('|')})(/|$)`,
      message: `${folder} may import only from: ${allowed.join(', ') || 'no other layer'}.`,
    },
    ...(folder === 'src/host' ? [] : [{ regex: '^vscode$', message: 'Only src/host may import vscode.' }]),
    ...(tfjsLayers.includes(folder)
      ? []
      : [{ regex: '^@tensorflow/', message: 'Only program, model and training may import tfjs.' }]),
    ...(folder === 'src/data' ? [] : [{ regex: '^@duckdb/', message: 'Only src/data may import DuckDB.' }]),
  ];
  return {
    files: [`${folder}/**/*.ts`],
    rules: {
      'no-restricted-imports': /** @type {['error', { patterns: typeof patterns }]} */ (['error', { patterns }]),
    },
  };
});

export default tseslint.config(
  { ignores: ['dist/**', '.cache/**', 'node_modules/**', '.mtl/**', 'examples/**', '.vscode-test/**'] },
  eslint.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      'no-restricted-syntax': ['error', { selector: 'ExportDefaultDeclaration', message: 'Export by name.' }],
      'max-lines': ['error', { max: 400, skipComments: true, skipBlankLines: true }],
      eqeqeq: 'error',
    },
  },
  ...layerRules,
  {
    files: ['*.mjs', '*.config.mts', 'scripts/**'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        fetch: 'readonly',
        Buffer: 'readonly',
      },
    },
  },
);
