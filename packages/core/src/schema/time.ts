import { timestamp } from 'drizzle-orm/pg-core'

/** A column of a time. Milliseconds, as JavaScript has them: both sides must sort (createdAt, id) alike. */
export const time = (name: string) => timestamp(name, { withTimezone: true, precision: 3 })
