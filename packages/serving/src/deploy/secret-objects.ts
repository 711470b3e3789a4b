import type { KubeObject } from "@slipway/kube";
import { SECRET_KINDS, type MissingSecret } from "./needed-secrets.ts";

/** The registry of NGC, and the user that every key of NGC belongs to (docs.nvidia.com/ngc). */
const REGISTRY = "nvcr.io";
const USER = "$oauthtoken";

/** A missing secret as an object. The key is in it: it is sent, and never printed. */
export function secretObject({ key, name }: MissingSecret, value: string, namespace: string): KubeObject {
  const { type, key: field } = SECRET_KINDS[key];
  const content = key === "pullSecret" ? dockerConfig(value) : value;
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace },
    type,
    stringData: { [field]: content },
  };
}

function dockerConfig(password: string): string {
  const auth = btoa(`${USER}:${password}`);
  return JSON.stringify({ auths: { [REGISTRY]: { username: USER, password, auth } } });
}
