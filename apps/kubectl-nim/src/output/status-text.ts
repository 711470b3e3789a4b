import { numberAt, textAt } from "@slipway/base";
import {
  NONE,
  STATUS_COLUMNS,
  ageText,
  currentCondition,
  decidingCondition,
  endingText,
  goTime,
  oneLine,
  readyText,
  restartsOf,
  statusCells,
  storageText,
  type CachedProfile,
  type NimCacheView,
  type NimDetails,
  type NimServiceView,
  type PodView,
} from "@slipway/serving";
import { printable } from "@slipway/terminal";
import { tableText } from "./table.ts";

/** What the text needs beside the object. */
export interface TextOptions {
  readonly now: Date;
  readonly headers: boolean;
  readonly available: number | undefined;
}

/** One object and what is around it, for people: the row, or, for a cache, the paragraph of the original; then sections. */
export function detailedText(view: NimServiceView | NimCacheView, details: NimDetails, options: TextOptions): string {
  const head =
    view.kind === "NIMService"
      ? tableText([
          ...(options.headers ? [STATUS_COLUMNS.NIMService] : []),
          statusCells(view, options.now, options.available),
        ])
      : cacheParagraph(view, options.now);
  const sections = [
    nowSection(view),
    view.kind === "NIMService" ? endpointSection(view) : "",
    conditionSection(view, options.now),
    storageSection(view, details),
    view.kind === "NIMCache" ? jobSection(details) : "",
    podSection(details, options.now),
    containerSection(details),
    eventSection(details, options.now),
  ].filter((section) => section !== "");
  return [head, ...sections].join("\n");
}

function cacheParagraph(cache: NimCacheView, now: Date): string {
  const deciding = decidingCondition(cache.conditions);
  return lines([
    `Name: ${cache.name}`,
    `Namespace: ${cache.namespace}`,
    `State: ${cache.state || NONE}`,
    `PVC: ${cache.pvc || NONE}`,
    `Type/Status: ${deciding === undefined ? NONE : `${deciding.type}/${deciding.status}`}`,
    `Last Transition Time: ${deciding === undefined ? NONE : goTime(deciding.lastTransitionTime)}`,
    `Message: ${oneLine((deciding?.message || NONE).trim())}`,
    `Age: ${ageText(cache.created, now)}`,
    `Cached NIM Profiles:${cache.profiles.length === 0 ? ` ${NONE}` : ""}`,
    ...cache.profiles.map(profileLine),
  ]);
}

function profileLine({ name, model, release, config }: CachedProfile): string {
  const pairs = config.map(([key, value]) => `${key}:${value}`).join(" ");
  return `  Name: ${name}, Model: ${model}, Release: ${release}, Config: map[${pairs}]`;
}

/** The condition that the columns show is not always the one that says how things stand. */
function nowSection({ conditions }: NimServiceView | NimCacheView): string {
  const current = currentCondition(conditions);
  if (current === undefined) return lines(["Now: the operator has not written any condition yet"]);
  if (current.type === decidingCondition(conditions)?.type) return "";
  const said = [current.reason, current.message].filter((part) => part !== "").join(": ");
  return lines([`Now: ${current.type} is ${current.status}${said === "" ? "" : `, ${oneLine(said.trim())}`}`]);
}

function endpointSection({ clusterEndpoint, externalEndpoint, model }: NimServiceView): string {
  return section("Endpoint", [
    ...(model === "" ? [] : [["Model:", model]]),
    ["In the cluster:", clusterEndpoint || NONE],
    ["From outside:", externalEndpoint || NONE],
  ]);
}

function conditionSection({ conditions }: NimServiceView | NimCacheView, now: Date): string {
  if (conditions.length === 0) return "";
  return section("Conditions", [
    ["TYPE", "STATUS", "REASON", "SINCE", "MESSAGE"],
    ...conditions.map(({ type, status, reason, lastTransitionTime, message }) => [
      type,
      status || NONE,
      reason || NONE,
      ageText(lastTransitionTime, now),
      message || NONE,
    ]),
  ]);
}

