/** What an error may say of a value that it refuses: of anything but a number only the type. */
export const refusedValue = (value: unknown): string =>
  // It may be a secret.
  typeof value === 'number' ? String(value) : typeof value
