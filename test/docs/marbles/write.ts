import { writeFileSync } from 'node:fs'
import { diagrams, drawDiagram } from './diagram'
import { draw } from './draw'
import type { Picture } from './picture'
import { pictures } from './table'

/** Draws every picture into `docs/marbles`: `npm run marbles`. */
for (const picture of Object.values<Picture>(pictures))
  writeFileSync(`docs/marbles/${picture.name}.svg`, draw(picture))
for (const diagram of diagrams)
  writeFileSync(`docs/marbles/${diagram.name}.svg`, drawDiagram(diagram))