function storageSection(view: NimServiceView | NimCacheView, { claim }: NimDetails): string {
  if (claim === undefined) return section("Storage", [[storageText(view)]]);
  if (claim.state === "missing") return section("Storage", [[`pvc/${claim.name}`, "not there"]]);
  if (claim.state === "unknown") return notRead("Storage", claim.why);
  const { phase, capacity, storageClass, accessModes, use } = claim.value;
  return section("Storage", [
    ["PVC", "PHASE", "CAPACITY", "CLASS", "MODES", "USED"],
    [
      claim.name,
      phase || NONE,
      capacity || NONE,
      storageClass || NONE,
      accessModes.join(",") || NONE,
      use === undefined ? "unknown" : `${bytesText(use.used)} of ${bytesText(use.capacity)}`,
    ],
  ]);
}

function jobSection({ job }: NimDetails): string {
  if (job === undefined || job.state === "missing") return "";
  if (job.state === "unknown") return notRead("Job", job.why);
  const count = (key: string): string => String(numberAt(job.value, "status", key) ?? 0);
  return section("Job", [
    ["NAME", "ACTIVE", "SUCCEEDED", "FAILED"],
    [textAt(job.value, "metadata", "name"), count("active"), count("succeeded"), count("failed")],
  ]);
}

function podSection({ pods }: NimDetails, now: Date): string {
  if (pods.state === "unknown") return notRead("Pods", pods.why);
  if (pods.state === "missing" || pods.value.length === 0) return lines([`Pods: ${NONE}`]);
  return section("Pods", [
    ["NAME", "PHASE", "READY", "RESTARTS", "REASON", "NODE", "AGE"],
    ...pods.value.map((pod) => podRow(pod, now)),
  ]);
}

function podRow(pod: PodView, now: Date): readonly string[] {
  const { name, phase, reason, node, created } = pod;
  return [
    name,
    phase || NONE,
    readyText(pod),
    String(restartsOf(pod)),
    reason || NONE,
    node || NONE,
    ageText(created, now),
  ];
}

/** Containers that wait, have ended or were started again. */
function containerSection({ pods }: NimDetails): string {
  if (pods.state !== "found") return "";
  const rows = pods.value.flatMap(({ containers }) =>
    containers
      .filter(
        ({ waiting, ending, isInit, restarts }) =>
          waiting !== "" || restarts > 0 || (ending !== undefined && !(isInit && ending.exitCode === 0)),
      )
      .map((container) => {
        const { pod, name, isInit, waiting, isRunning, restarts, ending, message } = container;
        return [
          pod,
          isInit ? `${name} (init)` : name,
          waiting || (isRunning ? "Running" : "Ended"),
          ending === undefined ? NONE : endingText(ending),
          String(restarts),
          message || ending?.message || NONE,
        ];
      }),
  );
  if (rows.length === 0) return "";
  return section("Containers", [["POD", "CONTAINER", "STATE", "LAST ENDED", "RESTARTS", "MESSAGE"], ...rows]);
}

function eventSection({ events }: NimDetails, now: Date): string {
  if (events.state === "unknown") return notRead("Events", events.why);
  if (events.state === "missing" || events.value.length === 0) return lines([`Events: ${NONE}`]);
  return section("Events", [
    ["LAST SEEN", "COUNT", "TYPE", "REASON", "OBJECT", "MESSAGE"],
    ...events.value.map(({ at, count, type, reason, kind, name, message }) => [
      at === 0 ? "<unknown>" : ageText(new Date(at).toISOString(), now),
      String(count),
      type || NONE,
      reason || NONE,
      `${kind.toLowerCase()}/${name}`,
      message || NONE,
    ]),
  ]);
}

function section(title: string, rows: readonly (readonly string[])[]): string {
  return `${title}:\n${tableText(rows).replaceAll(/^(?=.)/gm, "  ")}`;
}

function notRead(title: string, why: string): string {
  const isRefused = /forbidden|unauthorized/i.test(why);
  return lines([`${title}: ${isRefused ? "not allowed" : "not readable"}: ${oneLine(why.trim())}`]);
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${printable(text)}\n`).join("");
}

const UNITS = ["Ki", "Mi", "Gi", "Ti", "Pi"] as const;

/** `1.5Gi` */
function bytesText(bytes: number): string {
  const power = Math.min(UNITS.length, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${Number((bytes / 2 ** (10 * power)).toFixed(1))}${power === 0 ? "" : (UNITS[power - 1] ?? "")}`;
}
