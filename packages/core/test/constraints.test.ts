import { createTestDatabase, HILL_VALLEY, seed } from '@identity/testkit'
import { describe, expect, it } from 'vitest'

const A_CLAIM = 'insert into contact (workspace_id, id, phone_number, email, link_precedence, claimed) values'

/** G4: each row here breaks a rule, and the database itself must refuse it, with that SQLSTATE. */
const BREACHES: ReadonlyArray<[rule: string, sqlstate: string, statement: string]> = [
  ['a primary with a link', '23514', `insert into contact values (1, 50, '9', null, 1, 'primary')`],
  ['a secondary without a link', '23514', `insert into contact values (1, 50, '9', null, null, 'secondary')`],
  ['an unknown precedence', '23514', `insert into contact values (1, 50, '9', null, null, 'tertiary')`],
  ['a contact linked to itself', '23514', `insert into contact values (1, 50, '9', null, 50, 'secondary')`],
  ['a contact without identifiers', '23514', `insert into contact values (1, 50, null, null, null, 'primary')`],
  ['a link to nobody', '23503', `insert into contact values (1, 50, '9', null, 99, 'secondary')`],
  ['an id twice', '23505', `insert into contact values (1, 23, '9', null, null, 'primary')`],
  ['a second claim to an e-mail', '23505', `${A_CLAIM} (1, 50, null, 'mcfly@hillvalley.edu', 'primary', 'email')`],
  ['a second claim to a phone number', '23505', `update contact set claimed = 'both' where id = 23`],
  ['a claim to an e-mail that is not there', '23514', `${A_CLAIM} (1, 50, '9', null, 'primary', 'both')`],
  [
    'a claim to a phone number that is not there',
    '23514',
    `${A_CLAIM} (1, 50, null, 'e@e.example', 'primary', 'phone')`,
  ],
  ['a claim to an e-mail that is released', '23514', `update contact set released = 'email' where id = 23`],
  [
    'a claim to a phone number that is released',
    '23514',
    `update contact set released = 'both', claimed = 'phone' where id = 1`,
  ],
  ['a claim of an unknown kind', '23514', `${A_CLAIM} (1, 50, '9', null, 'primary', 'fax')`],
  ['an end to a contact that others point at', '23503', 'delete from contact where id = 1'],
  ['two workspaces of one name', '23505', `insert into workspace values (2, 'default')`],
  [
    'a key of no workspace',
    '23503',
    `insert into api_key (id, workspace_id, scope, hash) values ('k', 9, 'read', 'h')`,
  ],
  [
    'a key of an unknown scope',
    '23514',
    `insert into api_key (id, workspace_id, scope, hash) values ('k', 1, 'all', 'h')`,
  ],
  [
    'two keys of one hash',
    '23505',
    `insert into api_key (id, workspace_id, scope, hash) values ('k', 1, 'read', 'h'), ('l', 1, 'read', 'h')`,
  ],
]

describe('the database refuses', () => {
  it.each(BREACHES)('%s', async (_, sqlstate, statement) => {
    await using database = await createTestDatabase()
    await seed(database.db, HILL_VALLEY)
    await expect(database.db.unsafe(statement)).rejects.toMatchObject({ code: sqlstate })
  })
})
