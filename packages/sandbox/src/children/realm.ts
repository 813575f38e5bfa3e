// The program of the contexts themselves: built as one module without imports, which a child reads as text.
export { createRealm } from "../javascript/realm/realm.js";
