import type { Clock, Exec, Files, Io } from "@slipway/base";
import type { KubeClient, Timer } from "@slipway/kube";
import type { ConnectOptions } from "@slipway/kube/node";

/** Which build of the program this is. */
export interface BuildInfo {
  readonly version: string;
  /** Short hash of the commit; `unknown` outside a repository. */
  readonly commit: string;
  /** Date of the commit, ISO 8601. */
  readonly date: string;
}

/** Which cluster is meant, and as whom: kubectl's connection flags. */
export type ConnectionChoice = Pick<
  ConnectOptions,
  "kubeconfig" | "context" | "namespace" | "overrides" | "timeoutMs" | "onWarning"
>;

/**
 * Makes a client for a cluster; whether the cluster answers shows at the first request.
 *
 * @throws SlipwayError NOT_FOUND without a kubeconfig or without the context in it, INVALID_INPUT for a broken one
 */
export type Connect = (choice: ConnectionChoice) => Promise<KubeClient>;

/** What the program takes from outside; what is absent comes from the platform. */
export interface NimProgramDeps {
  readonly build: BuildInfo;
  /** Runs credential helpers. */
  readonly exec?: Exec;
  readonly clock?: Clock;
  readonly timer?: Timer;
  readonly fetch?: typeof fetch;
  readonly connect?: Connect;
}

/** What the commands work with. */
export interface NimDeps {
  readonly io: Io;
  readonly files: Files;
  readonly build: BuildInfo;
  readonly clock: Clock;
  /** Waits; with the timers of the platform unless told otherwise. */
  readonly timer: Timer | undefined;
  readonly fetch: typeof fetch;
  readonly connect: Connect;
}
