import { REDACTED } from "@slipway/base/redact";
import { isTreeMap, own, type TreeMap } from "@slipway/base";
import type { KubeObject } from "@slipway/kube";
import { SECRET_KINDS, type SecretKey } from "./kinds.ts";

/** Whose key it is. */
export type KeyOwner = "ngc" | "hf";

/** The secrets that a key is kept in: what for, and what they are called. */
export interface SecretName {
  readonly use: SecretKey;
  readonly name: string;
}

/** What secrets of a use are called unless told. */
export function defaultSecretName(use: SecretKey): string {
  return SECRET_KINDS[use].name;
}

/** The registry of NGC, and the user that every key of NGC belongs to (docs.nvidia.com/ngc). */
const REGISTRY = "nvcr.io";
const USER = "$oauthtoken";

/** A secret, ready to be sent: the key is in it, and it is never printed. */
export function secretObject({ use, name }: SecretName, key: string, namespace: string): KubeObject {
  const { type, key: field } = SECRET_KINDS[use];
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace },
    type,
    stringData: { [field]: use === "pullSecret" ? dockerConfig(key) : key },
  };
}

function dockerConfig(password: string): string {
  const auth = btoa(`${USER}:${password}`);
  return JSON.stringify({ auths: { [REGISTRY]: { username: USER, password, auth } } });
}

/** A secret to be shown: what it holds is hidden, under which keys is not. */
export function hiddenSecret(secret: KubeObject): KubeObject {
  const hidden = (key: string): TreeMap => {
    const values = own(secret, key);
    if (!isTreeMap(values)) return {};
    return { [key]: Object.fromEntries(Object.keys(values).map((name) => [name, REDACTED])) };
  };
  return { ...withoutApplied(secret), ...hidden("data"), ...hidden("stringData") };
}

/** What kubectl applied last stands in an annotation, values included. */
function withoutApplied(secret: KubeObject): KubeObject {
  const { annotations, managedFields: _, ...metadata } = secret.metadata;
  if (annotations === undefined) return { ...secret, metadata };
  const { "kubectl.kubernetes.io/last-applied-configuration": _applied, ...rest } = annotations;
  return { ...secret, metadata: { ...metadata, annotations: rest } };
}
