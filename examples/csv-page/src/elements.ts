/** The page's element with that id. @throws TypeError when the page has none, or one of another kind */
export function element<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id)
  if (!(found instanceof kind)) throw new TypeError(`the page has no ${kind.name} with the id ${id}`)
  return found
}
