// Part of a release: stores the OpenAPI document that callers rely on from here on.
import { storeReleasedDocument } from './openapi-changes/released.ts'

storeReleasedDocument()
