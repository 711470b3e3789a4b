import type { DeployPlan, ModelPlan, VolumePlan } from "./plan.ts";

/** What a plan makes, a line for each object, for a person to agree to. */
export function planSummary(plan: DeployPlan, secrets: readonly string[]): readonly string[] {
  const { model, name, image, gpus } = plan;
  const cache =
    model.kind === "cache" ? [`NIMCache ${model.name}: ${sourceText(model)}, on ${volumeText(model.volume)}`] : [];
  const count = `${gpus} ${gpus === "1" ? "GPU" : "GPUs"}`;
  return [
    ...secrets.map((secret) => `Secret ${secret}`),
    ...cache,
    `NIMService ${name}: ${image.repository}:${image.tag} with ${count}, ${modelText(model)}`,
  ];
}

function modelText(model: ModelPlan): string {
  if (model.kind === "download") return `${model.modelUrl} on ${volumeText(model.volume)}`;
  return `the model of NIMCache ${model.name}`;
}

function sourceText({ source }: ModelPlan & { readonly kind: "cache" }): string {
  return source.kind === "ngc" ? source.modelUrl : `${source.namespace}/${source.modelName} from ${source.endpoint}`;
}

function volumeText({ size, storageClass }: VolumePlan): string {
  return `${size} of ${storageClass === "" ? "the default storage class" : `storage class ${storageClass}`}`;
}
