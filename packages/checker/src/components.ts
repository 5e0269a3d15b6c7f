import type { Call } from './call.ts'
import type { OracleRequest } from './oracle.ts'

/** The connected components of requests that share a value, as sorted groups of values (promise G2). */
export function components(requests: readonly OracleRequest[]): string[][] {
  return joined(requests.map(valuesOf))
}

/** Groups of which those that share a value are one, each sorted, and they by their first values. */
export function joined(all: ReadonlyArray<readonly string[]>): string[][] {
  let groups: Array<Set<string>> = []
  for (const values of all) {
    const touched = groups.filter((group) => values.some((value) => group.has(value)))
    groups = groups.filter((group) => !touched.includes(group))
    groups.push(new Set([...values, ...touched.flatMap((group) => [...group])]))
  }
  return groups.map((group) => [...group].sort()).sort((a, b) => (a[0]! < b[0]! ? -1 : 1))
}

/**
 * A history as several that share no identifier, directly or through others. Calls of one neither help nor hinder those
 * of another, so each can be searched by itself; a search grows with the number of ways to order its calls.
 */
export function splitByComponent(calls: readonly Call[]): Call[][] {
  const groups = components(calls.map((call) => call.request))
  const groupOf = new Map(groups.flatMap((group, index) => group.map((value) => [value, index])))
  return [...Map.groupBy(calls, (call) => groupOf.get(valuesOf(call.request)[0]!)).values()]
}

/** The values of a request, each with its kind. */
export function valuesOf({ email, phoneNumber }: OracleRequest): string[] {
  return [email !== null && `email:${email}`, phoneNumber !== null && `phone:${phoneNumber}`].filter(
    (value) => value !== false,
  )
}
