import { isTreeMap, mapAt, own, parseJson, textAt, type Tree } from "@slipway/base";
import { nameOf, type KubeObject } from "@slipway/kube";
import type { SecretFacts } from "./facts.ts";

/** What of a secret may be known: its type, the names of its keys, the registries of a pull secret. No value is kept. */
export function secretFactsOf(secret: KubeObject): SecretFacts {
  const data = mapAt(secret, "data");
  return {
    name: nameOf(secret),
    type: textAt(secret, "type") || "Opaque",
    keys: Object.keys(data).toSorted(),
    registries: registriesOf(textAt(data, ".dockerconfigjson")),
  };
}

function registriesOf(encoded: string): readonly string[] | undefined {
  if (encoded === "") return undefined;
  const auths = authsOf(encoded);
  return isTreeMap(auths) ? Object.keys(auths) : undefined;
}

/** What is no JSON is not looked at: its message would hold a part of it. */
function authsOf(encoded: string): Tree | undefined {
  try {
    const bytes = Uint8Array.from(atob(encoded), (sign) => sign.charCodeAt(0));
    const config = parseJson(new TextDecoder().decode(bytes));
    return isTreeMap(config) ? own(config, "auths") : undefined;
  } catch {
    return undefined;
  }
}
