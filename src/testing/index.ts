export { inVirtualTime } from './inVirtualTime'
export { sourceOf } from './sourceOf'
