import { SlipwayError, compactJson, isTreeList, isTreeMap, own, parseJson, type Exec, type Tree } from "@slipway/base";
import type { Test } from "../report/model.ts";
import { inputTree, type PolicyInput } from "./input.ts";
import { regoTests } from "./rego-result.ts";

/** How Rego is evaluated. */
export interface RegoOptions {
  readonly exec: Exec | undefined;
  /** The opa program: a path, or a name on PATH. */
  readonly opa: string;
  readonly signal: AbortSignal;
}

const OPA_MS = 60_000;

/**
 * Tests a policy in Rego with the `opa` program. Every package of the file counts.
 *
 * @param path of the `.rego` file
 * @throws SlipwayError NOT_FOUND without opa, with how to get it; INVALID_INPUT for what opa refuses, and for a policy
 * none of whose rules counts
 */
export async function regoFileTests(path: string, input: PolicyInput, options: RegoOptions): Promise<readonly Test[]> {
  if (options.exec === undefined) throw noOpa(options.opa);
  const timeout = AbortSignal.timeout(OPA_MS);
  const args = ["eval", "--format", "json", "--stdin-input", "--data", path, "data"];
  const { exitCode, stdout, stderr } = await runOpa(options, args, compactJson(inputTree(input)), timeout);
  if (exitCode !== 0) throw refused(path, stdout, stderr);
  const tests = regoTests(dataOf(parseJson(stdout, "the answer of opa")), [], path);
  if (tests.length === 0) throw noRules(path);
  return tests;
}

async function runOpa(
  { exec, opa, signal }: RegoOptions,
  args: readonly string[],
  stdin: string,
  timeout: AbortSignal,
): ReturnType<Exec["run"]> {
  try {
    if (exec === undefined) throw noOpa(opa);
    return await exec.run(opa, args, { signal: AbortSignal.any([signal, timeout]), stdin });
  } catch (error) {
    signal.throwIfAborted();
    if (timeout.aborted) throw new SlipwayError("TIMED_OUT", `opa gave no answer within ${OPA_MS / 1000} s`);
    if (error instanceof SlipwayError && error.code === "NOT_FOUND") throw noOpa(opa);
    throw error;
  }
}

/** `opa eval` wraps a value: `{"result": [{"expressions": [{"value": …}]}]}`; without a result nothing is defined. */
function dataOf(answer: Tree): Tree {
  const first = (value: Tree | undefined, key: string): Tree | undefined => {
    const list = isTreeMap(value) ? own(value, key) : undefined;
    return isTreeList(list) ? list[0] : undefined;
  };
  const expression = first(first(answer, "result"), "expressions");
  return (isTreeMap(expression) ? own(expression, "value") : undefined) ?? {};
}

function noOpa(opa: string): SlipwayError {
  return new SlipwayError("NOT_FOUND", `a policy in Rego needs the program ${opa}, which is not there`, {
    hint: "Install it (https://www.openpolicyagent.org/docs/latest/#running-opa), name it with --opa FILE, or compile the policy where it is (opa build -t wasm -e main/deny POLICY) and give the .wasm.",
  });
}

function refused(path: string, stdout: string, stderr: string): SlipwayError {
  const said = stderr.trim() === "" ? stdout.trim() : stderr.trim();
  return new SlipwayError("INVALID_INPUT", `opa refuses the policy: ${said.slice(0, 2000)}`, { place: { file: path } });
}

/** A policy that says nothing would pass whatever it is about. */
export function noRules(path: string): SlipwayError {
  return new SlipwayError("INVALID_INPUT", "the policy has no rule deny, violation, warn or allow", {
    place: { file: path },
    hint: "Rules of these names count in every package, also deny_NAME; others are for them to use.",
  });
}
