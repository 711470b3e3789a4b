import { OPEN, TEXT, TEXTS, TEXT_MAP, TIME, BOOLEAN, integer, list, object, text, type Schema } from "./schema.ts";

const KEY_OF = object({ key: TEXT, name: text({ default: "" }), optional: BOOLEAN }, { required: ["key"] });

/** Environment of a container. */
export const ENVIRONMENT: Schema = list(
  object(
    {
      name: TEXT,
      value: TEXT,
      valueFrom: object({
        configMapKeyRef: KEY_OF,
        secretKeyRef: KEY_OF,
        fieldRef: object({ apiVersion: TEXT, fieldPath: TEXT }, { required: ["fieldPath"] }),
        resourceFieldRef: object({ containerName: TEXT, divisor: TEXT, resource: TEXT }, { required: ["resource"] }),
      }),
    },
    { required: ["name"] },
  ),
);

/** An image of a registry. */
export const IMAGE: Schema = object(
  { repository: TEXT, tag: TEXT, pullPolicy: TEXT, pullSecrets: TEXTS },
  { required: ["repository", "tag"] },
);

/** Containers that run beside or before the operator's own. */
export const CONTAINERS: Schema = list(
  object(
    { name: TEXT, image: IMAGE, command: TEXTS, args: TEXTS, env: ENVIRONMENT, workingDir: TEXT },
    { required: ["image", "name"] },
  ),
);

export const TOLERATIONS: Schema = list(
  object({
    key: TEXT,
    operator: TEXT,
    value: TEXT,
    effect: TEXT,
    tolerationSeconds: { type: "integer", format: "int64" },
  }),
);

export const PROXY: Schema = object({ httpProxy: TEXT, httpsProxy: TEXT, noProxy: TEXT, certConfigMap: TEXT });

/** A claim that exists, or one that the operator makes. */
export const CLAIM: Schema = object({
  annotations: TEXT_MAP,
  create: BOOLEAN,
  name: TEXT,
  size: TEXT,
  storageClass: TEXT,
  subPath: TEXT,
  volumeAccessMode: TEXT,
});

/** Conditions of a status, with the limits that Kubernetes sets for them. */
export const CONDITIONS: Schema = list(
  object(
    {
      type: text({ maxLength: 316 }),
      status: text({ enum: ["True", "False", "Unknown"] }),
      reason: text({ minLength: 1, maxLength: 1024, pattern: "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$" }),
      message: text({ maxLength: 32_768 }),
      lastTransitionTime: TIME,
      observedGeneration: { type: "integer", format: "int64", minimum: 0 },
    },
    { required: ["lastTransitionTime", "message", "reason", "status", "type"] },
  ),
);

/** How a container is asked whether it is well. */
export const PROBE: Schema = object({ enabled: BOOLEAN, probe: OPEN });

/** A user or a group of a container. */
export const ID: Schema = { type: "integer", format: "int64" };

/** How many there may be; from `minimum` on. */
export function count(minimum?: number): Schema {
  return integer(minimum === undefined ? {} : { minimum });
}
