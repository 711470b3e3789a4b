import { listError } from "@slipway/serving";
import { SlipwayError } from "@slipway/base";
import { eachObject, type KubeObject } from "@slipway/kube";
import type { CommandContext } from "@slipway/terminal";
import { DELETE_FLAGS } from "../flags/delete-flags.ts";
import { findObjects, type Search } from "./find-objects.ts";
import { isMissing } from "./list-request.ts";
import { selectorError } from "./selector-error.ts";
import { targetsOf, type Target } from "./targets.ts";

/** Objects that are to be deleted, and why others cannot be. */
export interface Doomed {
  readonly objects: readonly KubeObject[];
  readonly failures: readonly unknown[];
}

/**
 * Reads what the command line wants to have deleted.
 *
 * @returns one target without a name for `-l` and `--all`
 * @throws SlipwayError USAGE for none, or for two ways at once
 */
export function doomedTargets({ args, read }: Pick<CommandContext, "args" | "read">): readonly Target[] {
  if (read(DELETE_FLAGS.allNamespaces))
    throw new SlipwayError("USAGE", "delete works in one namespace, and has no -A", {
      hint: "Name it with -n NAMESPACE, and run it once for each.",
    });
  const targets = targetsOf(args);
  const [selector, all] = [read(DELETE_FLAGS.selector) ?? "", read(DELETE_FLAGS.all)];
  const isNamed = targets.some(({ name }) => name !== undefined);
  if (!isNamed && selector === "" && !all) {
    const kind = targets[0]?.kind.singular ?? "nimservice";
    throw new SlipwayError("USAGE", `which ${kind} is to be deleted? NAME is missing`, {
      hint: "Give names, -l SELECTOR, or --all for all of the namespace.",
    });
  }
  if (Number(isNamed) + Number(selector !== "") + Number(all) > 1)
    throw new SlipwayError("USAGE", "names, -l and --all exclude each other: give one of them");
  return targets;
}

/** Looks for the objects, services before caches, so that no service loses its cache first. */
export async function findDoomed(
  search: Search & { readonly namespace: string },
  targets: readonly Target[],
  { read }: Pick<CommandContext, "read">,
): Promise<Doomed> {
  const [first] = targets;
  const { objects, failures } =
    first !== undefined && first.name === undefined
      ? await listDoomed(search, first, read(DELETE_FLAGS.selector) || undefined)
      : await named(search, targets);
  return {
    objects: objects.toSorted((left, right) => Number(left.kind === "NIMCache") - Number(right.kind === "NIMCache")),
    failures: read(DELETE_FLAGS.ignoreNotFound) ? failures.filter((failure) => !isMissing(failure)) : failures,
  };
}

async function listDoomed(
  { client, namespace, signal }: Search & { readonly namespace: string },
  { kind }: Target,
  labelSelector: string | undefined,
): Promise<Doomed> {
  const objects: KubeObject[] = [];
  try {
    for await (const object of eachObject(client, kind.resource, { namespace, labelSelector, signal }))
      objects.push(object);
  } catch (error) {
    throw listError(selectorError(error, { labelSelector }), kind);
  }
  return { objects, failures: [] };
}

async function named(search: Search, targets: readonly Target[]): Promise<Doomed> {
  const found = await findObjects(search, targets);
  return {
    objects: found.flatMap(({ objects }) => objects),
    failures: found.flatMap(({ failure }) => (failure === undefined ? [] : [failure])),
  };
}
