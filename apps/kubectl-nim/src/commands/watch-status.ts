import { SlipwayError, type ExitName } from "@slipway/base";
import type { KubeObject } from "@slipway/kube";
import { STATUS_COLUMNS, availableReplicas, statusCells, statusDocument } from "@slipway/serving";
import type { CommandContext } from "@slipway/terminal";
import type { ListRequest } from "../actions/list-request.ts";
import { watchObjects } from "../actions/watch-objects.ts";
import type { NimDeps } from "../deps.ts";
import { LIST_FLAGS } from "../flags/list-flags.ts";
import { objectPrinter } from "../output/print-objects.ts";
import { tableLayout } from "../output/table.ts";
import { viewOf } from "./run-status.ts";

/** What `kubectl nim status --watch` does: a row, or a document, for each object and each change of it. */
export async function watchStatus(deps: NimDeps, context: CommandContext, request: ListRequest): Promise<ExitName> {
  const { targets, format, search, selection } = request;
  const [target, ...more] = targets;
  if (target === undefined || more.length > 0)
    throw new SlipwayError("USAGE", "--watch follows one object, or all of a kind", {
      hint: "For several, select them with -l, or run it once for each.",
    });
  const show =
    format.kind === "table" ? rowsOf(deps, context, STATUS_COLUMNS[target.kind.kind]) : documentsOf(deps, format);
  await watchObjects(deps, context, search, target, selection, {
    start: show,
    change: ({ object }) => show([object]),
  });
  return "DONE";
}

type Show = (objects: readonly KubeObject[]) => void;

function rowsOf({ io, clock }: NimDeps, { read }: CommandContext, columns: readonly string[]): Show {
  const layout = tableLayout();
  let header = read(LIST_FLAGS.noHeaders) ? [] : [columns];
  return (objects) => {
    if (objects.length === 0) return;
    const rows = objects.map((object) => {
      const view = viewOf(object);
      return statusCells(view, clock.now(), view.kind === "NIMService" ? availableReplicas(view) : undefined);
    });
    io.stdout.write(layout.lines([...header, ...rows]));
    header = [];
  };
}

function documentsOf({ io }: NimDeps, format: Parameters<typeof objectPrinter>[1]): Show {
  const printer = objectPrinter(io.stdout, format, { as: "stream" });
  return (objects) => {
    for (const object of objects) {
      const view = viewOf(object);
      const available = view.kind === "NIMService" ? availableReplicas(view) : undefined;
      printer.add(format.kind === "name" ? object : statusDocument(view, available));
    }
  };
}
