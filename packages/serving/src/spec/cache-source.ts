import { SlipwayError, mapAt, textAt, valueAt, type Tree, type TreeMap } from "@slipway/base";
import { HUB_ONLY, MODEL_FIELDS, NGC_ONLY, NIM_CACHE_FIELDS, type CacheFlag } from "./cache-fields.ts";
import { checkPuller } from "./image.ts";
import { present, type Values } from "./values.ts";

/** A source of models: what people call it, and its member of `spec.source`. */
const MEMBERS = { ngc: "ngc", huggingface: "hf", nemodatastore: "dataStore" } as const;
type SourceName = keyof typeof MEMBERS;

/** Where a cache takes its model from. */
export interface Source {
  /** What the flags say of it; nothing when they say nothing. */
  readonly source: TreeMap | undefined;
  /** A spec with what counts where neither flags nor file say anything. */
  readonly fallback: TreeMap;
  readonly warnings: readonly string[];
}

/**
 * The source that the flags ask for; without `--nim-source`, of the kind that the file has.
 *
 * @throws SlipwayError USAGE when neither names one, for flags of another source, for what excludes each other, and for an
 * image or an address that is none
 */
export function sourceOf(values: Values<CacheFlag>, file: TreeMap | undefined): Source {
  const name = sourceName(values, file);
  refuseOthers(values, name);
  const puller = values.text("model-puller");
  const warning = puller === undefined ? undefined : checkPuller(puller);
  const found = name === "ngc" ? ngcSource(values) : hubSource(values, name);
  const said = { ...found.said, ...present({ modelPuller: puller, pullSecret: values.text("pull-secret") }) };
  const member = MEMBERS[name];
  return {
    source: Object.keys(said).length === 0 ? undefined : { [member]: said },
    fallback: { source: { [member]: { ...found.fallback, pullSecret: fallbackOf("pull-secret") } } },
    warnings: [...(warning === undefined ? [] : [warning]), ...found.warnings],
  };
}

function sourceName(values: Values<CacheFlag>, file: TreeMap | undefined): SourceName {
  const names = Object.keys(MEMBERS).filter((name): name is SourceName => Object.hasOwn(MEMBERS, name));
  const inFile = names.find((name) => valueAt(file, "spec", "source", MEMBERS[name]) !== undefined);
  const asked = names.find((name) => name === values.text("nim-source"));
  if (asked !== undefined && inFile !== undefined && asked !== inFile)
    throw new SlipwayError("USAGE", `--nim-source is ${asked}, and the file takes the model from ${inFile}`);
  const name = asked ?? inFile;
  if (name !== undefined) return name;
  throw new SlipwayError("USAGE", "--nim-source is missing: where does the model come from?", {
    hint: `It is one of ${names.join(", ")}.`,
  });
}

function refuseOthers(values: Values<CacheFlag>, name: SourceName): void {
  const stranger = (name === "ngc" ? HUB_ONLY : NGC_ONLY).find((flag) => values.isGiven(flag));
  if (stranger === undefined) return;
  const owner = name === "ngc" ? "huggingface or nemodatastore" : "ngc";
  throw new SlipwayError("USAGE", `--${stranger} is for the source ${owner}, and --nim-source is ${name}`);
}

interface Found {
  readonly said: TreeMap;
  readonly fallback: TreeMap;
  readonly warnings: readonly string[];
}

function ngcSource(values: Values<CacheFlag>): Found {
  const endpoint = values.text("ngc-model-endpoint");
  const { model, warnings } = modelOf(values);
  const narrowing = ["profiles" as const, ...MODEL_FLAGS].find((flag) => values.isGiven(flag));
  if (endpoint !== undefined && narrowing !== undefined)
    throw new SlipwayError("USAGE", `--ngc-model-endpoint and --${narrowing} exclude each other`, {
      hint: "An endpoint names the model of a universal NIM; the others choose among the profiles of a NIM for one model.",
    });
  const said = present<Tree>({ authSecret: values.text("auth-secret"), modelEndpoint: endpoint, model });
  return {
    said,
    fallback: { authSecret: fallbackOf("auth-secret") },
    warnings: [...warnings, ...endpointWarnings(endpoint)],
  };
}

const MODEL_FLAGS = MODEL_FIELDS.map(({ flag }) => flag);

