/** The package and its version, checked by a test. Browsers send their own user agent. */
export const userAgent = 'rx-upload-status/0.1.0'
