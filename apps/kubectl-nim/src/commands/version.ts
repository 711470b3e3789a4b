import { writeJson, writeYaml } from "@slipway/base";
import { choiceFlag, type Command } from "@slipway/terminal";
import type { NimDeps } from "../deps.ts";

const FORMAT = choiceFlag("output", ["text", "json", "yaml"], "text", {
  summary: "form of what is printed",
  group: "Output",
  placeholder: "FORMAT",
  short: "o",
});

/** `kubectl nim version`: which build this is. */
export function versionCommand({ io, build }: NimDeps): Command {
  return {
    description: "Prints which build this is. No cluster is asked.",
    flags: [FORMAT],
    run: ({ read }) => {
      const { version, commit, date } = build;
      const format = read(FORMAT);
      if (format === "text") io.stdout.write(`kubectl-nim version ${version} (commit ${commit}, ${date})\n`);
      else io.stdout.write({ json: writeJson, yaml: writeYaml }[format]({ version, commit, date }));
      return Promise.resolve("DONE");
    },
  };
}
