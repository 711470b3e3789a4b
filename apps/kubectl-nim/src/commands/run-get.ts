import type { ExitName } from "@slipway/base";
import type { KubeObject } from "@slipway/kube";
import { NIM_KINDS } from "@slipway/serving";
import type { CommandContext } from "@slipway/terminal";
import { findObjects } from "../actions/find-objects.ts";
import { isMissing, listRequest, nothingFound, pagesOf, type ListRequest } from "../actions/list-request.ts";
import { throwWorst } from "../actions/object-errors.ts";
import type { NimDeps } from "../deps.ts";
import { GET_FLAGS } from "../flags/list-flags.ts";
import { collectorOf, type Collector, type Shape } from "../output/collector.ts";

/** What the flags ask for. */
export interface GetRequest extends ListRequest {
  readonly shape: Shape;
}

/** What `kubectl nim get` does. */
export async function get(deps: NimDeps, context: CommandContext): Promise<ExitName> {
  const list = await listRequest(deps, context);
  const request = { ...list, shape: shapeOf(context, list) };
  if (context.read(GET_FLAGS.watch) || context.read(GET_FLAGS.watchOnly))
    return (await import("./watch-get.ts")).watchGet(deps, context, request);
  return request.targets.every(({ name }) => name === undefined)
    ? getAll(deps, context, request)
    : getNamed(deps, context, request);
}

function shapeOf({ read }: CommandContext, { search, order }: ListRequest): Shape {
  return {
    headers: !read(GET_FLAGS.noHeaders),
    namespaces: search.namespace === undefined,
    showLabels: read(GET_FLAGS.showLabels),
    labelColumns: read(GET_FLAGS.labelColumns),
    managedFields: read(GET_FLAGS.managedFields),
    events: read(GET_FLAGS.watchEvents),
    order,
  };
}

async function getAll(deps: NimDeps, { read }: CommandContext, request: GetRequest): Promise<ExitName> {
  const { io } = deps;
  const { search, format } = request;
  const [{ kind } = { kind: NIM_KINDS.NIMService }] = request.targets;
  const collector = await collectorOf(deps, format, { ...request.shape, kind: kind.kind, as: "list" });
  let count = 0;
  for await (const page of pagesOf(request, kind)) {
    count += page.length;
    for (const object of page) collector.add(object);
    if (!(await io.stdout.flush())) return "DONE";
  }
  if (count === 0 && format.kind === "table") {
    if (!read(GET_FLAGS.ignoreNotFound)) io.stderr.write(`${nothingFound(search)}\n`);
  } else collector.end();
  return "DONE";
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
