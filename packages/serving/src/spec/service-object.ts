import { SlipwayError, listAt, mapAt, textAt, valueAt, type Tree, type TreeMap } from "@slipway/base";
import { GPU_RESOURCE } from "../gpus/gpu-nodes.ts";
import type { OperatorTraits } from "../operator/traits.ts";
import { checkFileValues, valueProblems } from "./check-values.ts";
import type { Given } from "./field.ts";
import { checkRepository, checkTag } from "./image.ts";
import {
  checkFile,
  checkObjectName,
  layeredSpec,
  nimObject,
  without,
  type BuiltObject,
  type ObjectPlace,
} from "./nim-object.ts";
import { looksLikeKey } from "../secrets/key.ts";
import { podsSpec } from "./pods-spec.ts";
import { canonicalQuantity } from "./quantity.ts";
import { checkScaling, scaleSpec } from "./service-scaling.ts";
import { NIM_SERVICE_FIELDS, type ServiceFlag } from "./service-fields.ts";
import { storageOf, type Storage } from "./storage.ts";
import { present, valuesOf, type Values } from "./values.ts";

/** What an object is made of, beside its flags. */
export interface ServiceInput extends ObjectPlace {
  readonly given: Given<ServiceFlag>;
  /** What the flags are laid over. */
  readonly file?: TreeMap | undefined;
  /** What the operator of the cluster understands, where it is known. */
  readonly traits?: OperatorTraits | undefined;
}

/** Whether the values make a choice that not every release of the operator understands. */
export function dependsOnRelease(given: Given<ServiceFlag>): boolean {
  const values = valuesOf(NIM_SERVICE_FIELDS, given);
  return values.number("replicas") === 0 || values.isGiven("emptydir") || values.isEmptied("auth-secret");
}

/**
 * The NIMService that values ask for, in the form that every release of the operator from 3.0 takes, with strict field
 * validation and by its webhook: nothing empty, one kind of storage, replicas only without autoscaling.
 *
 * @throws SlipwayError USAGE, naming the flag, for what the cluster or the operator would refuse, or choke on; INVALID_INPUT
 * for a file that is none of a NIMService
 */
export function buildNimService({ given, file, traits, name, namespace }: ServiceInput): BuiltObject {
  checkObjectName("NIMService", name);
  const [problem] = valueProblems(NIM_SERVICE_FIELDS, given);
  if (problem !== undefined) throw new SlipwayError("USAGE", problem.message, { hint: problem.hint });
  if (file !== undefined) {
    checkFile("NIMService", file, { name, namespace });
    checkFileValues(NIM_SERVICE_FIELDS, file);
  }
  const values = valuesOf(NIM_SERVICE_FIELDS, given);
  checkImage(values);
  const storage = storageAsked(values);
  const said = saidSpec(values, storage.storage, traits);
  const spec = settled(layeredSpec(fallbackSpec(values, file), file, said));
  checkWhole(spec);
  const object = nimObject("NIMService", { name, namespace }, values, spec, file);
  const warnings = [
    ...storage.warnings,
    ...checkScaling(object, values),
    ...hubWarnings(spec, traits),
    ...keyWarnings(spec),
    ...emptyWarnings(values, traits),
  ];
  checkRelease(values, traits);
  return { object, warnings };
}

function checkImage(values: Values<ServiceFlag>): void {
  const [repository, tag] = [values.text("image-repository"), values.text("tag")];
  if (repository !== undefined) checkRepository(repository);
  if (tag !== undefined) checkTag(tag);
}

function storageAsked(values: Values<ServiceFlag>): Storage {
  const name = values.text("nimcache-storage-name");
  const profile = values.text("nimcache-storage-profile");
  if (profile !== undefined && name === undefined)
    throw new SlipwayError("USAGE", "--nimcache-storage-profile needs --nimcache-storage-name: whose profile is it?");
  const size = values.text("emptydir");
  return storageOf(values, [
    ...(name === undefined
      ? []
      : [{ flag: "nimcache-storage-name", member: { nimCache: { name, ...present({ profile }) } } }]),
    ...(size === undefined ? [] : [{ flag: "emptydir", member: { emptyDir: { sizeLimit: size } } }]),
  ]);
}

/** What the flags say, and nothing else. */
function saidSpec(
  values: Values<ServiceFlag>,
  storage: TreeMap | undefined,
  traits: OperatorTraits | undefined,
): TreeMap {
  const pullSecrets = values.texts("pull-secrets");
  const image = present<Tree>({
    repository: values.text("image-repository"),
    tag: values.text("tag"),
    pullPolicy: values.text("pull-policy"),
    pullSecrets: pullSecrets.length === 0 ? undefined : pullSecrets,
  });
  const service = present<Tree>({ type: values.text("service-type"), port: values.number("service-port") });
  const resources = present<Tree>({ limits: gpuLimit(values.text("gpu-limit")), requests: requestsOf(values) });
  return present<Tree>({
    image: unlessEmpty(image),
    authSecret:
      values.isEmptied("auth-secret") && traits?.authSecretRequired !== false ? "" : values.text("auth-secret"),
    storage,
    expose: unlessEmpty(present<Tree>({ service: unlessEmpty(service) })),
    resources: unlessEmpty(resources),
    replicas: values.number("replicas"),
    scale: scaleSpec(values),
    inferencePlatform: values.text("inference-platform"),
    ...podsSpec(values),
  });
}

