import type { Io } from "@slipway/base";
import { nodeFiles, runProgram, systemClock, type Program } from "@slipway/terminal";
import { connectTo } from "./actions/connect-cluster.ts";
import type { AicrDeps, CommandDeps } from "./deps.ts";
import { CONFIG_FLAG } from "./flags/catalog-flags.ts";

/**
 * Runs aicr.
 *
 * @param words the command line behind the program's name
 * @returns the exit status; nothing is thrown
 */
export function runAicr(io: Io, words: readonly string[], deps: AicrDeps): Promise<number> {
  const { build, builtinCatalog, fetch = globalThis.fetch, exec, timer, clock = systemClock } = deps;
  const files = nodeFiles({ cwd: io.cwd, pipes: true });
  const { connect = connectTo({ io, files, build, exec }) } = deps;
  const program = aicrProgram({ io, files, build, builtinCatalog, fetch, exec, clock, timer, connect });
  return runProgram(program, { io, files, clock }, words);
}

/** The commands of aicr. Each loads its code when it is called. */
function aicrProgram(deps: CommandDeps): Program {
  const { version, commit, date } = deps.build;
  return {
    name: "aicr",
    description: "Decides what a Kubernetes GPU cluster should be, and writes what installs it.",
    version,
    versionText: `aicr version ${version} (commit ${commit}, ${date})`,
    envPrefix: "AICR",
    configuration: { flag: CONFIG_FLAG, ignoredSections: ["server"] },
    commands: commandsOf(deps),
    examples: [
      { meaning: "what is covered", command: "aicr recipe list" },
      { meaning: "a recipe", command: "aicr recipe --service eks --accelerator h100 --intent training -o recipe.yaml" },
      { meaning: "what installs it", command: "aicr bundle -r recipe.yaml -o bundle" },
    ],
  };
}

function commandsOf(deps: CommandDeps): Program["commands"] {
  return [
    {
      name: "snapshot",
      summary: "measure a node and its cluster",
      load: async () => (await import("./commands/snapshot.ts")).snapshotCommand(deps),
    },
    {
      name: "recipe",
      summary: "write the recipe for a kind of cluster",
      load: async () => (await import("./commands/recipe.ts")).recipeCommand(deps),
    },
    {
      name: "query",
      summary: "print a value of a recipe, or say where it comes from",
      load: async () => (await import("./commands/query.ts")).queryCommand(deps),
    },
    {
      name: "bundle",
      summary: "write what installs a recipe",
      load: async () => (await import("./commands/bundle.ts")).bundleCommand(deps),
    },
    {
      name: "verify",
      summary: "check a bundle against its checksums",
      load: async () => (await import("./commands/verify.ts")).verifyCommand(deps),
    },
    {
      name: "diff",
      summary: "show what changes between two recipes, bundles or snapshots",
      load: async () => (await import("./commands/diff.ts")).diffCommand(deps),
    },
    {
      name: "validate",
      summary: "test a cluster, or a snapshot of one, against a recipe",
      load: async () => (await import("./commands/validate.ts")).validateCommand(deps),
    },
    {
      name: "drift",
      summary: "compare a recipe with what is installed and what runs",
      load: async () => (await import("./commands/drift.ts")).driftCommand(deps),
    },
    {
      name: "schema",
      summary: "print the JSON Schemas of our documents",
      load: async () => (await import("./commands/schema.ts")).schemaCommand(deps),
    },
    {
      name: "completion",
      summary: "print a script for shell completion",
      load: async () => (await import("@slipway/terminal/completion")).completionCommand(deps.io, "aicr"),
    },
  ];
}
