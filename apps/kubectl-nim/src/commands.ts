import type { CommandEntry } from "@slipway/terminal";
import type { NimDeps } from "./deps.ts";

/** The commands of kubectl nim. Each loads its code when it is called. */
export function commandsOf(deps: NimDeps): readonly CommandEntry[] {
  return [
    {
      name: "create",
      summary: "create a NIM service or a cache for its model",
      load: async () => (await import("./commands/create.ts")).createCommand(deps),
    },
    {
      name: "get",
      aliases: ["list"],
      summary: "list services or caches, or print them whole",
      load: async () => (await import("./commands/get.ts")).getCommand(deps),
    },
    {
      name: "status",
      summary: "say how services or caches are doing",
      load: async () => (await import("./commands/status.ts")).statusCommand(deps),
    },
    {
      name: "explain",
      summary: "find out why a service or a cache is not up, and what to do",
      load: async () => (await import("./commands/explain.ts")).explainCommand(deps),
    },
    {
      name: "log",
      aliases: ["logs"],
      summary: "follow logs, or collect all that support needs",
      load: async () => (await import("./commands/log.ts")).logCommand(deps),
    },
    {
      name: "delete",
      aliases: ["remove"],
      summary: "delete services or caches",
      load: async () => (await import("./commands/delete.ts")).deleteCommand(deps),
    },
    {
      name: "deploy",
      summary: "be guided from a model to a running service",
      load: async () => (await import("./commands/deploy.ts")).deployCommand(deps),
    },
    {
      name: "scale",
      summary: "set replicas or autoscaling of a service",
      load: async () => (await import("./commands/scale.ts")).scaleCommand(deps),
    },
    {
      name: "chat",
      summary: "talk to the model of a service",
      load: async () => (await import("./commands/chat.ts")).chatCommand(deps),
    },
    {
      name: "profiles",
      summary: "list the profiles of a model, and which fit the GPUs here",
      load: async () => (await import("./commands/profiles.ts")).profilesCommand(deps),
    },
    {
      name: "secret",
      summary: "create the secrets for NGC and Hugging Face",
      load: async () => (await import("./commands/secret.ts")).secretCommand(deps),
    },
    {
      name: "doctor",
      summary: "check what NIM needs of the cluster",
      load: async () => (await import("./commands/doctor.ts")).doctorCommand(deps),
    },
    {
      name: "completion",
      summary: "print a script for shell completion",
      load: async () => (await import("./commands/completion.ts")).completionCommand(deps),
    },
    {
      name: "version",
      summary: "print which build this is",
      load: async () => (await import("./commands/version.ts")).versionCommand(deps),
    },
  ];
}
