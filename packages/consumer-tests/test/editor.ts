import { join } from 'node:path'
import ts from 'typescript'

/** What a line of code looks like under the pointer. */
export interface Hover {
  readonly signature: string
  readonly documentation: string
}

export interface Definition {
  readonly file: string
  /** The comment and the declaration, as they stand in the file. */
  readonly text: string
}

/** What an editor shows of one file of a project, by TypeScript's own language service. */
export class Editor {
  readonly #file: string
  readonly #text: string
  readonly #service: ts.LanguageService

  constructor(folder: string, name: string) {
    this.#file = join(folder, name)
    this.#text = read(this.#file)
    const { config } = ts.readConfigFile(join(folder, 'tsconfig.json'), ts.sys.readFile)
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, folder)
    this.#service = ts.createLanguageService({
      getCompilationSettings: () => options,
      getScriptFileNames: () => [this.#file],
      getScriptVersion: () => '1',
      getScriptSnapshot: (file) => (ts.sys.fileExists(file) ? ts.ScriptSnapshot.fromString(read(file)) : undefined),
      getDefaultLibFileName: ts.getDefaultLibFilePath,
      getCurrentDirectory: () => folder,
      fileExists: ts.sys.fileExists,
      readFile: ts.sys.readFile,
      directoryExists: ts.sys.directoryExists,
      getDirectories: ts.sys.getDirectories,
    })
  }

  /** @param code where the pointer is: at the end of the first such text */
  hover(code: string): Hover {
    const info = this.#service.getQuickInfoAtPosition(this.#file, this.#endOf(code) - 1)
    return {
      signature: ts.displayPartsToString(info?.displayParts),
      documentation: ts.displayPartsToString(info?.documentation),
    }
  }

  /** Where "go to definition" goes, from the end of the first such text. */
  definitions(code: string): Definition[] {
    const found = this.#service.getDefinitionAtPosition(this.#file, this.#endOf(code) - 1) ?? []
    return found.map(({ fileName, textSpan, contextSpan = textSpan }) => ({
      file: fileName,
      text: read(fileName).slice(contextSpan.start, contextSpan.start + contextSpan.length),
    }))
  }

  /** What is offered after the first such text. */
  completions(code: string): string[] {
    return (this.#service.getCompletionsAtPosition(this.#file, this.#endOf(code), {})?.entries ?? []).map(
      ({ name }) => name,
    )
  }

  #endOf(code: string): number {
    const start = this.#text.indexOf(code)
    if (start < 0) throw new Error(`${this.#file} has no "${code}"`)
    return start + code.length
  }
}

function read(file: string): string {
  return ts.sys.readFile(file) ?? ''
}
