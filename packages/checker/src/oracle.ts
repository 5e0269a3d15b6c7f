/** A request whose values are canonical already. */
export interface OracleRequest {
  email: string | null
  phoneNumber: string | null
  /** When the order was placed. Without one it is placed now, after all that have one. */
  createdAt?: Date | undefined
}

/** A row of the oracle's one table. */
export interface Row extends OracleRequest {
  id: number
  linkedId: number | null
  deleted: boolean
}

/**
 * Rules R2–R6 a second time, as plainly as can be and with nothing shared with the core: one table, scanned from top
 * to bottom. Rows are in order of age; a new one is the youngest, unless its order has an earlier time.
 */
export class Oracle {
  rows: Row[] = []
  /** Pairs of rows, by their ids, that are different people. */
  separations: ReadonlyArray<readonly [number, number]> = []

  constructor(rows: ReadonlyArray<Partial<Row> & { id: number }> = []) {
    this.rows = rows.map((row) => ({ email: null, phoneNumber: null, linkedId: null, deleted: false, ...row }))
  }

  identify({ email, phoneNumber, createdAt }: OracleRequest) {
    const live = this.rows.filter((row) => !row.deleted)
    const hits = live.filter(
      (row) => (email !== null && row.email === email) || (phoneNumber !== null && row.phoneNumber === phoneNumber),
    )
    const primaries = this.rows.filter((row) => hits.some((hit) => row.id === (hit.linkedId ?? hit.id)))
    if (this.#mustStayApart(primaries)) {
      // Refused: the owner of the e-mail answers, and nothing changes.
      const owner = hits.find((row) => row.email === email && email !== null)!
      return this.person(owner.linkedId ?? owner.id)
    }
    const [oldest] = primaries
    for (const row of this.rows) {
      const belongsToHit = primaries.some((primary) => row.id === primary.id || row.linkedId === primary.id)
      if (oldest && belongsToHit && row !== oldest) row.linkedId = oldest.id
    }
    const knowsEmail = email === null || hits.some((row) => row.email === email)
    const knowsPhone = phoneNumber === null || hits.some((row) => row.phoneNumber === phoneNumber)
    if (!knowsEmail || !knowsPhone || !oldest) {
      const id = Math.max(0, ...this.rows.map((row) => row.id)) + 1
      const row: Row = { id, email, phoneNumber, createdAt, linkedId: oldest?.id ?? null, deleted: false }
      const age = createdAt ? this.rows.findIndex((other) => !other.createdAt || other.createdAt > createdAt) : -1
      this.rows.splice(age < 0 ? this.rows.length : age, 0, row)
      if (oldest && this.rows.indexOf(row) < this.rows.indexOf(oldest)) {
        for (const other of this.rows) if (other === oldest || other.linkedId === oldest.id) other.linkedId = id
        row.linkedId = null
      }
      return this.person(row.linkedId ?? id)
    }
    return this.person(oldest.id)
  }

  /** Keeps two rows apart. @returns false where they are one person */
  separate(one: number, other: number): boolean {
    if (this.#primaryIdOf(one) === this.#primaryIdOf(other)) return false
    this.separations = [...this.separations, [one, other]]
    return true
  }

  #mustStayApart([one, other]: readonly Row[]): boolean {
    if (!one || !other) return false
    return this.separations.some((pair) => {
      const persons = pair.map((id) => this.#primaryIdOf(id))
      return persons.includes(one.id) && persons.includes(other.id)
    })
  }

  #primaryIdOf(id: number): number {
    return this.rows.find((row) => row.id === id)!.linkedId ?? id
  }

  person(primaryId: number) {
    const primary = this.rows.find((row) => row.id === primaryId)!
    const secondaries = this.rows.filter((row) => row.linkedId === primaryId && !row.deleted)
    const all = [primary, ...secondaries]
    return {
      primaryContactId: primaryId,
      emails: [...new Set(all.map((row) => row.email).filter((email) => email !== null))],
      phoneNumbers: [...new Set(all.map((row) => row.phoneNumber).filter((phone) => phone !== null))],
      secondaryContactIds: secondaries.map((row) => row.id),
    }
  }
}
