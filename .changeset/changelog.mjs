/** The changeset's own words, without the commit they came with: a changelog is read by users. */
export function getReleaseLine({ summary }) {
  return `${summary}\n\n`
}

/** Nothing: packages of one release need no list of each other. */
export function getDependencyReleaseLine() {
  return ''
}
