import { SlipwayError, isTreeMap, own, parseJson, type Tree } from "@slipway/base";
import { KubeApiError } from "../../errors.ts";

/**
 * The exit status of a command, out of the Status object that ends its stream.
 *
 * @param what names the command and its pod in messages
 * @throws KubeApiError when the command could not be run
 */
export function exitStatusOf(text: string, what: string): number {
  const status = statusOf(text, what);
  if (textOf(status, "status") === "Success") return 0;
  const exit = causes(status).find((cause) => textOf(cause, "reason") === "ExitCode");
  const code = Number(textOf(exit, "message"));
  if (textOf(status, "reason") === "NonZeroExitCode" && Number.isInteger(code)) return code;
  const number = field(status, "code");
  throw new KubeApiError(`${what}: ${textOf(status, "message") || "the server does not say why it failed"}`, {
    status: typeof number === "number" ? number : 500,
    reason: textOf(status, "reason") || "InternalError",
  });
}

function statusOf(text: string, what: string): Tree {
  try {
    return parseJson(text);
  } catch (error) {
    throw new SlipwayError("UNAVAILABLE", `${what}: the server ended the stream with something other than a Status`, {
      cause: error,
    });
  }
}

function causes(status: Tree): readonly Tree[] {
  const found = field(field(status, "details"), "causes");
  return Array.isArray(found) ? found : [];
}

function field(value: Tree | undefined, key: string): Tree | undefined {
  return isTreeMap(value) ? own(value, key) : undefined;
}

function textOf(value: Tree | undefined, key: string): string {
  const found = field(value, key);
  return typeof found === "string" ? found : "";
}
