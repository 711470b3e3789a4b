import { compactJson, compareBytes, isTreeList, isTreeMap, own, textAt, valueAt, type Tree } from "@slipway/base";
import { nameOf, type KubeObject } from "@slipway/kube";
import { REDACTED } from "@slipway/base/redact";
import type { Fold } from "./fold-list.ts";

/** What is kept of a ClusterPolicy of the GPU operator. */
export interface Policy {
  readonly name: string;
  /** `status.state`: `ready`, `notReady`, `ignored`. */
  readonly state: string;
  readonly created: string;
  readonly settings: ReadonlyMap<string, string>;
}

/** Keeps the settings of ClusterPolicies. */
export const POLICIES: Fold<Policy[]> = {
  start: () => [],
  add: (policies, object) => void policies.push(policyOf(object)),
};

function policyOf(object: KubeObject): Policy {
  const settings = new Map<string, string>();
  flatten(valueAt(object, "spec"), "", settings);
  return {
    name: nameOf(object),
    state: textAt(object, "status", "state"),
    created: object.metadata.creationTimestamp ?? "",
    settings,
  };
}

/**
 * The readings of K8s `policy`: the spec of the policy that the GPU operator follows (it takes the oldest and ignores the
 * others), flattened with dots; those of others as `NAME/path`.
 *
 * @returns the readings, and the name of the policy that is followed
 */
export function policyReadings(policies: readonly Policy[]): {
  readonly data: ReadonlyMap<string, string>;
  readonly followed: string | undefined;
} {
  const [first, ...others] = policies.toSorted((left, right) => compareBytes(rank(left), rank(right)));
  if (first === undefined) return { data: new Map(), followed: undefined };
  const data = new Map(first.settings);
  for (const { name, settings } of others) for (const [path, value] of settings) data.set(`${name}/${path}`, value);
  return { data: new Map([...data].sort(([left], [right]) => compareBytes(left, right))), followed: first.name };
}

function rank({ name, state, created }: Policy): string {
  return `${state === "ignored" ? 1 : 0} ${created} ${name}`;
}

/** Fields that hold a secret or name one are left out whole: people search snapshots for such names. */
const SENSITIVE = /passw|secret|token|credential|(?:api|private|access)[-_]?key/i;

function flatten(value: Tree | undefined, path: string, settings: Map<string, string>): void {
  if (value === undefined) return;
  if (isTreeMap(value)) {
    for (const [key, child] of Object.entries(value)) {
      if (!SENSITIVE.test(key)) flatten(child, path === "" ? key : `${path}.${key}`, settings);
    }
    return;
  }
  settings.set(path, isTreeList(value) ? compactJson(withoutSecrets(value)) : String(value));
}

/**
 * A value without sensitive fields and without the values of environment variables, because those may have any name; that
 * a variable is switched on or off is kept. What else looks like a credential is taken out of the whole snapshot.
 */
function withoutSecrets(value: Tree): Tree {
  if (isTreeList(value)) return value.map(withoutSecrets);
  if (!isTreeMap(value)) return value;
  const isVariable = typeof own(value, "name") === "string" && Object.hasOwn(value, "value");
  const kept = Object.entries(value).filter(([key]) => !SENSITIVE.test(key));
  return Object.fromEntries(
    kept.map(([key, child]): readonly [string, Tree] =>
      isVariable && key === "value" && !isSwitch(child) ? [key, REDACTED] : [key, withoutSecrets(child)],
    ),
  );
}

function isSwitch(value: Tree): boolean {
  return typeof value === "boolean" || value === "true" || value === "false";
}
