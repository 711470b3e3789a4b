import type { Command } from "@slipway/terminal";
import type { CommandDeps } from "../deps.ts";
import { BUNDLE_FLAGS } from "../flags/bundle-flags.ts";
import { CATALOG_FLAGS, CONFIG_FLAG } from "../flags/catalog-flags.ts";
import { CLUSTER_FLAGS } from "../flags/cluster-flags.ts";
import { SCHEDULING_FLAGS } from "../flags/scheduling-flags.ts";
import { valueFlags } from "../flags/value-flags.ts";

/** `aicr bundle`: what installs a recipe. */
export function bundleCommand(deps: CommandDeps): Command {
  const values = valueFlags(deps);
  return {
    description:
      "Writes what installs a recipe: values, manifests, scripts and READMEs for Helm, or the objects of Argo CD, Flux " +
      "or helmfile, with a checksum of every file.",
    moreArgs: "ignored",
    flags: [
      ...Object.values(BUNDLE_FLAGS),
      ...Object.values(values),
      ...Object.values(SCHEDULING_FLAGS),
      ...Object.values(CATALOG_FLAGS),
      ...Object.values(CLUSTER_FLAGS),
      CONFIG_FLAG,
    ],
    examples: [
      { meaning: "for Helm, into a folder", command: "aicr bundle -r recipe.yaml -o bundle" },
      {
        meaning: "for Argo CD, with a value of your own",
        command:
          "aicr bundle -r recipe.yaml -o bundle -d argocd --repo https://git.example.com/gpu.git --set gpu-operator:driver.version=580.105.08",
      },
      { meaning: "to a registry", command: "aicr bundle -r recipe.yaml -o oci://registry.example.com/gpu/bundle:v1" },
    ],
    run: async (context) => (await import("./run-bundle.ts")).writeBundle(deps, context, values),
  };
}
