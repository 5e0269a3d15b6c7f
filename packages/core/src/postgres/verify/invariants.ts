/** What a breach means: the data are wrong; they are right but worth a look; or they are as they may be. */
export type Level = 'fault' | 'warning' | 'information'

/** Something that is true of every contact or person. */
export interface Invariant {
  /** What it says, in one sentence. */
  readonly sentence: string
  readonly level: Level
  /** What `repair` does about a breach; null where the data do not say what is right. */
  readonly repair: string | null
  /** What a person can do about it where `repair` does nothing. */
  readonly advice?: string
}

/** In the order in which they are repaired, as each repair supposes those before it. */
export const INVARIANTS = {
  'known-workspace': {
    sentence: 'Every contact is of a workspace that exists.',
    level: 'fault',
    repair: null,
    advice: 'Insert the row of the workspace, or delete the contacts: nothing in the data says which.',
  },
  'one-primary': {
    sentence: 'A contact is primary exactly if it points at no other, and none points at itself.',
    level: 'fault',
    repair: 'set its precedence by its link',
  },
  'no-dangling-links': {
    sentence: 'Every secondary points at a contact that exists.',
    level: 'fault',
    repair: 'made it the primary of what points at it',
  },
  'no-chains': {
    sentence: 'Every secondary points straight at a primary.',
    level: 'fault',
    repair: 'pointed it straight at the end of its chain',
  },
  'oldest-is-primary': {
    sentence: 'A primary that is not deleted is the oldest of its person.',
    level: 'fault',
    repair: 'made the oldest contact the primary',
  },
  'identifiers-carried': {
    sentence: 'Every value that a contact claims is one that links it.',
    level: 'fault',
    repair: 'took the claims away that its values do not bear out',
  },
  'values-indexed': {
    sentence: 'Every value that links a contact is claimed, by a contact of that person.',
    level: 'fault',
    repair: 'claimed the values that nobody did',
  },
  'one-person-per-identifier': {
    sentence: 'No value links contacts of two persons.',
    level: 'fault',
    repair: 'merged the persons that share a value (rule R3)',
  },
  'kept-apart': {
    sentence: 'No person has both contacts of a separation.',
    level: 'fault',
    repair: null,
    advice: 'Split the person, or release the separation: the data do not say which of the two is right.',
  },
  'blocked-values': {
    sentence: 'No value links that a block rule, once it is applied, blocks.',
    level: 'fault',
    repair: null,
    advice: 'Remove the rule and add it again: it is then applied to all there is.',
  },
  'canonical-values': {
    sentence: 'Every value is canonical (rule R1).',
    level: 'warning',
    repair: null,
    advice: 'No request finds such a value. Correct the contact, then repair.',
  },
  'joined-by-values': {
    sentence: 'What joins a person is on record: in its contacts, or in bridges.',
    level: 'information',
    repair: null,
    advice:
      'A contact that is deleted, a split, or a merge from before bridges were kept joined the rest. That is as it may be.',
  },
} as const satisfies Record<string, Invariant>

export type InvariantName = keyof typeof INVARIANTS

export const INVARIANT_NAMES = Object.keys(INVARIANTS) as InvariantName[]
