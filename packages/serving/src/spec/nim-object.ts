import { SlipwayError, isTreeMap, kindOf, mapAt, mergeTrees, own, textAt, valueAt, type TreeMap } from "@slipway/base";
import { apiVersionOf, checkName, isLabelName, type KubeObject } from "@slipway/kube";
import { NIM_KINDS, type NimKind } from "../resources.ts";
import { looksLikeKey } from "../secrets/key.ts";
import { annotationsOf, labelsOf } from "./pairs.ts";
import type { Values } from "./values.ts";

/** Which object is made. */
export interface ObjectPlace {
  readonly name: string;
  readonly namespace: string;
}

/** An object that may be sent, and what the user should know about it. */
export interface BuiltObject {
  readonly object: KubeObject;
  readonly warnings: readonly string[];
}

/**
 * An object of a kind.
 *
 * @param file what the flags are laid over: an object of the same kind; its status and what only a server writes is left out
 */
export function nimObject(
  kind: NimKind,
  { name, namespace }: ObjectPlace,
  values: Values<"labels" | "annotations">,
  spec: TreeMap,
  file: TreeMap = {},
): KubeObject {
  const { status: _status, spec: _spec, metadata: _metadata, ...rest } = file;
  const labels = { ...textMap(file, "labels"), ...labelsOf("labels", values.texts("labels")) };
  const annotations = {
    ...textMap(file, "annotations"),
    ...annotationsOf("annotations", values.texts("annotations")),
  };
  return {
    ...rest,
    apiVersion: apiVersionOf(NIM_KINDS[kind].resource),
    kind,
    metadata: {
      name,
      namespace,
      ...(Object.keys(labels).length === 0 ? {} : { labels }),
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    spec,
  };
}

/**
 * Lays what flags say over the spec of a file, and that over what counts where neither says anything. Storage is taken from
 * one of them as a whole, because an object has one kind of it.
 */
export function layeredSpec(fallback: TreeMap, file: TreeMap | undefined, said: TreeMap): TreeMap {
  const below = mapAt(file, "spec");
  const kept = own(said, "storage") === undefined ? below : without(below, "storage");
  return mergeTrees(mergeTrees(fallback, kept), said);
}

/** A map without an entry. */
export function without(map: TreeMap, key: string): TreeMap {
  const { [key]: _, ...rest } = map;
  return rest;
}

/** The longest name of a service: its Deployment and Service are called the same. */
const LONGEST_SERVICE = 63;

/**
 * Refuses a name that the object, or what the operator makes for it, cannot have.
 *
 * @throws SlipwayError USAGE
 */
export function checkObjectName(kind: NimKind, name: string): void {
  if (looksLikeKey(name))
    throw new SlipwayError(
      "USAGE",
      `the name of the ${kind} looks like a key, and keys are not given on the command line`,
      {
        hint: "Treat it as known to others, and make a new one; kubectl nim secret keeps it in the cluster.",
      },
    );
  if (kind === "NIMService" && !(isLabelName(name) && /^[a-z]/.test(name)))
    throw new SlipwayError(
      "USAGE",
      `"${name}" cannot be the name of a NIMService: its Service is called the same, so it is lower-case letters, digits ` +
        `and -, at most ${LONGEST_SERVICE} of them, with a letter first and a letter or digit last`,
      { hint: serviceNameHint(name) },
    );
  try {
    checkName(name, kind);
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    throw new SlipwayError("USAGE", error.message, { hint: error.hint, cause: error });
  }
}

function serviceNameHint(name: string): string | undefined {
  const better = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^[-0-9]+|-+$/g, "");
  return isLabelName(better) ? `Did you mean "${better}"?` : undefined;
}

/**
 * Refuses a file that is no object of the kind, or another one than is meant.
 *
 * @param place of which the namespace counts where the file names one
 * @throws SlipwayError INVALID_INPUT
 */
export function checkFile(kind: NimKind, file: TreeMap, { name, namespace }: ObjectPlace): void {
  const wanted = apiVersionOf(NIM_KINDS[kind].resource);
  const refuse = (field: string, found: string, expected: string): SlipwayError =>
    new SlipwayError("INVALID_INPUT", `expected ${expected}, found "${found}"`, { place: { field } });
  const found = textAt(file, "kind");
  if (found !== kind) throw refuse("kind", found, kind);
  const version = textAt(file, "apiVersion");
  if (version !== wanted) throw refuse("apiVersion", version, wanted);
  const named = textAt(file, "metadata", "name");
  if (named !== "" && named !== name) throw refuse("metadata.name", named, `${name}, as on the command line`);
  const placed = textAt(file, "metadata", "namespace");
  if (placed !== "" && placed !== namespace)
    throw refuse("metadata.namespace", placed, `${namespace}, which is the namespace that is meant (-n)`);
  const spec = valueAt(file, "spec");
  if (spec !== undefined && spec !== null && !isTreeMap(spec))
    throw new SlipwayError("INVALID_INPUT", "expected a map", { place: { field: "spec" } });
}

/** Labels or annotations of a file, which must be texts. */
function textMap(file: TreeMap, key: "labels" | "annotations"): Readonly<Record<string, string>> {
  const field = `metadata.${key}`;
  const pairs = Object.entries(mapAt(file, "metadata", key)).map(([name, value]) => {
    if (typeof value === "string") return [name, value] as const;
    throw new SlipwayError("INVALID_INPUT", `${name}: expected text, found ${kindOf(value)}`, { place: { field } });
  });
  return Object.fromEntries(pairs);
}
