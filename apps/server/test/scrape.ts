/** What a scrape gave: values by series as they are written, and families in their order. */
export interface Scrape {
  readonly text: string
  readonly families: ReadonlyMap<
    string,
    { readonly type: string; readonly help: string; readonly labels: ReadonlySet<string> }
  >
  /** @throws Error where there is no such series */
  value(series: string): number
  has(series: string): boolean
}

const SAMPLE = /^([a-z_]+)(\{(?:[a-z_]+="(?:[^"\\]|\\.)*",?)+\})? (\S+)$/

/**
 * Reads Prometheus's text format as strictly as Prometheus does.
 * @throws Error on what it would refuse
 */
export function parseExposition(text: string): Scrape {
  const families = new Map<string, { type: string; help: string; labels: Set<string> }>()
  const values = new Map<string, number>()
  if (!text.endsWith('\n')) throw new Error('the last line does not end')
  for (const line of text.slice(0, -1).split('\n')) {
    const [, kind, name, rest] = /^# (HELP|TYPE) ([a-z_]+) (.+)$/.exec(line) ?? []
    if (kind === 'HELP') families.set(name!, { type: '', help: rest!, labels: new Set() })
    else if (kind === 'TYPE') families.get(name!)!.type = rest!
    else {
      const sample = SAMPLE.exec(line)
      if (!sample || Number.isNaN(Number(sample[3]))) throw new Error(`no sample: ${line}`)
      const [, series, labels = '', value] = sample
      const family = families.get(series!) ?? families.get(series!.replace(/_(bucket|sum|count)$/, ''))
      if (!family) throw new Error(`no family of ${line}`)
      if (values.has(series! + labels)) throw new Error(`twice: ${line}`)
      for (const [, label] of labels.matchAll(/([a-z_]+)="/g)) family.labels.add(label!)
      values.set(series! + labels, Number(value))
    }
  }
  return {
    text,
    families,
    has: (series) => values.has(series),
    value(series) {
      const value = values.get(series)
      if (value === undefined) throw new Error(`no ${series} in\n${text}`)
      return value
    },
  }
}

/** @throws Error on any status but 200 */
export async function scrape(url: string, authorization?: string): Promise<Scrape> {
  const response = await fetch(`${url}/metrics`, { headers: authorization ? { authorization } : {} })
  if (response.status !== 200) throw new Error(`status ${response.status}: ${await response.text()}`)
  return parseExposition(await response.text())
}
