/** True where both types are the same one, to the letter: `true satisfies Equal<typeof value, string>`. */
export type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
