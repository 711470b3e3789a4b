import { SlipwayError, type ExitName } from "@slipway/base";
import { eachObject, nameOf, type KubeApi } from "@slipway/kube";
import { listError, type NimAddress } from "@slipway/serving";
import { streamLogs, type LogNotes } from "@slipway/serving/logs";
import type { CommandContext } from "@slipway/terminal";
import { clusterOf } from "../actions/cluster-of.ts";
import { selectorError } from "../actions/selector-error.ts";
import { targetsOf } from "../actions/targets.ts";
import { logStart } from "../actions/log-start.ts";
import type { NimDeps } from "../deps.ts";
import { LOG_FLAGS } from "../flags/log-flags.ts";
import { logFormat } from "../output/log-format.ts";

/** What `kubectl nim log stream` does. */
export async function logStream(deps: NimDeps, context: CommandContext): Promise<ExitName> {
  const { io, read, log } = context;
  const start = logStart({
    since: read(LOG_FLAGS.since),
    sinceTime: read(LOG_FLAGS.sinceTime) ?? "",
    tail: read(LOG_FLAGS.tail),
  });
  const mode = modeOf(context);
  const targets = targetsOf(context.args);
  const { client, namespace } = await clusterOf(deps, context);
  const addresses = await addressesOf(client, targets, { namespace, selector: read(LOG_FLAGS.selector) ?? "", io });
  const notes: LogNotes = {
    note: (text) => log.info(text),
    failed: ({ namespace: place, pod, container }, error, isFinal) =>
      log.warn(`error streaming ${place}/${pod}[${container}]: ${error.message}${isFinal ? "" : "; trying again"}`),
  };
  const { failures } = await streamLogs(
    { api: client, output: io.stdout, notes, timer: deps.timer, signal: io.signal },
    {
      targets: addresses,
      containers: read(LOG_FLAGS.container).filter((name) => name !== ""),
      mode,
      start,
      formatOf: logFormat(io, { prefix: read(LOG_FLAGS.prefix), timestamps: read(LOG_FLAGS.timestamps) }),
    },
  );
  return failures.length === 0 ? "DONE" : "ANSWER_IS_NO";
}

function modeOf({ read, isGiven }: CommandContext): "follow" | "once" | "previous" {
  const follow = read(LOG_FLAGS.follow);
  if (!read(LOG_FLAGS.previous)) return follow ? "follow" : "once";
  if (follow && isGiven(LOG_FLAGS.follow))
    throw new SlipwayError("USAGE", "--follow and --previous exclude each other: a log from before has an end");
  return "previous";
}

interface Where {
  readonly namespace: string;
  readonly selector: string;
  readonly io: Pick<CommandContext["io"], "signal">;
}

/** The objects that are meant, by name or, for a kind alone, by their labels. */
async function addressesOf(
  api: Pick<KubeApi, "list">,
  targets: ReturnType<typeof targetsOf>,
  { namespace, selector, io }: Where,
): Promise<readonly NimAddress[]> {
  const addresses: NimAddress[] = [];
  for (const { kind, name } of targets) {
    if (name !== undefined && selector !== "")
      throw new SlipwayError("USAGE", `--selector stands with a kind alone; what is ${kind.singular}/${name}?`);
    if (name !== undefined) {
      addresses.push({ kind: kind.kind, namespace, name });
      continue;
    }
    if (selector === "")
      throw new SlipwayError("USAGE", `which ${kind.singular} is meant? NAME is missing`, {
        hint: `Usage: kubectl nim log stream ${kind.singular} NAME. With -l SELECTOR, those with some labels.`,
      });
    const options = { namespace, labelSelector: selector, signal: io.signal, metadataOnly: true };
    try {
      for await (const object of eachObject(api, kind.resource, options))
        addresses.push({ kind: kind.kind, namespace, name: nameOf(object) });
    } catch (error) {
      throw listError(selectorError(error, options), kind);
    }
    if (addresses.length === 0)
      throw new SlipwayError("NOT_FOUND", `no ${kind.kind} in namespace ${namespace} has the labels ${selector}`);
  }
  return addresses;
}
