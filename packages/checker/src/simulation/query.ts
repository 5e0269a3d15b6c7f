/** A statement as the driver makes one of a tagged template: nothing is sent before somebody waits for its answer. */
export class SimulatedQuery {
  readonly #strings: readonly string[]
  readonly #args: readonly unknown[]
  readonly #send: (query: SimulatedQuery) => Promise<unknown>
  #answer: Promise<unknown> | undefined

  constructor(strings: readonly string[], args: readonly unknown[], send: (query: SimulatedQuery) => Promise<unknown>) {
    this.#strings = strings
    this.#args = args
    this.#send = send
  }

  /** The name in its comment; without one, as of COMMIT, the statement itself. */
  get name(): string {
    return /identity:([\w-]+)/.exec(this.#strings[0]!)?.[1] ?? this.#strings[0]!.trim()
  }

  /** All of it, with that of fragments in their places, and a question mark for each parameter. */
  get text(): string {
    const parts = this.#args.map((arg) => (arg instanceof SimulatedQuery ? arg.text : '?'))
    return this.#strings.map((string, n) => string + (parts[n] ?? '')).join('')
  }

  /** Its parameters, those of fragments in their places. */
  get args(): unknown[] {
    return this.#args.flatMap((arg) => (arg instanceof SimulatedQuery ? arg.args : [arg]))
  }

  /** The rows that `unnest(…) as alias (column, …)` makes of the parameters that are arrays. */
  unnested(): Array<Record<string, unknown>> {
    const columns = / as \w+ \(([\w, ]+)\)/.exec(this.#strings.at(-1)!)![1]!.split(', ')
    const arrays = this.args.filter((arg) => Array.isArray(arg))
    return arrays[0]!.map((_, row) => Object.fromEntries(columns.map((column, n) => [column, arrays[n]![row]])))
  }

  /** Rows as arrays of values: what the simulation answers with anyway. */
  values(): this {
    return this
  }

  // biome-ignore lint/suspicious/noThenProperty: the driver's queries are awaited, too.
  then<A, B>(onAnswer?: ((answer: unknown) => A) | null, onFailure?: ((error: unknown) => B) | null): Promise<A | B> {
    this.#answer ??= this.#send(this)
    return this.#answer.then(onAnswer, onFailure) as Promise<A | B>
  }

  catch<B>(onFailure: (error: unknown) => B): Promise<unknown> {
    return this.then(null, onFailure)
  }
}
