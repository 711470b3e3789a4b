import { parseJson, compactJson } from "../json.ts";
import { isTreeList, isTreeMap, own, type Tree, type TreeMap } from "../tree.ts";
import { REDACTED } from "./marker.ts";
import { isSecret } from "./secret-name.ts";
import { decoded } from "./secret-shapes.ts";
import { redactText } from "./secret-text.ts";

/** Says of a name like that of a secret that what stands under it is where a secret lies, and not the secret. */
export type IsReference = (name: string) => boolean;

/** Takes secrets out of text that has a name. */
export function redactNamed(name: string, text: string, isReference: IsReference = () => false): string {
  const tree = jsonOf(text);
  if (tree !== undefined) {
    const clean = redactTree(name, tree, isReference);
    return clean === tree ? text : compactJson(clean);
  }
  if (isReference(name)) return redactText(text);
  return isSecret(name, text) || isLogin(name, text) ? REDACTED : redactText(text);
}

/** `auth` of a docker configuration is `user:password` in base64. */
function isLogin(name: string, text: string): boolean {
  return /(?:^|[^A-Za-z0-9])auth$/i.test(name) && /^[A-Za-z0-9+/]{6,}={0,2}$/.test(text) && decoded(text).includes(":");
}

function jsonOf(text: string): Tree | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    const tree = parseJson(text);
    return isTreeMap(tree) || isTreeList(tree) ? tree : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Takes secrets out of a document: what stands under the name of a secret, what looks like one, and those in documents
 * that stand in it as JSON text.
 *
 * @param name what the document itself is called; an empty text for nothing that says anything
 * @param isReference names under which no secret stands, although they look so: `authSecret` of a custom resource
 * @returns the same object when it holds no secret
 */
export function redactTree(name: string, tree: Tree, isReference: IsReference = () => false): Tree {
  if (isTreeList(tree)) return redactList(name, tree, isReference);
  if (isTreeMap(tree)) return redactMap(tree, isReference);
  if (typeof tree === "string") return redactNamed(name, tree, isReference);
  return (typeof tree === "number" || typeof tree === "bigint") && isSecret(name, String(tree)) ? REDACTED : tree;
}

/** A flag's value may be the next item: `["--token", "abc"]`. */
function redactList(name: string, list: readonly Tree[], isReference: IsReference): Tree {
  const clean = list.map((item, index) => {
    const before = list[index - 1];
    const isValue = typeof before === "string" && /^--?[A-Za-z][\w.-]*$/.test(before) && typeof item === "string";
    return redactTree(isValue && !item.startsWith("-") ? before : name, item, isReference);
  });
  return clean.every((item, index) => item === list[index]) ? list : clean;
}

/** `{"name": "NGC_API_KEY", "value": "…"}` has the secret's name beside it. */
function redactMap(map: TreeMap, isReference: IsReference): Tree {
  const label = [own(map, "name"), own(map, "key")].find((value) => typeof value === "string");
  const clean = Object.entries(map).map(([key, child]): readonly [string, Tree] => {
    const named = key === "value" && typeof label === "string" ? label : key;
    return [redactText(key), redactTree(named, child, isReference)];
  });
  return clean.every(([key, child]) => own(map, key) === child) ? map : Object.fromEntries(clean);
}
