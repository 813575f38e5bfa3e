// The halves of separated verdicts: built as one module without imports, which drivers bring into their sandboxes as text.
export { EntryScope, SCOPE_HOOK } from "../javascript/remote/candidate.js";
export { Judge } from "../javascript/remote/judge.js";
export { Remote } from "../javascript/remote/remote.js";
export { importedNames, specifiersIn } from "../javascript/remote/test-text.js";
