/** Code in a document, and what the document says it prints. */
export interface CodeBlock {
  /** What stands behind the opening fence, such as `bash` or `ts test`. */
  readonly language: string
  readonly code: string
  /** The `json` or `text` right after the code. */
  readonly answer: string | undefined
  /** Where the code starts in the document. */
  readonly line: number
}

const FENCED = /^```(\S.*)\n([\s\S]*?)^```$(?:\n\n```(?:json|text)\n([\s\S]*?)^```$)?/gm

/**
 * The fenced blocks of a document that name a language, in its order.
 * @throws Error on an answer without code right before it
 */
export function codeBlocks(markdown: string): CodeBlock[] {
  return [...markdown.matchAll(FENCED)].map(({ 1: language, 2: code, 3: answer, index }) => {
    const line = markdown.slice(0, index).split('\n').length + 1
    if (language === 'json' || language === 'text') {
      throw new Error(`line ${line}: a block of ${language} answers no code right before it`)
    }
    return { language: language!, code: code!, answer, line }
  })
}
