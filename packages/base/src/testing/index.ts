export { anyKey, anyMap, anyTree } from "./arbitrary-tree.ts";
export { errorOf, rejectionOf } from "./thrown.ts";
