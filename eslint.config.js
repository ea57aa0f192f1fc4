import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const NO_DEFAULT_EXPORT = {
  selector: 'ExportDefaultDeclaration',
  message: 'Default exports lose their name at the import: export it by name.',
};
const BANNED_SYNTAX = [
  {
    selector: 'CallExpression[callee.property.name=/^(dataSync|arraySync)$/]',
    message: 'Synchronous reads block the event loop and lose the WebGPU device in Chromium: await data() or array().',
  },
  NO_DEFAULT_EXPORT,
  {
    selector: 'ObjectExpression > SpreadElement > ObjectExpression',
    message: 'Write the properties of the spread literal into the object around it.',
  },
];
const NODE_ONLY = {
  patterns: [
    {
      group: ['node:*', 'webgpu', 'sharp'],
      message: 'The browser has none of it: move the code to src/cli/ or to a file named *.node.ts and pass a port in.',
    },
  ],
};

export default tseslint.config(
  {
    ignores: [
      '**/*.d.ts',
      'dist/',
      'node_modules/',
      'runs/',
      'out/',
      '.gpu/',
      '.scratch/',
      'test-results/',
      'playwright-report/',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      // An async function reports every error as a rejection, also where it awaits nothing: implementations of ports do.
      '@typescript-eslint/require-await': 'off',
      // Stores, engines and ports are closures over their state, made to be taken apart: none of them has a `this`.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      // The compiler reports these already (noUnusedLocals, noUnusedParameters).
      '@typescript-eslint/no-unused-vars': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      // File signatures hold control characters.
      'no-control-regex': 'off',
      'no-console': ['error', { allow: ['warn', 'error'] }],
      'no-restricted-properties': [
        'error',
        {
          object: 'Math',
          property: 'random',
          message: 'Runs must repeat: take a Random from lib/random.ts as an argument.',
        },
      ],
      'no-restricted-syntax': ['error', ...BANNED_SYNTAX],
      'no-restricted-imports': ['error', NODE_ONLY],
    },
  },
  {
    files: ['src/**/*.tsx', 'src/ui/**/*.ts', 'src/state/**/*.ts'],
    extends: [reactHooks.configs.flat.recommended],
  },
  {
    files: [
      'src/cli/**',
      'src/**/*.node.ts',
      'src/**/*.test.ts',
      'src/**/*.test.tsx',
      'src/testing/**',
      'e2e/**',
      '*.config.ts',
    ],
    rules: {
      'no-restricted-imports': 'off',
      // `expect.stringContaining` and its like are `any`.
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
  { files: ['src/cli/**', 'e2e/**'], rules: { 'no-console': 'off' } },
  { files: ['**/*.config.ts'], rules: { 'no-restricted-syntax': ['error', ...BANNED_SYNTAX.slice(0, 1)] } },
  {
    files: ['**/*.mjs', '**/*.js', '**/*.cjs'],
    languageOptions: {
      globals: Object.fromEntries(
        ['process', 'console', 'performance', 'URL', 'setTimeout', 'clearTimeout', 'fetch', 'module'].map((name) => [
          name,
          'readonly',
        ]),
      ),
    },
  },
);
