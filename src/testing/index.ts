/**
 * Virtual time and scripted sources for your own tests.
 *
 * @module rx-upload-status/testing
 */

export { inVirtualTime } from './inVirtualTime'
export { sourceOf } from './sourceOf'
