import { SlipwayError, utf8Text, type Files } from "@slipway/base";
import type { Test } from "../report/model.ts";
import { parsePolicy } from "./document.ts";
import type { PolicyInput } from "./input.ts";
import { regoFileTests, type RegoOptions } from "./rego.ts";

export { parsePolicy, type PolicyRule, type ValidationPolicy } from "./document.ts";
export type { PolicyInput } from "./input.ts";
export type { RegoOptions } from "./rego.ts";

/** How large a policy may be. */
const MAX_POLICY_BYTES = 16 * 1024 * 1024;

/** What reading and running policies needs. */
export interface PolicyDeps extends RegoOptions {
  readonly files: Pick<Files, "read" | "info">;
}

/** Tests an input against a policy. Throws as the reader of its kind does. */
export type Policy = (input: PolicyInput) => Promise<readonly Test[]>;

/**
 * Reads a policy by the kind of its file and makes it ready: CEL rules (`.yaml`, `.yml`, `.json`) and compiled Rego
 * (`.wasm`) are checked at once, Rego (`.rego`) when opa reads it.
 *
 * @throws SlipwayError NOT_FOUND, TOO_LARGE, USAGE for another extension; INVALID_INPUT as the reader of its kind does
 */
export async function readPolicy(deps: PolicyDeps, path: string): Promise<Policy> {
  const extension = /\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase();
  switch (extension) {
    case "yaml":
    case "yml":
    case "json": {
      const policy = parsePolicy(utf8Text(await deps.files.read(path, MAX_POLICY_BYTES), path), path);
      // The language is loaded for those who speak it.
      const { compileCel } = await import("./cel.ts");
      const tests = compileCel(policy, path);
      return async (input) => tests(input);
    }
    case "rego": {
      await requireFile(deps.files, path);
      return (input) => regoFileTests(path, input, deps);
    }
    case "wasm": {
      const bytes = await deps.files.read(path, MAX_POLICY_BYTES);
      const { loadWasm } = await import("./wasm.ts");
      const tests = await loadWasm(bytes, path);
      return async (input) => tests(input);
    }
    case undefined:
    default:
      throw new SlipwayError("USAGE", `--policy: "${path}" is no policy: give .yaml (CEL), .rego or .wasm`);
  }
}

async function requireFile(files: Pick<Files, "info">, path: string): Promise<void> {
  const info = await files.info(path);
  if (info === undefined) throw new SlipwayError("NOT_FOUND", "does not exist", { place: { file: path } });
}