/** What counts where neither flags nor file say anything. */
function fallbackSpec(values: Values<ServiceFlag>, file: TreeMap | undefined): TreeMap {
  const fallback = (flag: ServiceFlag): string => NIM_SERVICE_FALLBACKS.get(flag) ?? "";
  const pullSecrets = values.isEmptied("pull-secrets") ? undefined : [fallback("pull-secrets")];
  const claims = listAt(file, "spec", "draResources").length > 0;
  const isAuto = values.text("gpu-limit") === AUTO || claims;
  return present<Tree>({
    image: present<Tree>({ pullPolicy: fallback("pull-policy"), pullSecrets }),
    authSecret: values.isEmptied("auth-secret") ? undefined : fallback("auth-secret"),
    resources: isAuto ? undefined : { limits: { [GPU_RESOURCE]: fallback("gpu-limit") } },
    expose: { service: { type: fallback("service-type"), port: Number(fallback("service-port")) } },
    replicas: Number(fallback("replicas")),
    inferencePlatform: fallback("inference-platform"),
  });
}

const NIM_SERVICE_FALLBACKS: ReadonlyMap<string, string> = new Map(
  NIM_SERVICE_FIELDS.flatMap((field) => ("fallback" in field ? [[field.flag, field.fallback] as const] : [])),
);

/** With autoscaling nobody sets replicas: releases from 3.0.2 on refuse both at once. */
function settled(spec: TreeMap): TreeMap {
  return valueAt(spec, "scale", "enabled") === true ? without(spec, "replicas") : spec;
}

const AUTO = "auto";

function gpuLimit(text: string | undefined): TreeMap | undefined {
  if (text === undefined || text === AUTO) return undefined;
  if (/^[1-9]\d{0,3}$/.test(text)) return { [GPU_RESOURCE]: text };
  throw new SlipwayError("USAGE", `--gpu-limit takes a whole number from 1, or auto, not "${text}"`, {
    hint: text === "0" ? "With auto the operator takes as many as the profile needs." : undefined,
  });
}

function requestsOf(values: Values<ServiceFlag>): TreeMap | undefined {
  const [cpu, memory] = [values.text("cpu"), values.text("memory")];
  return unlessEmpty(
    present<Tree>({
      cpu: cpu === undefined ? undefined : canonicalQuantity(cpu),
      memory: memory === undefined ? undefined : canonicalQuantity(memory),
    }),
  );
}

/** What must be there, wherever it comes from. */
function checkWhole(spec: TreeMap): void {
  const missing = (message: string, hint: string): SlipwayError => new SlipwayError("USAGE", message, { hint });
  if (textAt(spec, "image", "repository") === "")
    throw missing(
      "--image-repository is missing: which NIM is served?",
      "For example --image-repository=nvcr.io/nim/meta/llama-3.1-8b-instruct.",
    );
  if (textAt(spec, "image", "tag") === "")
    throw missing(
      "--tag is missing: which release of the image?",
      "For example --tag=1.3.3; catalog.ngc.nvidia.com lists them.",
    );
  const storage = Object.keys(mapAt(spec, "storage")).filter((key) => MEMBERS.includes(key));
  if (storage.length === 0)
    throw missing(
      "where is the model stored? Nothing says it",
      "Give --nimcache-storage-name, --pvc-storage-name, or --pvc-create=true with --pvc-size.",
    );
  if (storage.length > 1)
    throw missing(
      `${storage.join(" and ")} exclude each other: a model is stored in one place`,
      "Leave one of them out of the file.",
    );
}

const MEMBERS = ["nimCache", "pvc", "hostPath", "emptyDir"];

/** From 3.0.2 on the operator takes HF_TOKEN from the auth secret. */
function hubWarnings(spec: TreeMap, traits: OperatorTraits | undefined): readonly string[] {
  const isHub = listAt(spec, "env").some((entry) => textAt(entry, "value").toLowerCase().startsWith("hf://"));
  const secret = textAt(spec, "authSecret");
  if (!isHub || secret !== NIM_SERVICE_FALLBACKS.get("auth-secret") || traits?.hubTokenFromAuthSecret === false)
    return [];
  return [
    `the model comes from Hugging Face, and operators from 3.0.2 on read HF_TOKEN from the Secret "${secret}" (--auth-secret): it must hold that key`,
  ];
}

function emptyWarnings(values: Values<ServiceFlag>, traits: OperatorTraits | undefined): readonly string[] {
  // Up to release 3.1.2 the definition demands the field, and an empty text is all that says "none".
  if (traits?.authSecretRequired === false || !values.isEmptied("auth-secret")) return [];
  return ["--auth-secret is sent empty: operators that need one do not start the service"];
}

/** Whoever may read the object reads the values of its variables. */
function keyWarnings(spec: TreeMap): readonly string[] {
  return listAt(spec, "env")
    .filter((entry) => looksLikeKey(textAt(entry, "value")))
    .map((entry) => textAt(entry, "name"))
    .map(
      (name) =>
        `the variable ${JSON.stringify(name)} holds a key that everybody sees who may read the object: keep it in a Secret, and give --env-secret`,
    );
}

function checkRelease(values: Values<ServiceFlag>, traits: OperatorTraits | undefined): void {
  if (traits === undefined) return;
  const least = traits.leastReplicas;
  if ((values.number("replicas") ?? least) < least)
    throw new SlipwayError(
      "USAGE",
      `--replicas takes ${least} or more on this cluster: its NIM Operator knows no service without pods`,
      {
        hint: "From NIM Operator 3.1.0 on it is allowed.",
      },
    );
  if (values.isGiven("emptydir") && !traits.hasServiceField("storage.emptyDir"))
    throw new SlipwayError("USAGE", "--emptydir is not known to the NIM Operator of this cluster", {
      hint: "Use --pvc-create=true with --pvc-size.",
    });
}

function unlessEmpty(map: TreeMap): TreeMap | undefined {
  return Object.keys(map).length === 0 ? undefined : map;
}
