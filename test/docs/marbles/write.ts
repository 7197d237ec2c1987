import { writeFileSync } from 'node:fs'
import { draw } from './draw'
import type { Picture } from './picture'
import { pictures } from './table'

/** Draws every marble picture into `docs/marbles`: `npm run marbles`. */
for (const picture of Object.values<Picture>(pictures))
  writeFileSync(`docs/marbles/${picture.name}.svg`, draw(picture))
