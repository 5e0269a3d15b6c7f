import {
  byId,
  newBlockRule,
  newSeparation,
  policyChange,
  previewedBlock,
  refusalsQuery,
  separationsQuery,
} from '../rule-contract.ts'
import { procedure, router } from './procedure.ts'

/** What the workspace refuses and blocks. Changes answer when every server works by them. */
export const ruleRouters = {
  /** What is limited, and what of the presets is blocked. */
  policy: router({
    /** The policy as it is. Writes nothing. */
    get: procedure.query(({ ctx }) => ctx.service.rules.getPolicy()),

    /** Changes what is named of it. */
    set: procedure.input(policyChange).mutation(({ ctx, input }) => ctx.service.rules.setPolicy(input, ctx.origin)),
  }),

  /** Values that never link and count as absent. */
  blockRules: router({
    /** All rules, oldest first. Writes nothing. */
    list: procedure.query(({ ctx }) => ctx.service.rules.listBlockRules()),

    /** Adds a rule, or finds the one there is; it is applied to the persons there are in the background. */
    add: procedure.input(newBlockRule).mutation(({ ctx, input }) => ctx.service.rules.addBlockRule(input, ctx.origin)),

    /** Removes a rule. It takes nothing back: the value links whoever brings it next. */
    remove: procedure.input(byId).mutation(({ ctx, input }) => ctx.service.rules.removeBlockRule(input, ctx.origin)),

    /** What applying a rule, or the preset, would do to the persons there are. Writes nothing. */
    preview: procedure.input(previewedBlock).query(({ ctx, input }) => ctx.service.rules.previewBlockRule(input)),
  }),

  /** Contacts that are different people. */
  separations: router({
    /** Keeps two contacts apart, or finds that they are. */
    create: procedure
      .input(newSeparation)
      .mutation(({ ctx, input }) => ctx.service.rules.createSeparation(input, ctx.origin)),

    /** Separations by id, all or those of a contact. Writes nothing. */
    list: procedure.input(separationsQuery).query(({ ctx, input }) => ctx.service.rules.listSeparations(input)),

    /** Ends a separation. */
    release: procedure.input(byId).mutation(({ ctx, input }) => ctx.service.rules.releaseSeparation(input, ctx.origin)),
  }),

  /** What was refused, counted. */
  refusals: router({
    /** How often each was refused, by person. Writes nothing. */
    list: procedure.input(refusalsQuery).query(({ ctx, input }) => ctx.service.rules.listRefusals(input)),
  }),
}
