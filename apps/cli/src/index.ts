export { EXIT } from './exit.ts'
export { run } from './run.ts'
export { barOf, lineOf } from './terminal/progress.ts'
