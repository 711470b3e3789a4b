import type { ExitName, TreeMap } from "@slipway/base";
import type { KubeObject } from "@slipway/kube";
import {
  NIM_KINDS,
  STATUS_COLUMNS,
  readDetails,
  readNimCache,
  readNimService,
  replicaCounts,
  statusCells,
  statusDocument,
  type NimCacheView,
  type NimKindNames,
  type NimServiceView,
  type ReplicaCounts,
} from "@slipway/serving";
import type { CommandContext } from "@slipway/terminal";
import { findObjects } from "../actions/find-objects.ts";
import { isMissing, listRequest, nothingFound, pagesOf, type ListRequest } from "../actions/list-request.ts";
import { throwWorst } from "../actions/object-errors.ts";
import type { NimDeps } from "../deps.ts";
import { LIST_FLAGS } from "../flags/list-flags.ts";
import type { ObjectFormat } from "../output/format.ts";
import type { SortKey } from "../output/sort-by.ts";
import { tableText } from "../output/table.ts";

type View = NimServiceView | NimCacheView;

/** What `kubectl nim status` does. */
export async function status(deps: NimDeps, context: CommandContext): Promise<ExitName> {
  const request = await listRequest(deps, context);
  if (context.read(LIST_FLAGS.watch)) return (await import("./watch-status.ts")).watchStatus(deps, context, request);
  const { objects, failures } = await readObjects(request);
  const ignored = context.read(LIST_FLAGS.ignoreNotFound);
  if (objects.length > 0) await show(deps, context, request, objects);
  else if (failures.length === 0) await showNothing(deps, request, ignored);
  throwWorst(context.log, ignored ? failures.filter((failure) => !isMissing(failure)) : failures);
  return "DONE";
}

/** What was asked for, as far as it is there. */
interface Read {
  readonly objects: readonly KubeObject[];
  readonly failures: readonly unknown[];
}

async function readObjects(request: ListRequest): Promise<Read> {
  const { targets, search, order } = request;
  const [first] = targets;
  if (first !== undefined && first.name === undefined) {
    const objects: KubeObject[] = [];
    for await (const page of pagesOf(request, first.kind)) objects.push(...page);
    return { objects: await sorted(objects, order), failures: [] };
  }
  const found = await findObjects(search, targets);
  return {
    objects: await sorted(
      found.flatMap((one) => one.objects),
      order,
    ),
    failures: found.flatMap(({ failure }) => (failure === undefined ? [] : [failure])),
  };
}

async function sorted(objects: readonly KubeObject[], order: ListRequest["order"]): Promise<readonly KubeObject[]> {
  if (order === undefined) return objects;
  const { sortKeyOf, sortedBy } = await import("../output/sort-by.ts");
  const keyed = objects.map((object): { readonly object: KubeObject; readonly key: SortKey } => ({
    object,
    key: sortKeyOf(order.path, object),
  }));
  return sortedBy(keyed, ({ key }) => key, order.expression).map(({ object }) => object);
}

async function show(
  deps: NimDeps,
  context: CommandContext,
  request: ListRequest,
  objects: readonly KubeObject[],
): Promise<void> {
  const { format, search, targets } = request;
  const views = objects.map(viewOf);
  const [first] = views;
  const isOne = views.length === 1 && targets.length === 1 && targets[0]?.name !== undefined;
  const counts = await countsOf(request, views);
  if (counts.isPartial)
    context.log.warn(
      "Deployments may not be listed: how many replicas are available is only known where the status says it",
    );
  const details = isOne && first !== undefined ? await readDetails(search.client, first, search.signal) : undefined;
  if (format.kind === "name") return printPlain(deps, format, objects, isOne);
  if (format.kind !== "table") {
    const documents = views.map((view) => statusDocument(view, availableOf(counts, view), details));
    return printPlain(deps, format, documents, isOne);
  }
  const headers = !context.read(LIST_FLAGS.noHeaders);
  const now = deps.clock.now();
  if (first !== undefined && details !== undefined) {
    const { detailedText } = await import("../output/status-text.ts");
    deps.io.stdout.write(detailedText(first, details, { now, headers, available: availableOf(counts, first) }));
    return;
  }
  const kinds = Object.values(NIM_KINDS).filter(({ kind }) => views.some((view) => view.kind === kind));
  const tables = kinds.map((kind) =>
    tableText([
      ...(headers ? [STATUS_COLUMNS[kind.kind]] : []),
      ...ofKind(views, kind).map((view) => statusCells(view, now, availableOf(counts, view))),
    ]),
  );
  deps.io.stdout.write(tables.join("\n"));
}

function ofKind(views: readonly View[], { kind }: NimKindNames): readonly View[] {
  return views.filter((view) => view.kind === kind);
}

/** The object as people look at it. */
export function viewOf(object: KubeObject): View {
  return object.kind === "NIMCache" ? readNimCache(object) : readNimService(object);
}

function countsOf({ search }: ListRequest, views: readonly View[]): Promise<ReplicaCounts> {
  const services = views.filter((view) => view.kind === "NIMService");
  return replicaCounts(search.client, services, search.namespace, search.signal);
}

function availableOf(counts: ReplicaCounts, view: View): number | undefined {
  return view.kind === "NIMService" ? counts.of(view) : undefined;
}

async function printPlain(
  { io }: NimDeps,
  format: ObjectFormat,
  documents: readonly TreeMap[],
  isOne: boolean,
): Promise<void> {
  const { objectPrinter } = await import("../output/print-objects.ts");
  const printer = objectPrinter(io.stdout, format, { as: isOne ? "single" : "list" });
  for (const document of documents) printer.add(document);
  printer.end();
}

async function showNothing(deps: NimDeps, { format, search }: ListRequest, isQuiet: boolean): Promise<void> {
  if (format.kind !== "table") return printPlain(deps, format, [], false);
  if (!isQuiet) deps.io.stderr.write(`${nothingFound(search)}\n`);
}
