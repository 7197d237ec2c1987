import rxjsX from 'eslint-plugin-rxjs-x'
import tseslint from 'typescript-eslint'

export default tseslint.config(
  // tsc checks `.ci` and `.vitepress`: the linter's TypeScript finds no project for a dot folder.
  { ignores: ['.ci/', 'docs/.vitepress/', 'coverage/', 'dist/', 'node_modules/'] },
  tseslint.configs.strictTypeChecked,
  rxjsX.configs.strict,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      // `$` marks what is or returns an Observable, but not an operator.
      'rxjs-x/finnish': [
        'error',
        {
          functions: false,
          methods: false,
          properties: false,
          parameters: true,
          variables: true,
          // `cold` and `hot` are the TestScheduler's.
          names: { '^(admit|cold|hot)$': false },
          // An input of any kind is no Observable yet.
          types: {
            '^Map$': false,
            '^(MonoType)?OperatorFunction$': false,
            '^ObservableInput$': false,
          },
        },
      ],
    },
  },
  {
    files: ['test/**'],
    rules: {
      // In a test an error that nobody expects is to fail it.
      'rxjs-x/no-ignored-default-value': 'off',
      'rxjs-x/no-ignored-error': 'off',
    },
  },
  {
    files: ['docs/examples/**'],
    rules: {
      // A bug ends such a program, with its stack: that is what it should do.
      'rxjs-x/no-ignored-default-value': 'off',
      'rxjs-x/no-ignored-error': 'off',
      // They are JavaScript. These rules do not read the types in JSDoc.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      'rxjs-x/no-implicit-any-catch': 'off',
      'rxjs-x/throw-error': ['error', { allowThrowingUnknown: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
)
