import { SlipwayError } from "@slipway/base";
import type { KubeApi } from "../api.ts";
import { labelValue } from "../names.ts";
import type { KubeObject } from "../objects.ts";
import { RESOURCES } from "../resources.ts";
import { explained } from "./failure.ts";
import { addressOf, checkPlace, type ConfigMapPlace } from "./place.ts";

/** What a document is, for those who look at its ConfigMap. */
export interface DocumentInfo {
  /** `Snapshot`, `Recipe`. */
  readonly kind: string;
  readonly format: "json" | "table" | "yaml";
  /** Of the program that made it; `unknown` unless given. */
  readonly version?: string | undefined;
}

/** Who owns the fields that are applied. */
const FIELD_MANAGER = "aicr";

/** What the values of a ConfigMap may have together, in bytes (a rule of the Kubernetes API). */
const MOST_BYTES = 1024 * 1024;

const EXTENSIONS = { json: "json", table: "txt", yaml: "yaml" } as const;

/**
 * Writes a document into a ConfigMap, which is made if need be; the document that was there is replaced. Forced
 * server-side apply: labels and annotations of others stay.
 *
 * @param now goes into the ConfigMap
 * @throws SlipwayError INVALID_INPUT for a name that cannot be one; TOO_LARGE, before anything is sent; NOT_ALLOWED with
 * the right that is missing; NOT_FOUND for a namespace that does not exist; what the client throws
 */
export async function writeConfigMapDocument(
  api: Pick<KubeApi, "get" | "list" | "patch">,
  place: ConfigMapPlace,
  text: string,
  info: DocumentInfo & { readonly now: Date; readonly signal?: AbortSignal },
): Promise<void> {
  checkPlace(place);
  const object = configMapOf(place, text, info);
  const options = { namespace: place.namespace, fieldManager: FIELD_MANAGER, signal: info.signal };
  try {
    await api.patch(RESOURCES.configMaps, place.name, { type: "apply", object, force: true }, options);
  } catch (error) {
    throw await explained(api, place, "patch", error, info.signal);
  }
}

/** The ConfigMap that holds a document. Throws TOO_LARGE. */
export function configMapOf(
  place: ConfigMapPlace,
  text: string,
  { kind, format, version = "", now }: DocumentInfo & { readonly now: Date },
): KubeObject {
  const timestamp = now.toISOString().replace(/\.\d+Z$/, "Z");
  const data = { [`snapshot.${EXTENSIONS[format]}`]: text, format, timestamp };
  const bytes = Object.values(data).reduce((sum, value) => sum + new TextEncoder().encode(value).length, 0);
  if (bytes > MOST_BYTES) throw tooLarge(place, bytes);
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: place.name,
      namespace: place.namespace,
      labels: {
        "app.kubernetes.io/name": "aicr",
        "app.kubernetes.io/component": labelValue(kind) || "Snapshot",
        "app.kubernetes.io/version": labelValue(version) || "unknown",
      },
    },
    data,
  };
}

function tooLarge(place: ConfigMapPlace, bytes: number): SlipwayError {
  const [size, most] = [bytes, MOST_BYTES].map((count) => count.toLocaleString("en-US"));
  return new SlipwayError("TOO_LARGE", `the document needs ${size} bytes, a ConfigMap holds ${most}`, {
    place: { file: addressOf(place) },
    hint: "Write it to a file.",
  });
}
