export type { Call } from './call.ts'
export { components } from './components.ts'
export { type LinearizeOptions, linearize } from './linearize.ts'
export { Oracle, type OracleRequest } from './oracle.ts'
export { Random } from './random.ts'
export { PromiseBroken, type RunOptions, runHistories, type Send } from './run-histories.ts'
export { type Simulated, type SimulationOptions, simulate } from './simulation/simulate.ts'
export {
  type SimulatedCorrections,
  simulateCorrections,
} from './simulation/simulate-corrections.ts'
export { describeViolation } from './timeline.ts'
export { findViolation, type Violation } from './violation.ts'
