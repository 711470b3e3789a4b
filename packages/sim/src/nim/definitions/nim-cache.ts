import { BOOLEAN, QUANTITY, TEXT, TEXTS, TEXT_MAP, list, object, text, type Rule, type Schema } from "./schema.ts";
import { CLAIM, CONDITIONS, CONTAINERS, ENVIRONMENT, ID, PROXY, TOLERATIONS } from "./shared.ts";
import type { Generation } from "./generation.ts";

const SOME = text({ minLength: 1 });

const ONE_SOURCE: Rule = {
  rule: "(has(self.ngc) ? 1 : 0) + (has(self.dataStore) ? 1 : 0) + (has(self.hf) ? 1 : 0) == 1",
  message: "Exactly one of ngc, dataStore, or hf must be defined",
};
const ONE_THING: Rule = {
  rule: "(has(self.modelName) ? 1 : 0) + (has(self.datasetName) ? 1 : 0) == 1",
  message: "Exactly one of modelName or datasetName must be defined",
};
const MODEL_OR_ENDPOINT: Rule = {
  rule: "!(has(self.model) && has(self.modelEndpoint))",
  message: "Only one of 'model' or 'modelEndpoint' can be specified",
};
const SAME_PULLER: Rule = {
  rule: "self == oldSelf",
  message:
    "modelPuller is an immutable field. Please create a new NIMCache resource instead when you want to change this container.",
};

const NGC: Schema = object(
  {
    authSecret: TEXT,
    modelEndpoint: TEXT,
    modelPuller: text({ "x-kubernetes-validations": [{ ...SAME_PULLER }] }),
    pullSecret: TEXT,
    model: object({
      buildable: BOOLEAN,
      engine: TEXT,
      gpus: list(object({ ids: TEXTS, product: TEXT })),
      lora: BOOLEAN,
      precision: TEXT,
      profiles: TEXTS,
      qosProfile: TEXT,
      tensorParallelism: TEXT,
    }),
  },
  { required: ["authSecret", "modelPuller"], rules: [MODEL_OR_ENDPOINT] },
);

/** A hub that speaks as that of Hugging Face does. */
function hub(endpoint: string, namespace: Schema): Schema {
  return object(
    {
      authSecret: SOME,
      datasetName: TEXT,
      endpoint: text({ pattern: endpoint }),
      modelName: TEXT,
      modelPuller: SOME,
      namespace,
      pullSecret: SOME,
      revision: SOME,
    },
    { required: ["authSecret", "endpoint", "modelPuller", "namespace", "pullSecret"], rules: [ONE_THING] },
  );
}

/** What a NIMCache may say. */
export function nimCacheSpec(generation: Generation): Schema {
  return object(
    {
      certConfig: object({ mountPath: TEXT, name: TEXT }, { required: ["mountPath", "name"] }),
      env: ENVIRONMENT,
      groupID: ID,
      ...(generation === "3.0" ? {} : { initContainers: CONTAINERS }),
      nodeSelector: TEXT_MAP,
      proxy: PROXY,
      resources: object({ cpu: QUANTITY, memory: QUANTITY }),
      runtimeClassName: TEXT,
      source: object(
        {
          dataStore: hub("^https?://.*/v1/hf/?$", text({ default: "default" })),
          hf: hub("^https?://.*$", SOME),
          ngc: NGC,
        },
        { rules: [ONE_SOURCE] },
      ),
      storage: object({ hostPath: TEXT, pvc: CLAIM }),
      tolerations: TOLERATIONS,
      userID: ID,
    },
    { required: ["source", "storage"] },
  );
}

/** What is told of a NIMCache. */
export function nimCacheStatus(generation: Generation): Schema {
  return object({
    conditions: CONDITIONS,
    profiles: list(object({ config: TEXT_MAP, model: TEXT, name: TEXT, release: TEXT })),
    pvc: TEXT,
    state: TEXT,
    ...(generation === "3.0" ? {} : { type: TEXT }),
  });
}
