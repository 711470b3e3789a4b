import { loadPolicy } from "@open-policy-agent/opa-wasm";
import { SlipwayError, isTreeList, isTreeMap, messageOf, own, parseJson, type Tree } from "@slipway/base";
import type { Test } from "../report/model.ts";
import { bounded } from "./bounded.ts";
import { inputTree, type PolicyInput } from "./input.ts";
import { noRules } from "./rego.ts";
import { regoTests } from "./rego-result.ts";

const ENTRY_MS = 10_000;

/**
 * Makes a policy that `opa build -t wasm` compiled ready. Every entry point counts.
 *
 * @param bytes the `policy.wasm` out of the bundle that opa builds
 * @param file its name
 * @param entryMs how long one entry point may take; V8 stops one that takes longer, JavaScriptCore (the compiled binary) does not,
 * which matters for modules made by hand only: what Rego says always ends
 * @returns what tests an input; it throws INVALID_INPUT for a policy without a rule that counts, and TIMED_OUT
 * @throws SlipwayError INVALID_INPUT for what is no such policy
 */
export async function loadWasm(
  bytes: Uint8Array,
  file: string,
  entryMs: number = ENTRY_MS,
): Promise<(input: PolicyInput) => readonly Test[]> {
  const policy = await loadPolicy(Uint8Array.from(bytes)).catch((error: unknown) => {
    throw unusable(error, file);
  });
  const entries = Object.keys(policy.entrypoints);
  return (input) => {
    try {
      const document = inputTree(input);
      const tests = entries.flatMap((entry) => {
        const results = bounded(() => JSON.stringify(policy.evaluate(document, entry)), entryMs);
        return regoTests(valueOf(parseJson(results, file)), entry.split("/"), file);
      });
      if (tests.length === 0) throw noRules(file);
      return tests;
    } catch (error) {
      throw unusable(error, file);
    }
  };
}

function unusable(error: unknown, file: string): SlipwayError {
  if (error instanceof SlipwayError) return error.at({ file });
  const said =
    typeof error === "object" && error !== null && "message" in error ? String(error.message) : messageOf(error);
  return new SlipwayError("INVALID_INPUT", `not a policy that can be run: ${said}`, {
    place: { file },
    hint: "Compile it with: opa build -t wasm -e main/deny POLICY.rego; the bundle holds policy.wasm.",
    cause: error,
  });
}

/** A result set is a list of `{result: …}`; an empty one is undefined. */
function valueOf(results: Tree): Tree {
  const first = isTreeList(results) ? results[0] : undefined;
  return (isTreeMap(first) ? own(first, "result") : undefined) ?? {};
}
