import type { CanonicalRequest } from '../canonical/request.ts'
import { type Identifier, identifiersOf } from '../identifier.ts'
import type { IdentifierMap } from '../identifier-map.ts'
import type { KnownRoots, Places } from './known-roots.ts'
import { NO_PLACE } from './root-memory.ts'
import type { Carrier } from './statements/read-carriers.ts'

/** Requests, and whom they are about as far as that is known. */
export interface ChangingRequests extends Places {
  readonly requests: readonly CanonicalRequest[]
  /** Those of their identifiers that lead to somebody. */
  readonly known: readonly Identifier[]
  /** Whom they lead to. */
  readonly rootIds: readonly number[]
  /** How many contacts the requests add if that is so. */
  readonly newContacts: number
}

/**
 * Those requests of which it is not known already that they change nothing.
 * @param places of the requests' values
 * @param carriers whom those of their identifiers lead to that were looked up
 */
export function changingRequests(
  requests: readonly CanonicalRequest[],
  { places, version }: Places,
  known: KnownRoots,
  carriers: IdentifierMap<Carrier> | undefined,
): ChangingRequests {
  const changing: CanonicalRequest[] = []
  const changingPlaces: number[] = []
  const identifiers: Identifier[] = []
  const rootIds = new Set<number>()
  const claimed = new Set<number>()
  let newContacts = 0
  // No `entries`: what it makes for each request is garbage by the megabyte.
  for (let n = 0; n < requests.length; n++) {
    const request = requests[n]!
    const emailPlace = places[2 * n]!
    const phonePlace = places[2 * n + 1]!
    if (isKnown(request, known.rootIdAt(emailPlace), known.rootIdAt(phonePlace))) continue
    changing.push(request)
    changingPlaces.push(emailPlace, phonePlace)
    // A request adds a contact exactly if nobody carries one of its identifiers when its turn comes (rules R2 and R4).
    let isNew = false
    for (const identifier of identifiersOf(request)) {
      const place = identifier.kind === 'email' ? emailPlace : phonePlace
      const rootId = known.rootIdAt(place)
      const carrier = rootId === undefined ? carriers?.get(identifier) : undefined
      if (rootId !== undefined || carrier) {
        identifiers.push(identifier)
        rootIds.add(rootId ?? carrier!.rootId)
      }
      if (rootId !== undefined || carrier?.isLive || claimed.has(place)) continue
      if (place !== NO_PLACE) claimed.add(place)
      isNew = true
    }
    if (isNew) newContacts++
  }
  const chosen = Int32Array.from(changingPlaces)
  return { requests: changing, places: chosen, version, known: identifiers, rootIds: [...rootIds], newContacts }
}

function isKnown(
  { email, phoneNumber }: CanonicalRequest,
  rootIdOfEmail: number | undefined,
  rootIdOfPhone: number | undefined,
): boolean {
  if (email === null) return rootIdOfPhone !== undefined
  return rootIdOfEmail !== undefined && (phoneNumber === null || rootIdOfPhone === rootIdOfEmail)
}
