/** One instruction of a Dockerfile, its continued lines joined. */
export interface Instruction {
  readonly keyword: string
  readonly text: string
}

/** One stage of a Dockerfile: the instructions after its FROM. */
export interface Stage {
  readonly from: string
  readonly name: string | undefined
  readonly instructions: readonly Instruction[]
}

/** The stages of a Dockerfile in its order. Parser directives and heredocs, which ours has none of, are not known. */
export function readStages(dockerfile: string): Stage[] {
  const lines = dockerfile.replace(/^\s*#.*\n/gm, '').replace(/\\\n\s*/g, '')
  const stages: Array<Stage & { instructions: Instruction[] }> = []
  for (const [, keyword, text] of lines.matchAll(/^\s*([A-Za-z]+)\s+(.+?)\s*$/gm)) {
    if (keyword !== 'FROM') {
      stages.at(-1)!.instructions.push({ keyword: keyword!.toUpperCase(), text: text! })
      continue
    }
    const [from, , name] = text!.split(/\s+/)
    stages.push({ from: from!, name, instructions: [] })
  }
  return stages
}

/** The text of each instruction with that keyword. */
export function textsOf({ instructions }: Stage, keyword: string): string[] {
  return instructions.filter((instruction) => instruction.keyword === keyword).map(({ text }) => text)
}

/** The text of the only instruction with that keyword. @throws Error where there are none, or several */
export function textOf(stage: Stage, keyword: string): string {
  const texts = textsOf(stage, keyword)
  if (texts.length !== 1)
    throw new Error(`expected one ${keyword} in the stage of ${stage.from}; found ${texts.length}`)
  return texts[0]!
}

/** The program and arguments of a command in its exec form. @throws Error where it is a line for a shell */
export function execForm(text: string): [program: string, ...args: string[]] {
  const json = /\[.*\]$/.exec(text)?.[0]
  if (!json) throw new Error(`expected the exec form, ["program", "argument"]; found ${text}`)
  return JSON.parse(json)
}
