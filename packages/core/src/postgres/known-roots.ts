import type { CanonicalRequest } from '../canonical/request.ts'
import { type Contact, isLive } from '../contact.ts'
import { type Identifier, type IdentifierKind, identifiersOf } from '../identifier.ts'
import { NO_PLACE, RootMemory } from './root-memory.ts'

/** Others merge and correct persons meanwhile. */
const BELIEVED_MS = 60_000

/** Where requests' values are kept: two places a request, its e-mail's and its phone's. */
export interface Places {
  readonly places: Int32Array
  /** Of what was known then: once all is forgotten, the places are others'. */
  readonly version: number
}

export interface PlacedIdentifier extends Identifier {
  readonly place: number
}

/**
 * Where values lead, as one import has seen it in the last minute, so that it need not look them up again. It may be wrong:
 * docs/decisions/0042-an-import-remembers-where-values-lead.md says what it may be used for.
 */
export class KnownRoots {
  readonly #memory = new RootMemory()
  #sinceMs = Date.now()
  #isAll: boolean
  #version = 0

  /** @param isAll where nobody carries anything yet */
  constructor({ isAll }: { isAll: boolean }) {
    this.#isAll = isAll
  }

  /** Another one each time that everything is forgotten. */
  get version(): number {
    return this.#version
  }

  /** Whether nobody carries what is not known, unless somebody else has brought it since the import began. */
  get isAll(): boolean {
    return this.#isAll
  }

  /** The only look-up of the requests' values: from here on, their places stand for them. */
  placesOf(requests: readonly CanonicalRequest[]): Places {
    if (Date.now() - this.#sinceMs > BELIEVED_MS) this.forget()
    const places = new Int32Array(2 * requests.length)
    // No `entries`, here and below: what it makes for each request is garbage by the megabyte.
    for (let n = 0; n < requests.length; n++) {
      const { email, phoneNumber } = requests[n]!
      if (email !== null) places[2 * n] = this.#placeOf('email', email)
      if (phoneNumber !== null) places[2 * n + 1] = this.#placeOf('phone', phoneNumber)
    }
    return { places, version: this.#version }
  }

  /** Those identifiers of the requests of which it is not known whom they lead to. */
  unknownOf(requests: readonly CanonicalRequest[], { places }: Places): PlacedIdentifier[] {
    return requests.flatMap((request, n) =>
      identifiersOf(request).flatMap((identifier) => {
        const place = places[2 * n + (identifier.kind === 'email' ? 0 : 1)]!
        return this.rootIdAt(place) === undefined ? { ...identifier, place } : []
      }),
    )
  }

  /** Whom the value of a place leads to; undefined where that is not known. */
  rootIdAt(place: number): number | undefined {
    return this.#memory.rootIdAt(place)
  }

  /** Whom a value was found to lead to. */
  addFound(place: number, rootId: number): void {
    this.#memory.setRootIdAt(place, rootId)
  }

  /**
   * Whom requests' values lead to as they have just been written.
   * @param rootIds by request; undefined: what it told was refused
   * @param moved contacts that came to point elsewhere, whose values no request needs to have named
   */
  addWritten({ places, version }: Places, rootIds: ReadonlyArray<number | undefined>, moved: Iterable<Contact>): void {
    // Their places are others' by now. What was looked up meanwhile knows nothing of them, and must be once more.
    if (version !== this.#version) {
      this.forget()
      return
    }
    for (let n = 0; n < rootIds.length; n++) {
      const rootId = rootIds[n]
      if (rootId === undefined) continue
      this.#memory.setRootIdAt(places[2 * n]!, rootId)
      this.#memory.setRootIdAt(places[2 * n + 1]!, rootId)
    }
    for (const contact of moved) {
      if (!isLive(contact)) continue
      for (const { kind, value } of identifiersOf(contact)) {
        this.#memory.setRootIdAt(this.#placeOf(kind, value), contact.linkedId ?? contact.id)
      }
    }
    if (this.#memory.isFull) this.forget()
  }

  forget(): void {
    this.#memory.forget()
    this.#sinceMs = Date.now()
    this.#isAll = false
    this.#version++
  }

  #placeOf(kind: IdentifierKind, value: string): number {
    const place = this.#memory.placeOf(kind, value)
    // It cannot be told later that somebody carries it.
    if (place === NO_PLACE) this.#isAll = false
    return place
  }
}
