import { readFileSync } from 'node:fs'
import { createTestDatabase, postIdentify, startLocalServer } from '@identity/testkit'
import { parser } from '@prometheus-io/lezer-promql'
import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { TRANSPORT } from '../../../packages/api/src/errors.ts'
import { type Scrape, scrape } from './scrape.ts'

/** What Prometheus itself adds. */
const OF_PROMETHEUS = { metrics: ['up'], labels: ['job', 'instance'] }

const read = (name: string) => readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8')
const alerts = (
  parse(read('monitoring/alerts.yaml')) as {
    groups: Array<{ rules: Array<{ alert: string; expr: string; annotations: Record<string, string> }> }>
  }
).groups.flatMap(({ rules }) => rules)
const dashboard = JSON.parse(read('monitoring/dashboard.json')) as {
  panels: Array<{ title: string; targets: Array<{ expr: string }> }>
}
const queries = [
  ...alerts.map(({ alert, expr }) => [alert, expr] as const),
  ...dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
]

let served: Scrape
beforeAll(async () => {
  await using database = await createTestDatabase()
  await using server = await startLocalServer({ DATABASE_URL: database.url })
  await postIdentify(server.url, { email: 'ann@example.com' })
  served = await scrape(server.url)
})

it('docs/metrics.md lists the metrics that are served, with their types, labels and help', () => {
  const rows = [...read('metrics.md').matchAll(/^\| `(\w+)` \| (\w+) \| ([^|]*) \| (.+) \|$/gm)]
  const listed = rows.map(([, name, type, labels, help]) => ({ name, type, labels, help }))
  const expected = [...served.families].map(([name, { type, labels, help }]) => ({
    name,
    type,
    labels: [...labels]
      .filter((label) => label !== 'le')
      .map((label) => `\`${label}\``)
      .join(', '),
    help,
  }))
  expect(listed).toEqual(expected)
})

it('each alert says what happened and what to do', () => {
  expect(alerts.length).toBeGreaterThan(5)
  for (const { alert, annotations } of alerts) {
    expect(annotations, alert).toMatchObject({
      summary: expect.stringMatching(/\.$/),
      action: expect.stringMatching(/\.$/),
    })
  }
})

describe('every query of the dashboard and the alerts', () => {
  it.each(queries)('%s: is PromQL, of metrics, labels and values that there are', (_, query) => {
    const expr = query.replaceAll('$__rate_interval', '5m').replaceAll('$job', 'identity')
    const wrong: string[] = []
    parser.parse(expr).iterate({
      enter({ type, node, from, to }) {
        const text = expr.slice(from, to)
        if (type.isError) wrong.push(`no PromQL at ${from}: ${text}`)
        if (type.name !== 'VectorSelector') return
        const name = /^\w+/.exec(text)![0]
        const labels = labelsOf(name)
        if (!labels) wrong.push(`no metric ${name}`)
        for (const { name: label, values } of node
          .getChildren('LabelMatchers')
          .flatMap((each) => matchersOf(expr, each))) {
          if (!labels?.has(label) && !OF_PROMETHEUS.labels.includes(label)) wrong.push(`${name} has no label ${label}`)
          wrong.push(...values.filter((value) => !isValue(label, value)).map((value) => `no ${label} ${value}`))
        }
      },
    })
    expect(wrong).toEqual([])
  })
})

/** The labels of a metric, or of a part of a histogram; undefined where there is none. */
function labelsOf(name: string): ReadonlySet<string> | undefined {
  if (OF_PROMETHEUS.metrics.includes(name)) return new Set()
  const histogram = served.families.get(name.replace(/_(bucket|sum|count)$/, ''))
  return histogram?.type === 'histogram' ? histogram.labels : served.families.get(name)?.labels
}

type SyntaxNode = ReturnType<typeof parser.parse>['topNode']

function matchersOf(expr: string, matchers: SyntaxNode) {
  const [...matches] = expr.slice(matchers.from, matchers.to).matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"([^"]*)"/g)
  return matches.map(([, name, value]) => ({ name: name!, values: value!.split('|') }))
}

function isValue(label: string, value: string): boolean {
  if (label === 'outcome')
    return (
      ['ok', 'aborted'].includes(value) ||
      value in TRANSPORT ||
      served.has(`identity_persons_total{outcome="${value}"}`)
    )
  if (label === 'code') return served.has(`identity_retries_total{code="${value}"}`)
  if (label === 'phase') return served.has(`identity_lanes{phase="${value}"}`)
  if (label === 'result') return served.has(`identity_webhook_deliveries_total{result="${value}"}`)
  if (label === 'stat') return served.has(`identity_event_loop_delay_seconds{stat="${value}"}`)
  if (label === 'route') return /^\/(identify|trpc\/identify)$/.test(value)
  return label === 'job' && value === 'identity'
}
