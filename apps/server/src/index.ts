export { type Config, ConfigError, readConfig } from './config.ts'
export { createLogger } from './logger.ts'
export { type Server, startServer } from './server.ts'
