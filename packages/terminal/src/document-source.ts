import { SlipwayError } from "@slipway/base";

/** Where a document comes from or goes to. */
export type DocumentPlace =
  | { readonly kind: "standard" }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "url"; readonly url: URL }
  | { readonly kind: "config-map"; readonly namespace: string; readonly name: string };

/**
 * Reads `-`, a path, an http(s) address or `cm://namespace/name`.
 *
 * @throws SlipwayError USAGE for an address that is not one, or a ConfigMap without namespace or name
 */
export function parsePlace(text: string): DocumentPlace {
  if (text.trim() === "-" || text.trim() === "") return { kind: "standard" };
  if (text.startsWith("cm://")) return configMap(text);
  if (!/^https?:\/\//i.test(text)) return { kind: "file", path: text };
  if (!URL.canParse(text)) throw new SlipwayError("USAGE", `"${text}" is not an address`);
  return { kind: "url", url: new URL(text) };
}

function configMap(text: string): DocumentPlace {
  const [namespace = "", name = "", ...more] = text
    .slice("cm://".length)
    .split("/")
    .map((part) => part.trim());
  if (namespace === "" || name === "" || more.length > 0)
    throw new SlipwayError("USAGE", `"${text}" does not name a ConfigMap: write cm://NAMESPACE/NAME`);
  return { kind: "config-map", namespace, name };
}

/** The error for a place in a cluster. */
export function noCluster(text: string): SlipwayError {
  const hint = "Save the document with kubectl and give its file, or - for standard input.";
  return new SlipwayError("UNAVAILABLE", `${text}: this build cannot reach a cluster`, { hint });
}
