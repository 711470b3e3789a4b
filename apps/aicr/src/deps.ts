import type { Clock, Exec, Files, Io } from "@slipway/base";
import type { ConfigMapDocuments, KubeClient, Timer } from "@slipway/kube";
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
  /** Waits; with the timers of the platform unless told otherwise. */
  readonly timer?: Timer;
  /** Reaches a cluster; as kubectl does it unless told otherwise. */
  readonly connect?: Connect;
}

/** Which cluster is meant: the flags of kubectl. */
export interface ClusterChoice {
  /** Path of a kubeconfig file, in place of the environment's. */
  readonly kubeconfig?: string | undefined;
  /** Name of a context in it, in place of the current one. */
  readonly context?: string | undefined;
  /** Told what the API server warns of. */
  readonly onWarning?: ((text: string) => void) | undefined;
}

/**
 * Makes a client for a cluster; whether the cluster answers shows at the first request.
 *
 * @throws SlipwayError NOT_FOUND without a kubeconfig or without the context in it, INVALID_INPUT for a broken one
 */
export type Connect = (choice: ClusterChoice) => Promise<KubeClient>;

/** What the commands work with. */
export interface CommandDeps {
  readonly io: Io;
  readonly files: Files;
  readonly build: BuildInfo;
  readonly builtinCatalog: () => Promise<DataLayer>;
  readonly fetch: typeof fetch;
  readonly exec: Exec | undefined;
  readonly clock: Clock;
  readonly timer: Timer | undefined;
  readonly connect: Connect;
  /** Reads and writes the documents of `cm://` addresses; without it they are refused. */
  readonly configMaps?: ConfigMapDocuments | undefined;
}
