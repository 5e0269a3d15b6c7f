export { apiKey } from './api-key.ts'
export { contact } from './contact.ts'
export { identifier } from './identifier.ts'
export { workspace } from './workspace.ts'
