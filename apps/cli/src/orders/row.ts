/** A row of the file as it is, by the line it starts on (the first is 1); or why nothing can be read from it. */
export type Row =
  | { line: number; id: unknown; time: unknown; email: unknown; phone: unknown }
  | { line: number; problem: string }

/** A row longer than this is a quote that nothing closes, or no text at all. */
export const MAX_ROW_CHARACTERS = 1024 * 1024
