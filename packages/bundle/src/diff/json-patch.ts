import { equalTrees, type Tree, type TreeMap } from "@slipway/base";
import { createPatch } from "rfc6902";

/** Comparing two lists costs the product of their lengths, and nested lists multiply: beyond this they are replaced. */
const MAX_CELLS = 10_000;
const MAX_STEPS = 100_000;

/**
 * The JSON Patch (RFC 6902) that turns one document into another. Long or deeply nested lists that differ are replaced
 * as a whole, so that hostile ones cost no more than others.
 *
 * @returns operations `add`, `remove` and `replace`, in the order in which they are to be applied
 */
export function documentPatch(left: Tree, right: Tree): readonly TreeMap[] {
  let steps = 0;
  const operations = createPatch(left, right, (input: Tree, output: Tree, pointer) => {
    steps += 1;
    const cells = Array.isArray(input) && Array.isArray(output) ? input.length * output.length : 0;
    if (steps <= MAX_STEPS && cells <= MAX_CELLS) return undefined;
    return equalTrees(input, output) ? [] : [{ op: "replace", path: pointer.toString(), value: output }];
  });
  return operations.map((operation) => ({ ...operation }));
}
