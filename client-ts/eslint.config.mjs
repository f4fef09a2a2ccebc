// @ts-check
import eslint from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig(
    { ignores: ['**/dist/', '**/*.gen.ts'] },
    { linterOptions: { reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error' } },
    eslint.configs.recommended,
    tseslint.configs.strictTypeChecked,
    tseslint.configs.stylisticTypeChecked,
    {
        files: ['**/*.ts'],
        languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
        rules: {
            // Where nothing is expected, one call is as good as a block with one call.
            '@typescript-eslint/no-confusing-void-expression': [
                'error',
                { ignoreVoidReturningFunctions: true },
            ],
            // There is no `!` here, which this rule prefers.
            '@typescript-eslint/non-nullable-type-assertion-style': 'off',
            // A number reads the same in a text and alone.
            '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
            // What no preset has:
            '@typescript-eslint/consistent-type-exports': 'error',
            '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
            '@typescript-eslint/explicit-module-boundary-types': 'error',
            '@typescript-eslint/method-signature-style': 'error',
            '@typescript-eslint/no-import-type-side-effects': 'error',
            '@typescript-eslint/no-shadow': 'error',
            '@typescript-eslint/prefer-readonly': 'error',
            // What passes a promise on cannot throw instead.
            '@typescript-eslint/promise-function-async': ['error', { checkArrowFunctions: false }],
            '@typescript-eslint/require-array-sort-compare': 'error',
            '@typescript-eslint/strict-void-return': 'error',
            '@typescript-eslint/switch-exhaustiveness-check': ['error', { requireDefaultForNonUnion: true }],
            'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
            eqeqeq: 'error',
        },
    },
    {
        files: ['**/*.mjs'],
        extends: [tseslint.configs.disableTypeChecked],
        languageOptions: { globals: { process: 'readonly' } },
    },
);