/** Profiles name what is cached; what else would choose among them then does not count. */
function modelOf(values: Values<CacheFlag>): {
  readonly model: TreeMap | undefined;
  readonly warnings: readonly string[];
} {
  const profiles = values.texts("profiles");
  const narrowing = MODEL_FLAGS.filter((flag) => values.isGiven(flag));
  if (profiles.length > 0) {
    if (profiles.includes("all") && profiles.length > 1)
      throw new SlipwayError("USAGE", "--profiles takes all by itself, or names of profiles");
    const warnings = narrowing.map((flag) => `--${flag} is left out: --profiles says what is cached`);
    return { model: { profiles }, warnings };
  }
  const gpus = values.texts("gpus").map((product) => ({ product }));
  const model = present<Tree>({
    precision: values.text("precision"),
    engine: values.text("engine"),
    tensorParallelism: values.text("tensor-parallelism"),
    qosProfile: values.text("qos-profile"),
    gpus: gpus.length === 0 ? undefined : gpus,
    lora: values.boolean("lora"),
    buildable: values.boolean("buildable"),
  });
  return { model: narrowing.length === 0 ? undefined : model, warnings: [] };
}

function endpointWarnings(endpoint: string | undefined): readonly string[] {
  if (endpoint === undefined || /^(?:ngc|hf):\/\/[^\s/]/.test(endpoint)) return [];
  return [
    `--ngc-model-endpoint usually starts with ngc://, and "${endpoint}" does not: the model puller may not understand it`,
  ];
}

function hubSource(values: Values<CacheFlag>, name: Exclude<SourceName, "ngc">): Found {
  const endpoint = values.text("alt-endpoint");
  if (endpoint !== undefined) checkEndpoint(endpoint, name);
  const [modelName, datasetName] = [values.text("model-name"), values.text("dataset-name")];
  if (modelName !== undefined && datasetName !== undefined)
    throw new SlipwayError("USAGE", "--model-name and --dataset-name exclude each other: a cache holds one of them");
  const namespace = values.text("alt-namespace");
  if (modelName?.includes("/") === true)
    throw new SlipwayError("USAGE", `--model-name takes the name without its organisation, not "${modelName}"`, {
      hint: `Give them apart: --alt-namespace=${modelName.split("/")[0] ?? ""} --model-name=${modelName.split("/").slice(1).join("/")}`,
    });
  const said = present<Tree>({
    endpoint,
    namespace,
    modelName,
    datasetName,
    revision: values.text("revision"),
    authSecret: values.text("alt-secret"),
  });
  const left = values.isGiven("auth-secret") ? [`--auth-secret is left out: the source ${name} has --alt-secret`] : [];
  const inStore = name === "nemodatastore" ? { namespace: "default" } : {};
  return { said, fallback: { authSecret: fallbackOf("alt-secret"), ...inStore }, warnings: left };
}

/** Patterns of the custom resource definition, and that a host is there. */
function checkEndpoint(endpoint: string, name: Exclude<SourceName, "ngc">): void {
  if (!/^https?:\/\/[^\s/]\S*$/.test(endpoint))
    throw new SlipwayError(
      "USAGE",
      `--alt-endpoint takes an address that starts with http:// or https://, not "${endpoint}"`,
      {
        hint: name === "huggingface" ? "Hugging Face itself is https://huggingface.co." : undefined,
      },
    );
  if (name === "nemodatastore" && !/\/v1\/hf\/?$/.test(endpoint))
    throw new SlipwayError("USAGE", `--alt-endpoint of a NeMo Data Store ends in /v1/hf, and "${endpoint}" does not`, {
      hint: `Did you mean "${endpoint.replace(/\/+$/, "")}/v1/hf"?`,
    });
}

/**
 * Refuses a source that lacks what every release of the operator wants.
 *
 * @throws SlipwayError USAGE
 */
export function checkSource(spec: TreeMap): void {
  const missing = (flag: string, question: string, hint: string): SlipwayError =>
    new SlipwayError("USAGE", `--${flag} is missing: ${question}`, { hint });
  const [member = "", second] = Object.keys(mapAt(spec, "source"));
  if (second !== undefined) throw new SlipwayError("USAGE", `the sources ${member} and ${second} exclude each other`);
  const text = (key: string): string => textAt(spec, "source", member, key);
  if (text("modelPuller") === "")
    throw missing(
      "model-puller",
      "which image loads the model?",
      "For example --model-puller=nvcr.io/nim/nvidia/llm-nim:1.12.",
    );
  if (member === "ngc") return;
  if (text("endpoint") === "")
    throw missing(
      "alt-endpoint",
      "where is the hub?",
      "Hugging Face is https://huggingface.co; a NeMo Data Store's address ends in /v1/hf.",
    );
  if (text("namespace") === "")
    throw missing(
      "alt-namespace",
      "whose model is it?",
      "For meta-llama/Llama-3.2-1B it is --alt-namespace=meta-llama.",
    );
  if (text("modelName") === "" && text("datasetName") === "")
    throw missing("model-name", "what is cached?", "Give --model-name or --dataset-name.");
}

const FALLBACKS: ReadonlyMap<string, string> = new Map(
  NIM_CACHE_FIELDS.flatMap((field) => ("fallback" in field ? [[field.flag, field.fallback] as const] : [])),
);

function fallbackOf(flag: CacheFlag): string {
  return FALLBACKS.get(flag) ?? "";
}
