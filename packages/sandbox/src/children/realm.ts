// The program of the contexts themselves: built as one script without imports, which a child reads as text.
export { createRealm } from "../javascript/realm/realm.js";
