import { SlipwayError, group, type ExitName } from "@slipway/base";
import { nameOf, type KubeObject } from "@slipway/kube";
import {
  consequencesOf,
  deleteObject,
  type Cascade,
  type Consequences,
  type DeletionOptions,
} from "@slipway/serving/deletion";
import type { CommandContext } from "@slipway/terminal";
import { canAsk } from "@slipway/terminal/prompt";
import { clusterOf } from "../actions/cluster-of.ts";
import { doomedTargets, findDoomed } from "../actions/find-doomed.ts";
import type { Search } from "../actions/find-objects.ts";
import { throwWorst } from "../actions/object-errors.ts";
import type { NimDeps } from "../deps.ts";
import { DELETE_FLAGS } from "../flags/delete-flags.ts";
import { consequencesText, lossText, questionText } from "../output/deletion-text.ts";
import { resourceName } from "../output/print-objects.ts";

/** Objects that are being deleted at the same time. */
const AT_ONCE = 8;

/** What `kubectl nim delete` does. */
export async function deleteObjects(deps: NimDeps, context: CommandContext): Promise<ExitName> {
  const { log } = context;
  const targets = doomedTargets(context);
  const choices = choicesOf(context);
  const isNameOnly = wantsNames(context);
  const isAsked = choices.dryRun === "none" && !context.read(DELETE_FLAGS.yes);
  const isNamed = targets.every(({ name }) => name !== undefined);
  if (!isNamed && isAsked && !canAsk(deps.io))
    throw new SlipwayError("USAGE", "nobody can be asked here whether all of them shall be deleted", {
      hint: "Add --yes; --dry-run=server shows what would go.",
    });
  const { client, namespace } = await clusterOf(deps, context);
  const search = { client, namespace, signal: deps.io.signal };
  const { objects, failures } = await findDoomed(search, targets, context);
  if (objects.length === 0) {
    if (failures.length === 0 && !isNamed) deps.io.stderr.write(`No resources found in ${namespace} namespace.\n`);
    throwWorst(log, failures);
    return "DONE";
  }
  const told = await tell(deps, context, { ...search, cascade: choices.cascade }, objects);
  if (isAsked && canAsk(deps.io) && !(await isConfirmed(deps, told, namespace))) {
    deps.io.stderr.write("Nothing was deleted.\n");
    return "ANSWER_IS_NO";
  }
  const done = (object: KubeObject): void => {
    context.progress.done();
    deps.io.stdout.write(isNameOnly ? `${resourceName(object)}\n` : `${sentence(object, namespace, choices.dryRun)}\n`);
  };
  const more = await deleteAll(deps, context, search, { ...choices, objects, done });
  throwWorst(log, [...failures, ...more]);
  return "DONE";
}

function wantsNames({ read }: CommandContext): boolean {
  const given = read(DELETE_FLAGS.output) ?? "";
  if (given === "" || given === "name") return given === "name";
  throw new SlipwayError(
    "USAGE",
    `delete prints names with -o name, and takes no other form than that, not "${given}"`,
  );
}

/** Says what goes and what stays, on standard error: who reads the output wants to know what was deleted. */
async function tell(
  { io }: NimDeps,
  { log }: CommandContext,
  { client, namespace, signal, cascade }: Search & { readonly namespace: string; readonly cascade: Cascade },
  objects: readonly KubeObject[],
): Promise<readonly Consequences[]> {
  const all = await consequencesOf(client, objects, { namespace, cascade, signal });
  io.stderr.write(consequencesText(all, namespace));
  const gone = new Set(all.map(({ kind, name }) => `${kind.toLowerCase()}/${name}`));
  for (const each of all) {
    const loss = lossText(each, gone);
    if (loss !== undefined) log.warn(loss);
  }
  return all;
}

async function isConfirmed({ io }: NimDeps, all: readonly Consequences[], namespace: string): Promise<boolean> {
  const { createPrompter } = await import("@slipway/terminal/prompt");
  const prompter = await createPrompter(io);
  return prompter.confirm({
    message: questionText(all, namespace),
    initial: false,
    unattended: "Add --yes to delete without a question.",
  });
}

/** What is deleted, how, and who is told. */
interface Work extends Choices {
  readonly objects: readonly KubeObject[];
  readonly done: (object: KubeObject) => void;
}

/** Services first, then caches. @returns what went wrong; one object's failure does not keep others from being deleted */
async function deleteAll(
  deps: NimDeps,
  { log, progress }: CommandContext,
  { client, signal }: Search,
  { objects, done, dryRun, ...how }: Work,
): Promise<readonly unknown[]> {
  const failures: unknown[] = [];
  const optionsFor = (object: KubeObject): DeletionOptions => ({
    ...how,
    dryRun: dryRun === "server",
    signal,
    timer: deps.timer,
    now: () => deps.clock.now(),
    onForce: (finalizers) =>
      log.warn(
        `${object.kind} ${nameOf(object)} does not go: ${finalizers.join(", ")} is taken off; ` +
          "what the operator would have cleaned up may stay behind",
      ),
  });
  const remove = async (object: KubeObject): Promise<void> => {
    try {
      if (dryRun !== "client") await deleteObject(client, object, optionsFor(object));
      done(object);
    } catch (error) {
      signal.throwIfAborted();
      failures.push(error);
    }
  };
  progress.show(`Deleting ${objects.length === 1 ? "one object" : `${objects.length} objects`}`);
  for (const kind of ["NIMService", "NIMCache"]) {
    const some = objects.filter((object) => object.kind === kind);
    await group(
      AT_ONCE,
      some.map((object) => () => remove(object)),
      signal,
    );
  }
  progress.done();
  return failures;
}

/** How is deleted; read before anything is done, so that no mistake is found late. */
interface Choices extends Pick<DeletionOptions, "cascade" | "force" | "waitMs"> {
  readonly dryRun: DryRun;
}

type DryRun = "none" | "client" | "server";

function choicesOf({ read }: CommandContext): Choices {
  const timeout = read(DELETE_FLAGS.timeout);
  return {
    cascade: read(DELETE_FLAGS.cascade),
    force: read(DELETE_FLAGS.force),
    waitMs: read(DELETE_FLAGS.wait) ? waitOf(timeout) : undefined,
    dryRun: read(DELETE_FLAGS.dryRun),
  };
}

/** `--timeout=0` waits as long as it takes, as kubectl's does: a week. */
function waitOf(timeoutMs: number): number {
  return timeoutMs === 0 ? 7 * 24 * 3_600_000 : timeoutMs;
}

function sentence(object: KubeObject, namespace: string, dryRun: DryRun): string {
  const suffix = { none: "", client: " (dry run)", server: " (server dry run)" }[dryRun];
  return `${object.kind} "${nameOf(object)}" deleted in namespace "${namespace}"${suffix}`;
}
