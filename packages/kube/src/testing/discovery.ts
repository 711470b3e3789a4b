import type { TreeMap } from "@slipway/base";
import { apiVersionOf, type Kind } from "./kinds.ts";

/** Newest release of Kubernetes that the server claims to be. */
export const KUBERNETES_VERSION = "v1.34.5";

const VERBS = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

/** The answer to a question about the server itself, for the paths under which clients ask; nothing for any other path. */
export function describeServer(path: string, kinds: readonly Kind[]): TreeMap | undefined {
  if (path === "/version") return version();
  if (path === "/api") return { kind: "APIVersions", versions: ["v1"] };
  if (path === "/apis") return groupList(kinds);
  if (path === "/openapi/v3") return openApiIndex(kinds);
  if (path.startsWith("/openapi/v3/")) return openApiOf(kinds, path.slice("/openapi/v3/".length));
  const groupVersion = /^\/(?:api\/(?=v1$)|apis\/)([^/]+(?:\/[^/]+)?)$/.exec(path)?.[1];
  return groupVersion === undefined ? undefined : resourceList(kinds, groupVersion);
}

function version(): TreeMap {
  const [major = "", minor = ""] = KUBERNETES_VERSION.slice(1).split(".");
  return { major, minor, gitVersion: KUBERNETES_VERSION, platform: "linux/amd64" };
}

function groupList(kinds: readonly Kind[]): TreeMap {
  const groups = [...new Set(kinds.map((kind) => kind.group))].filter((group) => group !== "");
  return {
    kind: "APIGroupList",
    apiVersion: "v1",
    groups: groups.map((name) => {
      const apiVersions = new Set(kinds.filter((kind) => kind.group === name).map(apiVersionOf));
      const versions = [...apiVersions].map((text) => ({ groupVersion: text, version: text.split("/")[1] ?? "" }));
      return { name, versions, preferredVersion: versions[0] ?? {} };
    }),
  };
}

function resourceList(kinds: readonly Kind[], groupVersion: string): TreeMap | undefined {
  const members = kinds.filter((kind) => apiVersionOf(kind) === groupVersion);
  if (members.length === 0) return undefined;
  const resources = members.map(({ plural, kind, namespaced, shortNames }) => {
    return { name: plural, singularName: kind.toLowerCase(), namespaced, kind, shortNames, verbs: VERBS };
  });
  return { kind: "APIResourceList", apiVersion: "v1", groupVersion, resources };
}

function openApiIndex(kinds: readonly Kind[]): TreeMap {
  const documents = new Set(kinds.map(pathOf));
  return {
    paths: Object.fromEntries([...documents].map((path) => [path, { serverRelativeURL: `/openapi/v3/${path}` }])),
  };
}

/**
 * Just enough for clients to learn that the server validates fields itself and knows dry runs; it then sends objects as
 * they are, without a schema.
 */
function openApiOf(kinds: readonly Kind[], path: string): TreeMap | undefined {
  const members = kinds.filter((kind) => pathOf(kind) === path);
  if (members.length === 0) return undefined;
  const parameters = ["dryRun", "fieldManager", "fieldValidation", "force"].map((name) => ({ name, in: "query" }));
  const paths = members.map(({ group, version, kind, plural, namespaced }): readonly [string, TreeMap] => {
    const where = namespaced ? `namespaces/{namespace}/${plural}` : plural;
    const operation = {
      "x-kubernetes-action": "patch",
      "x-kubernetes-group-version-kind": { group, version, kind },
      parameters,
      responses: { "200": { description: "OK" } },
    };
    return [`/${path}/${where}/{name}`, { patch: operation }];
  });
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: KUBERNETES_VERSION },
    paths: Object.fromEntries(paths),
  };
}

function pathOf(kind: Kind): string {
  return kind.group === "" ? `api/${kind.version}` : `apis/${apiVersionOf(kind)}`;
}
