import rxjsX from 'eslint-plugin-rxjs-x'
import tseslint from 'typescript-eslint'

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'coverage/'] },
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
          names: { '^admit$': false },
          types: { '^Map$': false, '^(MonoType)?OperatorFunction$': false },
        },
      ],
    },
  },
)
