import { SlipwayError } from "@slipway/base";
import { eachPage, type KubeObject, type SelectOptions } from "@slipway/kube";
import { listError, type NimKindNames } from "@slipway/serving";
import type { CommandContext } from "@slipway/terminal";
import type { NimDeps } from "../deps.ts";
import { LIST_FLAGS } from "../flags/list-flags.ts";
import { outputFormat, type OutputFormat } from "../output/format.ts";
import type { Order } from "../output/sort-by.ts";
import { clusterOf } from "./cluster-of.ts";
import type { Search } from "./find-objects.ts";
import { selectorError } from "./selector-error.ts";
import { targetsOf, type Target } from "./targets.ts";

/** Which objects are shown, and in which form. */
export interface ListRequest {
  readonly targets: readonly Target[];
  readonly format: OutputFormat;
  readonly search: Search;
  readonly order: Order | undefined;
  readonly selection: Pick<SelectOptions, "labelSelector" | "fieldSelector">;
  /** Objects of a page. */
  readonly limit: number | undefined;
}

/**
 * Reads what `get` and `status` have in common from the command line. Nothing is sent yet.
 *
 * @throws SlipwayError USAGE; as `connect` of the dependencies
 */
export async function listRequest(deps: NimDeps, context: CommandContext): Promise<ListRequest> {
  const { read, args } = context;
  const targets = targetsOf(args);
  const selection = {
    labelSelector: read(LIST_FLAGS.selector) || undefined,
    fieldSelector: read(LIST_FLAGS.fieldSelector) || undefined,
  };
  const isNamed = targets.some(({ name }) => name !== undefined);
  if (isNamed && (selection.labelSelector ?? selection.fieldSelector) !== undefined)
    throw new SlipwayError("USAGE", "names and selectors exclude each other: give one of them");
  const format = await outputFormat(read(LIST_FLAGS.output), deps);
  const order = await orderOf(read(LIST_FLAGS.sortBy) ?? "");
  const limit = chunkSize(read(LIST_FLAGS.chunkSize));
  const { client, namespace } = await clusterOf(deps, context);
  const search = {
    client,
    namespace: read(LIST_FLAGS.allNamespaces) ? undefined : namespace,
    signal: deps.io.signal,
  };
  // kubectl sorts lists alone: one object is shown whatever the expression finds in it.
  const isOne = isNamed && targets.length === 1;
  return { targets, format, search, order: isOne ? undefined : order, selection, limit };
}

/** The objects of a kind that are asked for, page by page. */
export async function* pagesOf(
  { search, selection, limit }: ListRequest,
  kind: NimKindNames,
): AsyncGenerator<readonly KubeObject[]> {
  const { client, namespace, signal } = search;
  try {
    yield* eachPage(client, kind.resource, { ...selection, namespace, limit, signal });
  } catch (error) {
    throw listError(selectorError(error, selection), kind);
  }
}

/** What stands on standard error for an empty list; kubectl's words. */
export function nothingFound({ namespace }: Pick<Search, "namespace">): string {
  return namespace === undefined ? "No resources found" : `No resources found in ${namespace} namespace.`;
}

/** Whether a failure says no more than that there is no such object. */
export function isMissing(failure: unknown): boolean {
  return failure instanceof SlipwayError && failure.code === "NOT_FOUND";
}

async function orderOf(expression: string): Promise<Order | undefined> {
  if (expression === "") return undefined;
  const { parseExpression } = await import("../output/jsonpath/parse.ts");
  return { expression, path: parseExpression(expression) };
}

function chunkSize(given: number | undefined): number | undefined {
  if (given === undefined || given >= 0) return given;
  throw new SlipwayError("USAGE", `--chunk-size takes 0 or more, not ${given}`);
}
