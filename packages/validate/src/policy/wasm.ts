import { loadPolicy } from "@open-policy-agent/opa-wasm";
import { SlipwayError, isTreeList, isTreeMap, messageOf, own, parseJson, type Tree } from "@slipway/base";
import type { Test } from "../report/model.ts";
import { bounded } from "./bounded.ts";
import { inputTree, type PolicyInput } from "./input.ts";
import { noRules } from "./rego.ts";
import { regoTests } from "./rego-result.ts";

const ENTRY_MS = 10_000;

/**
 * Tests a policy that `opa build -t wasm` compiled. Every entry point counts.
 *
 * @param bytes the `policy.wasm` out of the bundle that opa builds
 * @param file its name
 * @param entryMs how long one entry point may take; V8 stops one that takes longer, JavaScriptCore (the compiled binary) does not,
 * which matters for modules made by hand only: what Rego says always ends
 * @throws SlipwayError INVALID_INPUT for what is no such policy, or has no rule that counts; TIMED_OUT
 */
export async function wasmTests(
  bytes: Uint8Array,
  input: PolicyInput,
  file: string,
  entryMs: number = ENTRY_MS,
): Promise<readonly Test[]> {
  try {
    const policy = await loadPolicy(Uint8Array.from(bytes));
    const document = inputTree(input);
    const entries = Object.keys(policy.entrypoints);
    const tests = entries.flatMap((entry) => {
      const results = bounded(() => JSON.stringify(policy.evaluate(document, entry)), entryMs);
      return regoTests(valueOf(parseJson(results, file)), entry.split("/"), file);
    });
    if (tests.length === 0) throw noRules(file);
    return tests;
  } catch (error) {
    if (error instanceof SlipwayError) throw error.at({ file });
    const said =
      typeof error === "object" && error !== null && "message" in error ? String(error.message) : messageOf(error);
    throw new SlipwayError("INVALID_INPUT", `not a policy that can be run: ${said}`, {
      place: { file },
      hint: "Compile it with: opa build -t wasm -e main/deny POLICY.rego; the bundle holds policy.wasm.",
      cause: error,
    });
  }
}

/** A result set is a list of `{result: …}`; an empty one is undefined. */
function valueOf(results: Tree): Tree {
  const first = isTreeList(results) ? results[0] : undefined;
  return (isTreeMap(first) ? own(first, "result") : undefined) ?? {};
}
