/**
 * {@link AgentOS}: memory, sandbox, project index and learning wired together under one folder, and
 * {@link openAICompatible}: real models as agents.
 * @module
 */
export { AgentOS } from "./agentos.js";
export type { AgentOSStats, Diagnosis, LanguageDiagnosis } from "./doctor.js";
export { SDK_ERROR_CODES, type SdkErrorCode, sdkError } from "./errors.js";
export { type ExtractedCode, extractCode } from "./model/code.js";
export { type Model, type ModelEvents, openAICompatible } from "./model/openai-compatible.js";
export type { ModelOptions, Prices } from "./model/options.js";
export { type AgentOSOptions, agentOSOptionsSchema } from "./options.js";
export type { ProjectIdentity } from "./project-identity.js";
