import { mapAt, type TreeMap } from "@slipway/base";
import { ApiFailure } from "./failure.ts";
import type { Kind } from "./kinds.ts";

/** Most bytes that the values of a ConfigMap or Secret may have together. */
const MOST_DATA = 1_048_576;
const SUBDOMAIN = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
/** Roles and bindings may have any name that is a part of a path. */
const FREE_NAMES = "rbac.authorization.k8s.io";

/** Refuses names that no object may have, and data that is too large, as the real server does. */
export function checkObject(kind: Kind, name: string, object: TreeMap): void {
  const found: string[] = [];
  if (kind.group !== FREE_NAMES && !SUBDOMAIN.test(name))
    found.push(`metadata.name: Invalid value: "${name}": a lowercase RFC 1123 subdomain is expected`);
  const data = [...Object.values(mapAt(object, "data")), ...Object.values(mapAt(object, "binaryData"))];
  const bytes = data.reduce<number>((sum, value) => sum + Buffer.byteLength(typeof value === "string" ? value : ""), 0);
  if (kind.kind === "ConfigMap" && bytes > MOST_DATA)
    found.push(`[]: Too long: may not be more than ${MOST_DATA} bytes`);
  if (found.length > 0) throw new ApiFailure("Invalid", `${kind.kind} "${name}" is invalid: ${found.join(", ")}`);
}
