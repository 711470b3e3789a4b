import { SlipwayError, parseJson, type Tree } from "@slipway/base";

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
    return isPlain(text) ? JSON.parse(text) : readCarefully(text);
  } catch {
    // What a parser says quotes the text, which may hold secrets.
    throw new SlipwayError("UNAVAILABLE", `${what}: the server's answer of ${text.length} characters is not JSON`, {
      hint: "Is the server in the kubeconfig an API server, and what is in between sound?",
    });
  }
}

/** Whether a text needs no second look; a text in quotes may look like a long number, which costs time only. */
function isPlain(text: string): boolean {
  return !text.includes("__proto__") && !text.includes("\\u005") && !LONG_NUMBER.test(text);
}

/** Also numbers such as `1e400`, that JavaScript would call infinite. */
const LONG_NUMBER = /(?:^|[:[,])\s*-?\d{16}/;
const MOST_DIGITS = 100;

function readCarefully(text: string): Tree {
  let lossy = false;
  const value: Tree = JSON.parse(text, (key: string, part: unknown, context?: { readonly source?: string }) => {
    if (key === "__proto__") return undefined;
    if (typeof part !== "number" || Number.isSafeInteger(part)) return part;
    lossy ||= context?.source === undefined;
    const source = context?.source ?? "";
    return source.length <= MOST_DIGITS && /^-?\d+$/.test(source) ? BigInt(source) : part;
  });
  // Node 20 does not say what was written; base's reader finds out.
  return lossy ? parseJson(text) : value;
}
