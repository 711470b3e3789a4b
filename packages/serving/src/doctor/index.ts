export { checkTree, type Check, type CheckStatus } from "./check.ts";
export { checkCounts, examine } from "./examine.ts";
export { readWorld } from "./read-world.ts";
