import type { Resource } from "@slipway/kube";

const GROUP = "apps.nvidia.com";

function nimResource(plural: string, kind: string): Resource {
  return { group: GROUP, version: "v1alpha1", plural, kind, namespaced: true };
}

/** The kinds of the NIM Operator (custom resource definitions `*.apps.nvidia.com`) and those it makes use of. */
export const NIM_RESOURCES = {
  nimServices: nimResource("nimservices", "NIMService"),
  nimCaches: nimResource("nimcaches", "NIMCache"),
  nimPipelines: nimResource("nimpipelines", "NIMPipeline"),
  nimBuilds: nimResource("nimbuilds", "NIMBuild"),
  nemoCustomizers: nimResource("nemocustomizers", "NemoCustomizer"),
  nemoDatastores: nimResource("nemodatastores", "NemoDatastore"),
  nemoEntitystores: nimResource("nemoentitystores", "NemoEntitystore"),
  nemoEvaluators: nimResource("nemoevaluators", "NemoEvaluator"),
  nemoGuardrails: nimResource("nemoguardrails", "NemoGuardrail"),
  inferenceServices: {
    group: "serving.kserve.io",
    version: "v1beta1",
    plural: "inferenceservices",
    kind: "InferenceService",
    namespaced: true,
  },
} as const satisfies Record<string, Resource>;

/** The two kinds that people work with. */
export type NimKind = "NIMService" | "NIMCache";

/** How a kind is spelled: on the command line, in addresses, for the API. */
export interface NimKindNames {
  readonly kind: NimKind;
  readonly singular: string;
  readonly plural: string;
  readonly resource: Resource;
}

/** Both kinds by name. */
export const NIM_KINDS: Readonly<Record<NimKind, NimKindNames>> = {
  NIMService: {
    kind: "NIMService",
    singular: "nimservice",
    plural: "nimservices",
    resource: NIM_RESOURCES.nimServices,
  },
  NIMCache: { kind: "NIMCache", singular: "nimcache", plural: "nimcaches", resource: NIM_RESOURCES.nimCaches },
};

/** The kind that a word means: singular or plural, with or without the group, in any case; nothing for another word. */
export function nimKindOf(word: string): NimKindNames | undefined {
  const [name = "", ...group] = word.toLowerCase().split(".");
  if (group.length > 0 && group.join(".") !== GROUP) return undefined;
  return Object.values(NIM_KINDS).find(({ singular, plural }) => name === singular || name === plural);
}
