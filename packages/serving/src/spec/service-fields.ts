import type { SpecField } from "./field.ts";
import { METADATA_FIELDS, POD_FIELDS, VOLUME_FIELDS } from "./shared-fields.ts";

const IMAGE = "Image";
const STORAGE = "Storage";
const NETWORK = "Network";
const RESOURCES = "Resources";
const SCALING = "Scaling";

const IMAGE_FIELDS = [
  {
    flag: "image-repository",
    field: "spec.image.repository",
    type: "text",
    placeholder: "REPOSITORY",
    help: "repository of the NIM image, such as nvcr.io/nim/meta/llama-3.1-8b-instruct",
    group: IMAGE,
  },
  {
    flag: "tag",
    field: "spec.image.tag",
    type: "text",
    placeholder: "TAG",
    help: "tag of the NIM image, such as 1.3.3",
    group: IMAGE,
  },
  {
    flag: "pull-policy",
    field: "spec.image.pullPolicy",
    type: "choice",
    choices: ["Always", "IfNotPresent", "Never"],
    fallback: "IfNotPresent",
    placeholder: "POLICY",
    help: "when the image is pulled",
    group: IMAGE,
  },
  {
    flag: "pull-secrets",
    field: "spec.image.pullSecrets",
    type: "list",
    fallback: "ngc-secret",
    placeholder: "NAMES",
    help: "Secrets that the image is pulled with",
    group: IMAGE,
    source: "secrets",
  },
  {
    flag: "auth-secret",
    field: "spec.authSecret",
    type: "name",
    fallback: "ngc-api-secret",
    placeholder: "NAME",
    help: "Secret with the key that the model is loaded with: NGC_API_KEY, or HF_TOKEN for models of Hugging Face",
    group: IMAGE,
    source: "secrets",
  },
] as const satisfies readonly SpecField[];

const CACHE_FIELDS = [
  {
    flag: "nimcache-storage-name",
    field: "spec.storage.nimCache.name",
    type: "name",
    placeholder: "NAME",
    help: "NIMCache that holds the model",
    group: STORAGE,
    source: "nimCaches",
  },
  {
    flag: "nimcache-storage-profile",
    field: "spec.storage.nimCache.profile",
    type: "text",
    placeholder: "PROFILE",
    help: "model profile in the NIMCache; see kubectl nim profiles",
    group: STORAGE,
  },
] as const satisfies readonly SpecField[];

const RUN_FIELDS = [
  {
    flag: "emptydir",
    field: "spec.storage.emptyDir.sizeLimit",
    type: "quantity",
    placeholder: "SIZE",
    help: "storage that goes with the pod, of this size at most: the model is loaded anew by each",
    group: STORAGE,
  },
  {
    flag: "service-port",
    field: "spec.expose.service.port",
    type: "port",
    fallback: "8000",
    placeholder: "PORT",
    help: "port of the Service",
    group: NETWORK,
  },
  {
    flag: "service-type",
    field: "spec.expose.service.type",
    type: "choice",
    choices: ["ClusterIP", "NodePort", "LoadBalancer"],
    fallback: "ClusterIP",
    placeholder: "TYPE",
    help: "type of the Service",
    group: NETWORK,
  },
  {
    flag: "gpu-limit",
    field: "spec.resources.limits[nvidia.com/gpu]",
    type: "text",
    fallback: "1",
    placeholder: "COUNT",
    help: "GPUs of each pod; auto: as many as the profile in the NIMCache needs",
    group: RESOURCES,
  },
  {
    flag: "cpu",
    field: "spec.resources.requests.cpu",
    type: "quantity",
    placeholder: "CPU",
    help: "CPUs that each pod asks for, such as 8 or 500m",
    group: RESOURCES,
  },
  {
    flag: "memory",
    field: "spec.resources.requests.memory",
    type: "quantity",
    placeholder: "SIZE",
    help: "memory that each pod asks for, such as 32Gi",
    group: RESOURCES,
  },
  {
    flag: "replicas",
    field: "spec.replicas",
    type: "count",
    least: 0,
    fallback: "1",
    placeholder: "COUNT",
    help: "how many pods run, without autoscaling",
    group: SCALING,
  },
  {
    flag: "scale-max-replicas",
    field: "spec.scale.hpa.maxReplicas",
    type: "count",
    least: 1,
    unset: "-1",
    placeholder: "COUNT",
    help: "most pods: switches autoscaling on",
    group: SCALING,
  },
  {
    flag: "scale-min-replicas",
    field: "spec.scale.hpa.minReplicas",
    type: "count",
    least: 1,
    unset: "-1",
    placeholder: "COUNT",
    help: "fewest pods, with --scale-max-replicas",
    group: SCALING,
  },
  {
    flag: "inference-platform",
    field: "spec.inferencePlatform",
    type: "choice",
    choices: ["standalone", "kserve"],
    fallback: "standalone",
    placeholder: "PLATFORM",
    help: "what runs the model: a Deployment, or KServe's InferenceService",
    group: "Platform",
  },
] as const satisfies readonly SpecField[];

/** All that `create nimservice` can say, in the order of its help. */
export const NIM_SERVICE_FIELDS = [
  ...IMAGE_FIELDS,
  ...CACHE_FIELDS,
  ...VOLUME_FIELDS,
  ...RUN_FIELDS,
  ...POD_FIELDS,
  ...METADATA_FIELDS,
] as const satisfies readonly SpecField[];

/** The flags of a NIMService. */
export type ServiceFlag = (typeof NIM_SERVICE_FIELDS)[number]["flag"];
