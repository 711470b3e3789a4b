import { SlipwayError, type ExitName } from "@slipway/base";
import { eachPage, type KubeObject, type SelectOptions } from "@slipway/kube";
import { NIM_KINDS, type NimKindNames } from "@slipway/serving";
import type { CommandContext } from "@slipway/terminal";
import { clusterOf } from "../actions/cluster-of.ts";
import { findObjects, type Search } from "../actions/find-objects.ts";
import { listError, throwWorst } from "../actions/object-errors.ts";
import { targetsOf, type Target } from "../actions/targets.ts";
import type { NimDeps } from "../deps.ts";
import { GET_FLAGS, LIST_FLAGS } from "../flags/list-flags.ts";
import { outputFormat, type OutputFormat } from "../output/format.ts";
import { collectorOf, type Collector, type Shape } from "../output/collector.ts";

/** What the flags ask for. */
export interface GetRequest {
  readonly targets: readonly Target[];
  readonly format: OutputFormat;
  readonly search: Search;
  readonly shape: Shape;
}

/** What `kubectl nim get` does. */
export async function get(deps: NimDeps, context: CommandContext): Promise<ExitName> {
  const request = await requestOf(deps, context);
  if (context.read(GET_FLAGS.watch) || context.read(GET_FLAGS.watchOnly))
    return (await import("./watch-get.ts")).watchGet(deps, context, request);
  return request.targets.every(({ name }) => name === undefined)
    ? getAll(deps, context, request)
    : getNamed(deps, context, request);
}

async function requestOf(deps: NimDeps, context: CommandContext): Promise<GetRequest> {
  const { read, args } = context;
  const targets = targetsOf(args);
  const isNamed = targets.some(({ name }) => name !== undefined);
  if (isNamed && (read(GET_FLAGS.selector) ?? read(GET_FLAGS.fieldSelector)) !== undefined)
    throw new SlipwayError("USAGE", "names and selectors exclude each other: give one of them");
  const format = await outputFormat(read(GET_FLAGS.output), deps);
  const sortBy = read(GET_FLAGS.sortBy);
  const order =
    sortBy === undefined || sortBy === ""
      ? undefined
      : { expression: sortBy, path: (await import("../output/jsonpath/parse.ts")).parseExpression(sortBy) };
  const { client, namespace } = await clusterOf(deps, context);
  const namespaces = read(GET_FLAGS.allNamespaces);
  const search = { client, namespace: namespaces ? undefined : namespace, signal: deps.io.signal };
  return { targets, format, search, shape: { ...shapeOf(context), namespaces, order } };
}

function shapeOf({ read }: CommandContext): Omit<Shape, "namespaces" | "order"> {
  return {
    headers: !read(GET_FLAGS.noHeaders),
    showLabels: read(GET_FLAGS.showLabels),
    labelColumns: read(GET_FLAGS.labelColumns),
    managedFields: read(GET_FLAGS.managedFields),
    events: read(GET_FLAGS.watchEvents),
  };
}

async function getAll(deps: NimDeps, { read }: CommandContext, request: GetRequest): Promise<ExitName> {
  const { io } = deps;
  const { search, format } = request;
  const [{ kind } = { kind: NIM_KINDS.NIMService }] = request.targets;
  const options = {
    ...selectionOf(read),
    namespace: search.namespace,
    limit: chunkSize(read(GET_FLAGS.chunkSize)),
    signal: io.signal,
  };
  const collector = await collectorOf(deps, format, { ...request.shape, kind: kind.kind, as: "list" });
  let count = 0;
  for await (const page of pagesOf(search, kind, options)) {
    count += page.length;
    for (const object of page) collector.add(object);
    if (!(await io.stdout.flush())) return "DONE";
  }
  if (count === 0 && format.kind === "table") {
    if (!read(GET_FLAGS.ignoreNotFound)) io.stderr.write(`${nothingFound(search)}\n`);
  } else collector.end();
  return "DONE";
}

async function* pagesOf(
  { client }: Search,
  kind: NimKindNames,
  options: Parameters<typeof eachPage>[2],
): AsyncGenerator<readonly KubeObject[]> {
  try {
    yield* eachPage(client, kind.resource, options);
  } catch (error) {
    throw listError(error, kind);
  }
}

/** Objects that are found are printed whatever becomes of the others. */
async function getNamed(deps: NimDeps, { read, log }: CommandContext, request: GetRequest): Promise<ExitName> {
  const { targets, format, search, shape } = request;
  const found = await findObjects(search, targets);
  const failures = found.flatMap(({ failure }) => (failure === undefined ? [] : [failure]));
  const objects = found.flatMap((one) => one.objects);
  if (format.kind !== "table") {
    const as = targets.length === 1 && objects.length === 1 ? "single" : "list";
    const collector = await collectorOf(deps, format, { ...shape, kind: "NIMService", as });
    for (const object of objects) collector.add(object);
    if (objects.length > 0) collector.end();
  } else {
    const kinds = Object.values(NIM_KINDS).filter(({ kind }) => objects.some((object) => object.kind === kind));
    for (const [index, { kind }] of kinds.entries()) {
      if (index > 0) deps.io.stdout.write("\n");
      const collector = await collectorOf(deps, format, { ...shape, kind, as: "list" });
      fill(
        collector,
        objects.filter((object) => object.kind === kind),
      );
    }
  }
  throwWorst(log, read(GET_FLAGS.ignoreNotFound) ? failures.filter((failure) => !isMissing(failure)) : failures);
  return "DONE";
}

function fill(collector: Collector, objects: readonly KubeObject[]): void {
  for (const object of objects) collector.add(object);
  collector.end();
}

function isMissing(failure: unknown): boolean {
  return failure instanceof SlipwayError && failure.code === "NOT_FOUND";
}

/** What stands on standard error for an empty list; kubectl's words. */
export function nothingFound({ namespace }: Pick<Search, "namespace">): string {
  return namespace === undefined ? "No resources found" : `No resources found in ${namespace} namespace.`;
}

/** The objects that the flags select. */
export function selectionOf(read: CommandContext["read"]): Pick<SelectOptions, "labelSelector" | "fieldSelector"> {
  return {
    labelSelector: read(LIST_FLAGS.selector) || undefined,
    fieldSelector: read(LIST_FLAGS.fieldSelector) || undefined,
  };
}

function chunkSize(given: number | undefined): number | undefined {
  if (given === undefined || given >= 0) return given;
  throw new SlipwayError("USAGE", `--chunk-size takes 0 or more, not ${given}`);
}
