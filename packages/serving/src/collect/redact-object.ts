import { isTreeMap, own, type Tree, type TreeMap } from "@slipway/base";
import { redactTree } from "@slipway/base/redact";
import type { KubeObject } from "@slipway/kube";

/** Fields of NIM and NeMo objects, and of pods, that name a Secret or a key in one. */
const REFERENCES: ReadonlySet<string> = new Set([
  "apiKeySecret",
  "authSecret",
  "credentialsSecret",
  "hfSecret",
  "ngcAPISecret",
  "ngcSecret",
  "passwordKey",
  "pullSecret",
  "pullSecrets",
  "resourceNameSecret",
  "tokenKey",
]);

/** An object as it may be shown to anybody: without secrets, and without what only field managers look at. */
export function redactObject(object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  const clean = redactTree("", object.kind === "Secret" ? withoutValues(object) : { ...object, metadata }, (name) =>
    REFERENCES.has(name),
  );
  return { ...asMap(clean), apiVersion: object.apiVersion, kind: object.kind, metadata: cleanMetadata(clean) };
}

function cleanMetadata(clean: Tree): KubeObject["metadata"] {
  const metadata = isTreeMap(clean) ? own(clean, "metadata") : undefined;
  // What is taken out leaves text in the place of text.
  return isTreeMap(metadata) ? metadata : {};
}

function asMap(tree: Tree): TreeMap {
  return isTreeMap(tree) ? tree : {};
}

/** Of a Secret: which keys it has, and nothing that may be one of its values, as an annotation of kubectl is. */
function withoutValues(secret: KubeObject): TreeMap {
  const { annotations: _, managedFields: __, ...metadata } = secret.metadata;
  const [type, data] = [own(secret, "type"), own(secret, "data")];
  return {
    apiVersion: secret.apiVersion,
    kind: secret.kind,
    metadata,
    type: typeof type === "string" ? type : "",
    keys: isTreeMap(data) ? Object.keys(data).sort() : [],
  };
}
