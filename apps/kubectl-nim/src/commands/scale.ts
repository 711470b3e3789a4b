import type { Command } from "@slipway/terminal";
import { completeNamesOrTargets } from "../actions/complete.ts";
import type { NimDeps } from "../deps.ts";
import { SCALE_FLAGS } from "../flags/scale-flags.ts";

/** `kubectl nim scale`: replicas or autoscaling of a service. */
export function scaleCommand(deps: NimDeps): Command {
  return {
    description:
      "Sets how many pods a service has, or lets it scale by itself. One of the two holds: setting replicas switches autoscaling " +
      "off, and the other way round. The settings of autoscaling are kept for the next time.",
    args: [
      {
        name: "NAME",
        summary: "name of the service; nimservice NAME and nimservice/NAME are understood too",
        required: true,
        many: true,
        completion: completeNamesOrTargets(deps),
      },
    ],
    flags: Object.values(SCALE_FLAGS),
    examples: [
      { meaning: "three pods", command: "kubectl nim scale my-llm --replicas=3" },
      { meaning: "two to ten, by use", command: "kubectl nim scale my-llm --min=2 --max=10" },
      { meaning: "no autoscaling any more", command: "kubectl nim scale my-llm --off" },
    ],
    run: async (context) => (await import("./run-scale.ts")).scale(deps, context),
  };
}
