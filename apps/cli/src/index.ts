export { EXIT } from './exit.ts'
export { type Bar, barOf, lineOf } from './import/progress.ts'
export { run } from './run.ts'
