import type { CriteriaField } from "@slipway/recipe";
import { integerFlag, switchFlag, textFlag, type Flag, type Suggestion } from "@slipway/terminal";
import type { CommandDeps } from "../deps.ts";

/** The flags that say what a recipe is for. */
export type CriteriaFlags = Readonly<Record<CriteriaField, Flag<string | undefined>>> & {
  readonly nodes: Flag<number | undefined>;
};

/** Builds them; their values complete from the built-in catalog. */
export function criteriaFlags(deps: CommandDeps, group: string): CriteriaFlags {
  const valuesOf = (field: CriteriaField) => (): Promise<readonly Suggestion[]> => suggestions(deps, field);
  const flag = (field: CriteriaField, summary: string, more: { aliases?: readonly string[]; short?: string } = {}) =>
    textFlag(field, { summary, group, placeholder: field.toUpperCase(), completion: valuesOf(field), ...more });
  return {
    service: flag("service", "Kubernetes service: eks, gke, aks, oke, kind, self-managed"),
    accelerator: flag("accelerator", "GPU: h100, h200, gb200, b200, a100, l40, l40s, rtx-pro-6000", {
      aliases: ["gpu"],
    }),
    intent: flag("intent", "what the cluster is for: training, inference", { short: "i" }),
    os: flag("os", "system of the nodes: ubuntu, rhel, cos, amazonlinux, talos"),
    platform: flag("platform", "platform on top: kubeflow, dynamo, nim"),
    nodes: integerFlag("nodes", { summary: "number of GPU nodes", group, placeholder: "N", repeat: "last" }),
  };
}

async function suggestions(deps: CommandDeps, field: CriteriaField): Promise<readonly Suggestion[]> {
  const { legalValues } = await import("../actions/legal-values.ts");
  return (await legalValues(deps, field)).map((value) => ({ value }));
}

/** Whether a criterion that changes nothing is an error. */
export const STRICT_FLAG = switchFlag("strict", {
  summary: "fail when a criterion changes nothing",
  group: "Criteria",
});
