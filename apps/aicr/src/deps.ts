import type { Clock, Exec, Files, Io } from "@slipway/base";
import type { DataLayer } from "@slipway/recipe";

/** Which build of the program this is. */
export interface BuildInfo {
  readonly version: string;
  /** Short hash of the commit; `unknown` outside a repository. */
  readonly commit: string;
  /** Date of the commit, ISO 8601. */
  readonly date: string;
}

/** What a build of aicr brings along. */
export interface AicrDeps {
  readonly build: BuildInfo;
  /** The built-in catalog; opened when a command needs it. */
  readonly builtinCatalog: () => Promise<DataLayer>;
  readonly fetch?: typeof fetch;
  /** Runs helm and credential helpers. */
  readonly exec?: Exec;
  readonly clock?: Clock;
}

/** What the commands work with. */
export interface CommandDeps {
  readonly io: Io;
  readonly files: Files;
  readonly build: BuildInfo;
  readonly builtinCatalog: () => Promise<DataLayer>;
  readonly fetch: typeof fetch;
  readonly exec: Exec | undefined;
}
