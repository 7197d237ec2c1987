/** Names the package and its version, as a test demands. Browsers name themselves. */
export const userAgent = 'rx-upload-status/0.1.0'
