import { type Call, withoutAnswer } from './call.ts'

/**
 * The smallest wrong history in a wrong one. Each step only ever asks less of an order, so what is left is wrong in its
 * own right, and never only because something was taken out:
 * 1. what happened after the first wrong answer is cut off, as any beginning of a right history is right;
 * 2. answers are forgotten one by one, as long as it stays wrong, whatever those calls did;
 * 3. calls without answer are left out, as they may never have taken effect.
 */
export function shrink(history: readonly Call[], isWrong: (calls: readonly Call[]) => boolean): readonly Call[] {
  let calls = firstWrongBeginning(history, isWrong)
  for (const index of calls.keys()) {
    const fewer = calls.with(index, withoutAnswer(calls[index]!))
    if (isWrong(fewer)) calls = fewer
  }
  return calls.filter((call) => call.answer !== null).sort((a, b) => a.startedAt - b.startedAt)
}

function firstWrongBeginning(history: readonly Call[], isWrong: (calls: readonly Call[]) => boolean): readonly Call[] {
  const ends = history.map((call) => call.endedAt).sort((a, b) => a - b)
  for (const end of ends) {
    const beginning = history
      .filter((call) => call.startedAt <= end)
      .map((call) => (call.endedAt <= end ? call : withoutAnswer(call)))
    if (isWrong(beginning)) return beginning
  }
  return history
}
