/** Code to run, and what the document says it prints. */
export interface CodeBlock {
  readonly language: 'bash' | 'python'
  readonly code: string
  /** Empty where no answer follows. */
  readonly answer: string
  /** Where the code starts in the document. */
  readonly line: number
}

const FENCED = /^```(\w+)\n([\s\S]*?)^```$/gm

/**
 * The fenced blocks of a document, in its order: `bash` and `python` are code, `json` and `text` what the code before
 * them prints.
 * @throws Error on an answer without code before it, and on any other language
 */
export function codeBlocks(markdown: string): CodeBlock[] {
  const blocks: CodeBlock[] = []
  let isAnswered = true
  for (const { 1: language, 2: text = '', index } of markdown.matchAll(FENCED)) {
    const line = markdown.slice(0, index).split('\n').length + 1
    if (language === 'bash' || language === 'python') {
      blocks.push({ language, code: text, answer: '', line })
      isAnswered = false
    } else if ((language === 'json' || language === 'text') && !isAnswered) {
      blocks.push({ ...blocks.pop()!, answer: text })
      isAnswered = true
    } else {
      throw new Error(`line ${line}: a block of ${language} is neither code nor the answer to the code before it`)
    }
  }
  return blocks
}
