import {
  asOfQuery,
  contactRequest,
  eraseRequest,
  explainRequest,
  historyQuery,
  splitRequest,
  undoRequest,
} from '../correction-contract.ts'
import { procedure, router } from './procedure.ts'

/** What can be done with a person, and asked about it, beside look-ups. */
export const personCorrections = {
  /** Makes contacts of a person a person of their own. */
  split: procedure.input(splitRequest).mutation(({ ctx, input }) => ctx.service.corrections.split(input, ctx.origin)),

  /** Takes a person away for good, with every value. */
  erase: procedure.input(eraseRequest).mutation(({ ctx, input }) => ctx.service.corrections.erase(input, ctx.origin)),

  /** Why two values or contacts are of one person. Writes nothing. */
  explain: procedure.input(explainRequest).query(({ ctx, input }) => ctx.service.corrections.explain(input)),

  /** What happened to a person, oldest first. Writes nothing. */
  history: procedure.input(historyQuery).query(({ ctx, input }) => ctx.service.corrections.history(input)),

  /** A person as it was. Writes nothing. */
  asOf: procedure.input(asOfQuery).query(({ ctx, input }) => ctx.service.corrections.asOf(input)),
}

/** What can be done about merges and contacts. */
export const correctionRouters = {
  merge: router({
    /** Takes a merge back. */
    undo: procedure.input(undoRequest).mutation(({ ctx, input }) => ctx.service.corrections.undo(input, ctx.origin)),
  }),

  contact: router({
    /** Takes a contact out of matching and answers. */
    delete: procedure
      .input(contactRequest)
      .mutation(({ ctx, input }) => ctx.service.corrections.deleteContact(input, ctx.origin)),

    /** Takes a deletion back. */
    restore: procedure
      .input(contactRequest)
      .mutation(({ ctx, input }) => ctx.service.corrections.restoreContact(input, ctx.origin)),
  }),
}
