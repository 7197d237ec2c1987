/**
 * Virtual time and scripted sources, for tests of your own.
 *
 * @module rx-upload-status/testing
 */

export { inVirtualTime } from './inVirtualTime'
export { sourceOf } from './sourceOf'
