import { SlipwayError, type ExitName } from "@slipway/base";
import type { ObjectChange } from "@slipway/kube";
import type { CommandContext } from "@slipway/terminal";
import { watchObjects } from "../actions/watch-objects.ts";
import type { NimDeps } from "../deps.ts";
import { GET_FLAGS } from "../flags/list-flags.ts";
import { collectorOf } from "../output/collector.ts";
import { RowPrinter, rowOf } from "../output/row-printer.ts";
import type { GetRequest } from "./run-get.ts";

const EVENTS: Readonly<Record<ObjectChange["type"], string>> = {
  added: "ADDED",
  updated: "MODIFIED",
  deleted: "DELETED",
};

/** What `kubectl nim get --watch` does: a row, or a document, for each object and each change of it. */
export async function watchGet(deps: NimDeps, context: CommandContext, request: GetRequest): Promise<ExitName> {
  const { targets, format, shape, search } = request;
  const [target, ...more] = targets;
  if (target === undefined || more.length > 0)
    throw new SlipwayError("USAGE", "--watch follows one object, or all of a kind", {
      hint: "For several, select them with -l, or run it once for each.",
    });
  const { kind } = target.kind;
  const isOnly = context.read(GET_FLAGS.watchOnly);
  const columns = { ...shape, kind, wide: format.kind === "table" && format.wide };
  const printer = new RowPrinter(deps.io.stdout, columns);
  const stream = await collectorOf(deps, format, { ...shape, kind, as: "stream", order: undefined });
  const show = (changes: readonly ObjectChange[]): void => {
    if (format.kind !== "table") for (const { object } of changes) stream.add(object);
    else printer.print(changes.map(({ type, object }) => rowOf(columns, object, deps.clock.now(), EVENTS[type])));
  };
  await watchObjects(deps, context, search, target, request.selection, {
    start: (objects) => {
      if (!isOnly) show(objects.map((object) => ({ type: "added", object })));
    },
    change: (change) => show([change]),
  });
  return "DONE";
}
