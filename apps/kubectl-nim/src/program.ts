import type { Io } from "@slipway/base";
import { nodeFiles, runProgram, systemClock, type Flag, type Program } from "@slipway/terminal";
import type { CompleteWord } from "./actions/complete.ts";
import { connectTo } from "./actions/connect-cluster.ts";
import { commandsOf } from "./commands.ts";
import type { NimDeps, NimProgramDeps } from "./deps.ts";
import { CONNECTION_FLAGS } from "./flags/connection-flags.ts";

/**
 * Runs `kubectl nim`.
 *
 * @param words the command line behind the program's name
 * @returns the exit status; nothing is thrown
 */
export function runNim(io: Io, words: readonly string[], deps: NimProgramDeps): Promise<number> {
  const { build, exec, timer, fetch = globalThis.fetch, clock = systemClock } = deps;
  const files = nodeFiles({ cwd: io.cwd, pipes: true });
  const { connect = connectTo({ io, files, build, exec }) } = deps;
  const program = nimProgram({ io, files, build, clock, timer, fetch, connect });
  return runProgram(program, { io, files, clock }, words);
}

function nimProgram(deps: NimDeps): Program {
  const { version, commit, date } = deps.build;
  return {
    name: "kubectl nim",
    description: "Creates, shows, follows, debugs and deletes NVIDIA NIM services and caches.",
    version,
    versionText: `kubectl-nim version ${version} (commit ${commit}, ${date})`,
    envPrefix: "KUBECTL_NIM",
    messagePrefix: "",
    persistentFlags: persistentFlags(deps),
    commands: commandsOf(deps),
    examples: [
      { meaning: "is the cluster ready for NIM?", command: "kubectl nim doctor" },
      { meaning: "from a model to a service, guided", command: "kubectl nim deploy my-llm" },
      { meaning: "what there is", command: "kubectl nim get nimservice -A" },
      { meaning: "why does it not come up?", command: "kubectl nim explain my-llm" },
    ],
  };
}

/** The connection flags, completed from the kubeconfig and the cluster. */
function persistentFlags(deps: NimDeps): readonly Flag<unknown>[] {
  const { namespace, context, ...rest } = CONNECTION_FLAGS;
  const completed = <Value>(flag: Flag<Value>, load: () => Promise<CompleteWord>): Flag<Value> => ({
    ...flag,
    completion: async (word, line) => (await load())(word, line),
  });
  return [
    completed(namespace, async () => (await import("./actions/complete.ts")).completeNamespaces(deps)),
    completed(context, async () => (await import("./actions/complete.ts")).completeContexts(deps)),
    ...Object.values(rest),
  ];
}
