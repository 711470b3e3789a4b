import { SlipwayError } from "@slipway/base";

/** A taint that the agent tolerates, as a pod writes it. */
export interface Toleration {
  readonly key?: string;
  readonly operator?: "Exists" | "Equal";
  readonly value?: string;
  readonly effect?: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}

/** How the agent runs: a Job that measures the node that it runs on. */
export interface AgentOptions {
  /** Made when it is not there; it stays. */
  readonly namespace: string;
  readonly image: string;
  /** What the names of all objects of a run start with. */
  readonly jobName: string;
  /** A service account that is there and has the rights: it is used as it is, and no rights are made or removed. */
  readonly serviceAccountName?: string | undefined;
  /** Names of secrets of the namespace. */
  readonly imagePullSecrets?: readonly string[] | undefined;
  /** Labels of the nodes that it may run on; GPU nodes are found when there are none. */
  readonly nodeSelector?: Readonly<Record<string, string>> | undefined;
  /** Absent: all taints are tolerated. */
  readonly tolerations?: readonly Toleration[] | undefined;
  /** Default true: sees the host's processes, network and devices. With false the pod security level restricted takes it. */
  readonly privileged?: boolean | undefined;
  /** Asks the scheduler for a GPU; a snapshot without one is an error. Not together with `runtimeClass`. */
  readonly requireGpu?: boolean | undefined;
  /** Runtime class that shows the GPUs without asking for one. */
  readonly runtimeClass?: string | undefined;
  /** Quantities by resource. One that is given here or in `limits` only holds for both. */
  readonly requests?: Readonly<Record<string, string>> | undefined;
  readonly limits?: Readonly<Record<string, string>> | undefined;
  /** Operating system of the nodes: `talos` has no systemd whose folder could be mounted. */
  readonly os?: string | undefined;
  readonly maxNodesPerEntry?: number | undefined;
  /** Has the agent log everything, as JSON. */
  readonly debug?: boolean | undefined;
  /** More arguments of `aicr snapshot`, e.g. `--filter`, `gpu`. */
  readonly snapshotArguments?: readonly string[] | undefined;
  /** Milliseconds from a Job's creation to its end. */
  readonly timeoutMs: number;
}

/** How long a prefix may be so that names stay within 63 signs. */
const PREFIX_LENGTH = 30;
const DNS_LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
const DNS_SUBDOMAIN = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/;

/**
 * Refuses what the server would refuse later, when part of the objects is there.
 *
 * @throws SlipwayError USAGE
 */
export function checkAgentOptions(options: AgentOptions): void {
  demandName("namespace", options.namespace, DNS_LABEL, 63);
  demandName("Job", options.jobName, DNS_LABEL, PREFIX_LENGTH);
  const { serviceAccountName, runtimeClass, imagePullSecrets = [] } = options;
  if (serviceAccountName !== undefined) demandName("service account", serviceAccountName, DNS_SUBDOMAIN, 253);
  if (runtimeClass !== undefined) demandName("runtime class", runtimeClass, DNS_SUBDOMAIN, 253);
  for (const secret of imagePullSecrets) demandName("image pull secret", secret, DNS_SUBDOMAIN, 253);
  if (options.image === "" || /\s/.test(options.image)) throw usage(`"${options.image}" is no image`);
  if (options.requireGpu === true && runtimeClass !== undefined) {
    throw usage(
      "a GPU that is asked for and a runtime class exclude each other",
      "Give --require-gpu where a device plugin hands out GPUs, --runtime-class where a free GPU cannot be had.",
    );
  }
}

function demandName(what: string, name: string, pattern: RegExp, length: number): void {
  if (name.length <= length && pattern.test(name)) return;
  throw usage(
    `"${name}" cannot be the name of the ${what}`,
    `It takes up to ${length} small letters, digits and dashes, with a letter or digit at both ends.`,
  );
}

function usage(message: string, hint?: string): SlipwayError {
  return new SlipwayError("USAGE", message, { hint });
}
