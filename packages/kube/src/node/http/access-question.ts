const VERBS: Readonly<Record<string, string>> = { POST: "create", PUT: "update", PATCH: "patch", DELETE: "delete" };

/**
 * What to ask `kubectl auth can-i` about a request: `list pods --all-namespaces`, `get pods/web --subresource=log -n default`.
 *
 * @param path may have a query, which tells a watch
 * @returns nothing for a path that is no object's
 */
export function accessQuestion(method: string, path: string): string | undefined {
  const [plain = "", query = ""] = path.split("?");
  const parts = plain
    .split("/")
    .filter((part) => part !== "")
    .map(decoded);
  const address = addressOf(parts);
  if (address === undefined) return method === "GET" && plain !== "" ? `get ${plain}` : undefined;
  const { group, namespace, plural, name, subresource } = address;
  const resource = group === "" ? plural : `${plural}.${group}`;
  const words = [verbOf(method, name, query), name === undefined ? resource : `${resource}/${name}`];
  if (subresource !== undefined) words.push(`--subresource=${subresource}`);
  if (namespace !== undefined) words.push(`-n ${namespace}`);
  else if (name === undefined && method === "GET") words.push("--all-namespaces");
  return words.join(" ");
}

interface Address {
  readonly group: string;
  readonly namespace: string | undefined;
  readonly plural: string;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

function addressOf(parts: readonly string[]): Address | undefined {
  const base = parts[0] === "api" ? 2 : 3;
  if ((parts[0] !== "api" && parts[0] !== "apis") || parts.length <= base) return undefined;
  const rest = parts.slice(base);
  const isNamespaced = rest[0] === "namespaces" && rest.length > 2;
  const [plural = "", name, subresource] = isNamespaced ? rest.slice(2) : rest;
  const group = parts[0] === "api" ? "" : (parts[1] ?? "");
  return { group, namespace: isNamespaced ? rest[1] : undefined, plural, name, subresource };
}

function verbOf(method: string, name: string | undefined, query: string): string {
  if (method === "DELETE" && name === undefined) return "deletecollection";
  if (method !== "GET") return VERBS[method] ?? method.toLowerCase();
  if (name !== undefined) return "get";
  return /(^|&)watch=(true|1)(&|$)/.test(query) ? "watch" : "list";
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
