import { installOutOfTree } from './outOfTree.js'

/** Prints the folder that holds Prism, a proxy that validates exchanges against an OpenAPI file. */
console.log(installOutOfTree('prism', { '@stoplight/prism-cli': '5.14.2' }))
