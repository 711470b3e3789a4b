import { listAt, textAt, textsAt, type Tree } from "@slipway/base";
import type { Facts } from "./facts.ts";

/** The sources of a cache, as its spec spells them. */
const SOURCES = ["ngc", "hf", "dataStore"] as const;

type Named = Pick<Facts, "kind" | "object">;

/** The pull secrets that an object names. */
export function pullSecretNames({ kind, object }: Named): readonly string[] {
  const names =
    kind === "NIMService"
      ? textsAt(object, "spec", "image", "pullSecrets")
      : SOURCES.map((source) => textAt(object, "spec", "source", source, "pullSecret"));
  return [...new Set(names)].filter((name) => name !== "");
}

/** The secret with the key of NGC, Hugging Face or NeMo that an object names; empty when it names none. */
export function authSecretName({ kind, object }: Named): string {
  if (kind === "NIMService") return textAt(object, "spec", "authSecret");
  return (
    SOURCES.map((source) => textAt(object, "spec", "source", source, "authSecret")).find((name) => name !== "") ?? ""
  );
}

/** All secrets that an object names. */
export function secretNames(named: Named): readonly string[] {
  const fromEnvironment = listAt(named.object, "spec", "env").map((variable: Tree) =>
    textAt(variable, "valueFrom", "secretKeyRef", "name"),
  );
  const names = [...pullSecretNames(named), authSecretName(named), ...fromEnvironment];
  return [...new Set(names)].filter((name) => name !== "");
}

/** The cache that a service takes its model from; empty when there is none. */
export function cacheNameOf({ kind, object }: Named): string {
  return kind === "NIMService" ? textAt(object, "spec", "storage", "nimCache", "name") : "";
}
