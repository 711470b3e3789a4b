import { SlipwayError } from "@slipway/base";
import type { AgentDeps, AgentOptions, AgentProgress, Toleration } from "@slipway/snapshot/agent";
import type { KubeClient } from "@slipway/kube";
import { printable, type CommandContext } from "@slipway/terminal";
import type { CommandDeps } from "../deps.ts";
import { NAMESPACE_FLAG } from "../flags/cluster-flags.ts";
import { AGENT_FLAGS, AGENT_IMAGE, SNAPSHOT_FLAGS } from "../flags/snapshot-flags.ts";

/** Milliseconds from the Job's creation to its end unless told. */
const AGENT_MS = 5 * 60_000;

/**
 * Reads the flags of the agent.
 *
 * @param fallbackNamespace where it runs without `--namespace`
 * @throws SlipwayError USAGE for a selector, a toleration or a resource that is not one, naming its flag
 */
export function agentOptions(deps: CommandDeps, context: CommandContext, fallbackNamespace: string): AgentOptions {
  const { read, isGiven } = context;
  const { env } = deps.io;
  const serviceAccountName = filled(read(AGENT_FLAGS.serviceAccount));
  return {
    namespace: filled(read(NAMESPACE_FLAG)) ?? fallbackNamespace,
    image: filled(read(AGENT_FLAGS.image)) ?? filled(env["AICR_AGENT_IMAGE"]) ?? AGENT_IMAGE,
    jobName: filled(read(AGENT_FLAGS.jobName)) ?? "aicr",
    ...(serviceAccountName === undefined ? {} : { serviceAccountName }),
    imagePullSecrets: read(AGENT_FLAGS.imagePullSecret).filter((name) => name !== ""),
    ...(isGiven(AGENT_FLAGS.nodeSelector)
      ? { nodeSelector: pairs("--node-selector", read(AGENT_FLAGS.nodeSelector)) }
      : {}),
    ...(isGiven(AGENT_FLAGS.toleration) ? { tolerations: read(AGENT_FLAGS.toleration).map(tolerationOf) } : {}),
    privileged: read(AGENT_FLAGS.privileged),
    requireGpu: read(SNAPSHOT_FLAGS.requireGpu),
    runtimeClass: filled(read(AGENT_FLAGS.runtimeClass)),
    requests: resources("--requests", read(AGENT_FLAGS.requests), env["AICR_REQUESTS"]),
    limits: resources("--limits", read(AGENT_FLAGS.limits), env["AICR_LIMITS"]),
    maxNodesPerEntry: read(SNAPSHOT_FLAGS.maxNodesPerEntry),
    debug: context.log.mode !== "plain",
    snapshotArguments: forwarded(context),
    timeoutMs: read(SNAPSHOT_FLAGS.timeout) ?? AGENT_MS,
  };
}

/**
 * What an agent works with in this process: its steps are progress, what should be looked at is a warning, and what it
 * writes to its log goes to standard error.
 */
export function agentDeps(deps: CommandDeps, context: CommandContext, client: KubeClient): AgentDeps {
  const { timer } = deps;
  return {
    client,
    clock: deps.clock,
    random: Math.random,
    signal: deps.io.signal,
    ...(timer === undefined ? {} : { sleep: async (milliseconds, signal) => timer.sleep(milliseconds, signal) }),
    onProgress: (event) => tell(context, event),
    onLog: (line, node) => {
      context.progress.done();
      deps.io.stderr.write(`${node === undefined ? "" : `[${node}] `}${printable(line)}\n`);
    },
  };
}

function tell({ log, progress }: CommandContext, { kind, message, node }: AgentProgress): void {
  const text = node === undefined ? message : `${node}: ${message}`;
  if (kind === "warning" || kind === "note") {
    progress.done();
    return kind === "note" ? log.info(text) : log.warn(text);
  }
  progress.show(text);
  if (kind === "waiting") log.debug(text);
}

/** Flags that the agent itself is to be started with; few, so that agents of older releases understand them. */
function forwarded({ read, isGiven }: CommandContext): readonly string[] {
  return [SNAPSHOT_FLAGS.filter, SNAPSHOT_FLAGS.exclude].flatMap((flag) =>
    isGiven(flag) ? [`--${flag.name}`, read(flag).join(",")] : [],
  );
}

function pairs(flag: string, texts: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    texts.map((text) => {
      const [, key = "", value = ""] = /^([^=]+)=(.*)$/.exec(text) ?? [];
      if (key !== "") return [key, value];
      throw new SlipwayError("USAGE", `${flag} takes KEY=VALUE, not "${text}"`);
    }),
  );
}

function resources(
  flag: string,
  texts: readonly string[],
  fallback: string | undefined,
): Readonly<Record<string, string>> | undefined {
  const all = texts.length > 0 ? texts : (fallback ?? "").split(",").filter((text) => text.trim() !== "");
  if (all.length === 0) return undefined;
  const found = pairs(flag, all);
  for (const [name, quantity] of Object.entries(found)) {
    if (QUANTITY.test(quantity)) continue;
    throw new SlipwayError("USAGE", `${flag} ${name}=${quantity}: "${quantity}" is no quantity`, {
      hint: "Quantities are numbers such as 2, 500m, 512Mi or 4Gi.",
    });
  }
  return found;
}

/** Quantities of the Kubernetes API (apimachinery, resource.Quantity), without a sign. */
const QUANTITY = /^\d+(\.\d+)?([numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)?$/;

const EFFECTS = ["NoSchedule", "PreferNoSchedule", "NoExecute"] as const;

/** `KEY`, `KEY=VALUE`, each with `:EFFECT`, as kubectl writes taints. */
function tolerationOf(text: string): Toleration {
  const [, key = "", value, effectText] = /^([^=:]+)(?:=([^:]*))?(?::(.+))?$/.exec(text.trim()) ?? [];
  const effect = EFFECTS.find((candidate) => candidate === effectText);
  if (key === "" || (effectText !== undefined && effect === undefined)) {
    throw new SlipwayError("USAGE", `--toleration takes KEY[=VALUE][:EFFECT], not "${text}"`, {
      hint: `Effects are ${EFFECTS.join(", ")}.`,
    });
  }
  return {
    key,
    ...(value === undefined ? { operator: "Exists" } : { operator: "Equal", value }),
    ...(effect === undefined ? {} : { effect }),
  };
}

function filled(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === "" ? undefined : text.trim();
}
