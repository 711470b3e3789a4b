import { NIM_SERVICE_FIELDS } from "@slipway/serving/spec";
import type { Command } from "@slipway/terminal";
import type { NimDeps } from "../deps.ts";
import { CREATE_FLAGS } from "../flags/create-flags.ts";
import { specFlags } from "../flags/spec-flags.ts";

/** `kubectl nim create nimservice`. */
export function createNimServiceCommand(deps: NimDeps): Command {
  const flags = specFlags(deps, NIM_SERVICE_FIELDS);
  return {
    description:
      "Creates a NIMService: pods that run a model, and a Service in front of them. Everything is checked before anything is " +
      "sent. The model comes from a NIMCache, from a volume, or is loaded into a new one.",
    args: [{ name: "NAME", summary: "name of the service", required: false }],
    flags: [...flags, ...Object.values(CREATE_FLAGS)],
    examples: [
      {
        meaning: "on a cache, with the profile that fits",
        command:
          "kubectl nim create nimservice my-llm --image-repository=nvcr.io/nim/meta/llama-3.1-8b-instruct --tag=1.3.3 --nimcache-storage-name=llama-cache",
      },
      {
        meaning: "with a volume of its own, and wait until it answers",
        command:
          "kubectl nim create nimservice my-llm --image-repository=nvcr.io/nim/meta/llama-3.1-8b-instruct --tag=1.3.3 --pvc-create=true --pvc-size=50Gi --wait",
      },
      {
        meaning: "two to ten pods, by CPU use",
        command:
          "kubectl nim create nimservice my-llm --image-repository=nvcr.io/nim/meta/llama-3.1-8b-instruct --tag=1.3.3 --pvc-storage-name=models --scale-min-replicas=2 --scale-max-replicas=10 --cpu=8",
      },
      {
        meaning: "see what would be created",
        command: "kubectl nim create nimservice my-llm --from-file=llm.yaml --tag=1.3.4 --dry-run=client -o yaml",
      },
    ],
    run: async (context) => (await import("./run-create.ts")).createNimService(deps, context, flags),
  };
}
