/**
 * Loaders of public data sets: each reads the published format and yields AgentOS tasks and candidates.
 * @module
 */
export { type LabelledSample, readCodeGenSamples } from "./codegen.js";
export { type Cosqa, readCosqa } from "./cosqa.js";
export { DATASET_ERROR_CODES, type DatasetErrorCode, datasetError } from "./errors.js";
export { type HumanEvalProblem, readHumanEval } from "./humaneval.js";
export {
  type LocomoConversation,
  type LocomoQuestion,
  type LocomoSession,
  type LocomoTurn,
  readLocomo,
} from "./locomo.js";
export {
  MULTIPL_E_LANGUAGES,
  type MultiPlELanguage,
  type MultiPlEProblem,
  readMultiPlE,
} from "./multipl-e.js";
export type { DatasetOptions } from "./options.js";
export { type QuixBugsProgram, readQuixBugs } from "./quixbugs.js";
export {
  readSymbolTests,
  SYMBOL_LANGUAGES,
  type SymbolAssertion,
  type SymbolFragment,
  type SymbolLanguage,
  type SymbolPlace,
  type SymbolTest,
  wholeLine,
} from "./symbols.js";
