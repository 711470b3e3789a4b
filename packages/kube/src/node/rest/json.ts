import { SlipwayError, messageOf, type Tree } from "@slipway/base";

/**
 * Reads JSON of the API server without a copy of it. Objects of many people come in one text, so a key that would reach
 * the prototype of a JavaScript object is left out instead of refusing all that is beside it; integers that a number
 * cannot hold are bigint.
 *
 * @param what names the text in messages: `GET /api/v1/pods`
 * @throws SlipwayError UNAVAILABLE when it is not JSON, as a connection that is cut leaves it
 */
export function readJson(text: string, what: string): Tree {
  try {
    return isPlain(text) ? JSON.parse(text) : JSON.parse(text, reviver);
  } catch (error) {
    throw new SlipwayError(
      "UNAVAILABLE",
      `${what}: the server's answer is not JSON: ${messageOf(error).slice(0, 200)}`,
      {
        hint: "Is the server in the kubeconfig an API server?",
        cause: error,
      },
    );
  }
}

/** Whether a text needs no second look; a text in quotes may look like a long number, which costs time only. */
function isPlain(text: string): boolean {
  return !text.includes("__proto__") && !text.includes("\\u005") && !LONG_NUMBER.test(text);
}

/** Also numbers such as `1e400`, that JavaScript would call infinite. */
const LONG_NUMBER = /[:[,]\s*-?\d{16}/;
const MOST_DIGITS = 100;

function reviver(key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (key === "__proto__") return undefined;
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const source = context?.source ?? "";
  return source.length <= MOST_DIGITS && /^-?\d+$/.test(source) ? BigInt(source) : value;
}
