import { isTreeList, isTreeMap, own, type Tree, type TreeMap } from "@slipway/base";
import type { Test } from "../report/model.ts";

/** The names of rules that count, as conftest has them: `deny` and `violation` (also `deny_x`), `warn`, and `allow`. */
const RULE = /^(?:(?<bad>deny|violation)|(?<warn>warn))(?:_\w+)?$/;

/**
 * Tests out of what Rego says: one for each rule that counts, in any package.
 *
 * @param result the value of `data`, or of a part of it
 * @param path where in `data` that part is
 * @param file the policy's name
 */
export function regoTests(result: Tree, path: readonly string[], file: string): readonly Test[] {
  const name = path.at(-1) ?? "";
  const test = { name: path.join("."), suite: ["policy", file], durationMs: 0, place: { file } };
  const { bad, warn } = RULE.exec(name)?.groups ?? {};
  if (bad !== undefined) return [{ ...test, ...judged(result, "failed") }];
  if (warn !== undefined) return [{ ...test, ...judged(result, "warning") }];
  if (name === "allow" && typeof result === "boolean")
    return [{ ...test, ...(result ? { verdict: "passed" } : { verdict: "failed", message: "allow is false" }) }];
  if (!isTreeMap(result)) return [];
  return Object.entries(result).flatMap(([key, child]) => regoTests(child, [...path, key], file));
}

function judged(result: Tree, broken: "failed" | "warning"): Pick<Test, "verdict" | "message" | "output"> {
  const messages = messagesOf(result);
  const [first, ...more] = messages;
  if (first === undefined) return { verdict: "passed" };
  return {
    verdict: broken,
    message: more.length === 0 ? first : `${first} (and ${more.length} more)`,
    output: messages,
  };
}

/** A rule gives a set of texts or of maps with `msg`; the older form is a list, an object whose keys are the texts, or true. */
function messagesOf(result: Tree): readonly string[] {
  if (isTreeList(result)) return result.map(messageOf);
  if (isTreeMap(result)) return own(result, "msg") === undefined ? Object.keys(result) : [messageOf(result)];
  if (result === false || result === null) return [];
  return [messageOf(result)];
}

function messageOf(value: Tree): string {
  if (typeof value === "string") return value;
  const told = isTreeMap(value) ? textOf(value) : undefined;
  return told ?? JSON.stringify(value, (_key, part: unknown) => (typeof part === "bigint" ? String(part) : part));
}

function textOf(value: TreeMap): string | undefined {
  const told = own(value, "msg") ?? own(value, "message");
  return typeof told === "string" ? told : undefined;
}
