import { SlipwayError, type ExitName } from "@slipway/base";
import { oneLine } from "@slipway/serving";
import { checkCounts, checkTree, examine, readWorld, type Check, type CheckStatus } from "@slipway/serving/doctor";
import { painter, type Colour, type CommandContext } from "@slipway/terminal";
import { clusterOf } from "../actions/cluster-of.ts";
import type { NimDeps } from "../deps.ts";
import { DOCTOR_FLAGS } from "../flags/doctor-flags.ts";
import { writeReport } from "../output/report.ts";

/** What `kubectl nim doctor` does. */
export async function doctor(deps: NimDeps, context: CommandContext): Promise<ExitName> {
  const { io } = deps;
  const output = context.read(DOCTOR_FLAGS.output);
  const storageClass = context.read(DOCTOR_FLAGS.storageClass) || undefined;
  const { client, namespace } = await clusterOf(deps, context);
  const { server } = client.connection;
  context.progress.show(`Looking at ${server}`);
  const checks = examine(await readWorld({ api: client, server, namespace, storageClass, signal: io.signal }));
  context.progress.done();
  const tree = { server, namespace, summary: checkCounts(checks), checks: checks.map(checkTree) };
  const paint = painter(io.stdout, io.env);
  writeReport(io, output, tree, (safe) => textOf(checks, safe, (status, text) => paint(COLOURS[status], text)));
  if (checks.some(({ status }) => status === "failed")) return "ANSWER_IS_NO";
  refuseUnseen(checks);
  return "DONE";
}

/** Nobody may take a cluster for ready at which nobody could look. */
function refuseUnseen(checks: readonly Check[]): void {
  const unseen = checks.filter(({ status }) => status === "unknown").map(({ name }) => name);
  if (unseen.length === 0) return;
  const [checksText, they] = unseen.length === 1 ? ["check", "it"] : ["checks", "they"];
  throw new SlipwayError("NOT_ALLOWED", `${unseen.length} ${checksText} could not be made: ${unseen.join(", ")}`, {
    hint: `Above stands the right that ${they} lack${unseen.length === 1 ? "s" : ""}.`,
  });
}

const COLOURS: Readonly<Record<CheckStatus, Colour>> = {
  ok: "green",
  warning: "yellow",
  failed: "red",
  unknown: "dim",
};

/** Width of a status with the three spaces behind it, as kubectl's tables have them. */
const STATUS_WIDTH = "warning".length + 3;

function textOf(
  checks: readonly Check[],
  safe: (text: string) => string,
  paint: (status: CheckStatus, text: string) => string,
): string {
  const names = checks.map(({ name }) => oneLine(safe(name)));
  const width = Math.max(...names.map((name) => name.length), "CHECK".length) + 3;
  const indent = " ".repeat(STATUS_WIDTH + width);
  const lines = checks.flatMap(({ status, found, advice, command }, at) => [
    `${paint(status, status)}${" ".repeat(STATUS_WIDTH - status.length)}${(names[at] ?? "").padEnd(width)}${oneLine(safe(found))}`,
    ...[advice, command].filter((line) => line !== undefined).map((line) => `${indent}${oneLine(safe(line))}`),
  ]);
  return [`${"STATUS".padEnd(STATUS_WIDTH)}${"CHECK".padEnd(width)}FOUND`, ...lines, "", checkCounts(checks), ""].join(
    "\n",
  );
}
