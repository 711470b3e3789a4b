import type { Command, CommandEntry } from "@slipway/terminal";
import type { NimDeps } from "./deps.ts";

/** The commands of kubectl nim. Each loads its code when it is called. */
export function commandsOf(deps: NimDeps): readonly CommandEntry[] {
  return [...objectCommands(deps), ...helperCommands(deps)];
}

/** Those that the seed has: what is done to services and caches. */
function objectCommands(deps: NimDeps): readonly CommandEntry[] {
  return [
    entry("create", "create a NIM service, or a cache for its model", async () =>
      (await import("./commands/create.ts")).createCommand(deps),
    ),
    entry(
      "get",
      "list services or caches, or print them whole",
      async () => (await import("./commands/get.ts")).getCommand(deps),
      "list",
    ),
    entry("status", "say how services or caches are doing", async () =>
      (await import("./commands/status.ts")).statusCommand(deps),
    ),
    entry(
      "log",
      "follow logs, or collect all that support needs",
      async () => (await import("./commands/log.ts")).logCommand(deps),
      "logs",
    ),
    entry(
      "delete",
      "delete services or caches",
      async () => (await import("./commands/delete.ts")).deleteCommand(deps),
      "remove",
    ),
    entry("deploy", "be guided from a model to a running service", async () =>
      (await import("./commands/deploy.ts")).deployCommand(deps),
    ),
  ];
}

/** Those around it. */
function helperCommands(deps: NimDeps): readonly CommandEntry[] {
  return [
    entry("explain", "find out why a service or a cache is not up, and what to do", async () =>
      (await import("./commands/explain.ts")).explainCommand(deps),
    ),
    entry("doctor", "check what NIM needs of the cluster", async () =>
      (await import("./commands/doctor.ts")).doctorCommand(deps),
    ),
    entry("scale", "set replicas or autoscaling of a service", async () =>
      (await import("./commands/scale.ts")).scaleCommand(deps),
    ),
    entry("chat", "talk to the model of a service", async () => (await import("./commands/chat.ts")).chatCommand(deps)),
    entry("profiles", "list the profiles of a model, and which fit the GPUs here", async () =>
      (await import("./commands/profiles.ts")).profilesCommand(deps),
    ),
    entry("secret", "create the secrets for NGC and Hugging Face", async () =>
      (await import("./commands/secret.ts")).secretCommand(deps),
    ),
    entry("completion", "print a script for shell completion", async () =>
      (await import("@slipway/terminal/completion")).completionCommand(deps.io, "kubectl-nim", BEHIND_KUBECTL),
    ),
    entry("version", "print which build this is", async () =>
      (await import("./commands/version.ts")).versionCommand(deps),
    ),
  ];
}

function entry(
  name: string,
  summary: string,
  load: () => Promise<Command>,
  ...aliases: readonly string[]
): CommandEntry {
  return { name, summary, load, aliases };
}

const BEHIND_KUBECTL =
  "Behind kubectl nothing more is needed than kubectl's own completion, and kubectl_complete-nim beside kubectl-nim in the " +
  "PATH.";
