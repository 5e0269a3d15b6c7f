import { bigint, bigserial, index, pgTable, text, timestamp } from 'drizzle-orm/pg-core'

const time = (name: string) => timestamp(name, { withTimezone: true, precision: 3 })

/** The usual table: every contact with its link, found by an index on each value. */
export const contact = pgTable(
  'contact',
  {
    id: bigserial({ mode: 'number' }).primaryKey(),
    phoneNumber: text('phone_number'),
    email: text(),
    linkedId: bigint('linked_id', { mode: 'number' }),
    linkPrecedence: text('link_precedence', { enum: ['primary', 'secondary'] }).notNull(),
    createdAt: time('created_at').notNull().defaultNow(),
    updatedAt: time('updated_at').notNull().defaultNow(),
    deletedAt: time('deleted_at'),
  },
  (table) => [
    index('contact_email_idx').on(table.email),
    index('contact_phone_number_idx').on(table.phoneNumber),
    index('contact_linked_id_idx').on(table.linkedId),
  ],
)

/** The same as SQL. */
export const CREATE_TABLE = `
  create table if not exists contact (
    id bigserial primary key,
    phone_number text,
    email text,
    linked_id bigint references contact (id),
    link_precedence text not null check (link_precedence in ('primary', 'secondary')),
    created_at timestamptz(3) not null default now(),
    updated_at timestamptz(3) not null default now(),
    deleted_at timestamptz(3)
  );
  create index if not exists contact_email_idx on contact (email);
  create index if not exists contact_phone_number_idx on contact (phone_number);
  create index if not exists contact_linked_id_idx on contact (linked_id)`
