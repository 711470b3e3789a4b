import { isTreeMap, listAt, mapAt, numberAt, own, textAt, valueAt, type Tree } from "@slipway/base";
import { nameOf, type KubeObject } from "@slipway/kube";
import { ageText } from "../status/age.ts";
import { columns, plain } from "./columns.ts";

/**
 * An object as a person reads it: what it is, how it is, its conditions, and its events. The object and the events must be
 * without secrets.
 */
export function describe(object: KubeObject, events: readonly KubeObject[], now: Date): string {
  const { namespace = "", creationTimestamp = "" } = object.metadata;
  const head = fields([
    ["Kind", object.kind],
    ["Name", nameOf(object)],
    ["Namespace", namespace],
    ["Created", creationTimestamp === "" ? "" : `${creationTimestamp} (${ageText(creationTimestamp, now)} ago)`],
    ["Deleted", textAt(object, "metadata", "deletionTimestamp")],
    ["Owners", listAt(object, "metadata", "ownerReferences").map(ownerText).join(", ")],
    ["Labels", pairs(valueAt(object, "metadata", "labels"))],
    ["Annotations", pairs(valueAt(object, "metadata", "annotations"))],
  ]);
  const body = object.kind === "Node" ? nodeText(object) : podText(object);
  const mine = events.filter(
    (event) =>
      textAt(event, "involvedObject", "name") === nameOf(object) &&
      textAt(event, "involvedObject", "kind") === object.kind,
  );
  return head + body + conditionsText(object) + eventsText(mine, now);
}

/** Events as rows, oldest first. */
export function eventsText(events: readonly KubeObject[], now: Date): string {
  if (events.length === 0) return "Events: none\n";
  const sorted = [...events].sort((left, right) => (eventTime(left) < eventTime(right) ? -1 : 1));
  const rows = sorted.map((event) => [
    ageText(eventTime(event), now),
    textAt(event, "type"),
    textAt(event, "reason"),
    `${textAt(event, "involvedObject", "kind")}/${textAt(event, "involvedObject", "name")}`,
    String(numberAt(event, "series", "count") ?? numberAt(event, "count") ?? 1),
    textAt(event, "message"),
  ]);
  return `Events:\n${indented(columns([["LAST SEEN", "TYPE", "REASON", "OBJECT", "COUNT", "MESSAGE"], ...rows]))}`;
}

function eventTime(event: KubeObject): string {
  const times = [
    textAt(event, "series", "lastObservedTime"),
    textAt(event, "lastTimestamp"),
    textAt(event, "eventTime"),
    textAt(event, "metadata", "creationTimestamp"),
  ];
  return times.find((time) => time !== "") ?? "";
}

function nodeText(node: KubeObject): string {
  const info = mapAt(node, "status", "nodeInfo");
  return (
    fields([
      ["Addresses", listAt(node, "status", "addresses").map(addressText).join(", ")],
      ["Taints", listAt(node, "spec", "taints").map(taintText).join(", ")],
      ["Unschedulable", valueAt(node, "spec", "unschedulable") === true ? "true" : ""],
      ["System", pairs(info)],
      ["Capacity", pairs(valueAt(node, "status", "capacity"))],
      ["Allocatable", pairs(valueAt(node, "status", "allocatable"))],
    ]) + "\n"
  );
}

function podText(pod: KubeObject): string {
  const head = fields([
    ["Node", textAt(pod, "spec", "nodeName")],
    ["Status", textAt(pod, "status", "phase")],
    ["Reason", textAt(pod, "status", "reason")],
    ["Message", textAt(pod, "status", "message")],
    ["IP", textAt(pod, "status", "podIP")],
    ["QoS class", textAt(pod, "status", "qosClass")],
    ["Service account", textAt(pod, "spec", "serviceAccountName")],
    ["Runtime class", textAt(pod, "spec", "runtimeClassName")],
    ["Node selector", pairs(valueAt(pod, "spec", "nodeSelector"))],
    ["Pull secrets", listAt(pod, "spec", "imagePullSecrets").map(nameIn).join(", ")],
    ["Volumes", listAt(pod, "spec", "volumes").map(volumeText).join(", ")],
  ]);
  const groups = [
    ["Init containers", "initContainers", "initContainerStatuses"],
    ["Containers", "containers", "containerStatuses"],
    ["Ephemeral containers", "ephemeralContainers", "ephemeralContainerStatuses"],
  ] as const;
  const containers = groups.map(([title, specs, statuses]) => {
    const texts = listAt(pod, "spec", specs).map((spec) => containerText(spec, listAt(pod, "status", statuses)));
    return texts.length === 0 ? "" : `${title}:\n${texts.join("")}`;
  });
  return head + containers.join("");
}

function containerText(spec: Tree, statuses: readonly Tree[]): string {
  const name = textAt(spec, "name");
  const status = statuses.find((entry) => textAt(entry, "name") === name);
  const lines = fields([
    ["Image", textAt(spec, "image")],
    ["Command", list(valueAt(spec, "command"))],
    ["Args", list(valueAt(spec, "args"))],
    ["State", stateText(valueAt(status, "state"))],
    ["Last state", stateText(valueAt(status, "lastState"))],
    ["Ready", scalar(valueAt(status, "ready"))],
    ["Restarts", scalar(valueAt(status, "restartCount"))],
    ["Requests", pairs(valueAt(spec, "resources", "requests"))],
    ["Limits", pairs(valueAt(spec, "resources", "limits"))],
    [
      "Ports",
      listAt(spec, "ports")
        .map((port) => scalar(valueAt(port, "containerPort")))
        .join(", "),
    ],
    ["Environment", listAt(spec, "env").map(variableText).join(", ")],
    ["Environment from", listAt(spec, "envFrom").map(sourceText).join(", ")],
    ["Mounts", listAt(spec, "volumeMounts").map(mountText).join(", ")],
  ]);
  return `  ${plain(name)}:\n${indented(indented(lines))}`;
}

function conditionsText(object: KubeObject): string {
  const rows = listAt(object, "status", "conditions").map((condition) =>
    ["type", "status", "reason", "lastTransitionTime", "message"].map((key) => textAt(condition, key)),
  );
  if (rows.length === 0) return "";
  return `Conditions:\n${indented(columns([["TYPE", "STATUS", "REASON", "SINCE", "MESSAGE"], ...rows]))}`;
}

function stateText(state: Tree | undefined): string {
  if (!isTreeMap(state)) return "";
  return Object.entries(state)
    .map(([name, detail]) => {
      const more = pairs(detail);
      return more === "" ? name : `${name} (${more})`;
    })
    .join(", ");
}

function variableText(variable: Tree): string {
  const from = valueAt(variable, "valueFrom");
  const name = textAt(variable, "name");
  return from === undefined ? `${name}=${scalar(valueAt(variable, "value"))}` : `${name} <- ${referenceText(from)}`;
}

/** `secretKeyRef ngc-api-secret/NGC_API_KEY`. */
function referenceText(from: Tree): string {
  return Object.entries(isTreeMap(from) ? from : {})
    .map(([kind, target]) => `${kind} ${[textAt(target, "name"), textAt(target, "key")].filter(Boolean).join("/")}`)
    .join(", ");
}

function sourceText(source: Tree): string {
  return referenceText(source).trim();
}

function volumeText(volume: Tree): string {
  const entry = Object.entries(isTreeMap(volume) ? volume : {}).find(([key]) => key !== "name");
  const [kind = "", detail] = entry ?? [];
  return `${textAt(volume, "name")}=${kind}${isTreeMap(detail) && Object.keys(detail).length > 0 ? ` (${pairs(detail)})` : ""}`;
}

function mountText(mount: Tree): string {
  return `${textAt(mount, "mountPath")} from ${textAt(mount, "name")}`;
}

function ownerText(owner: Tree): string {
  return `${textAt(owner, "kind")}/${textAt(owner, "name")}`;
}

function addressText(address: Tree): string {
  return `${textAt(address, "type")} ${textAt(address, "address")}`;
}

function taintText(taint: Tree): string {
  return `${textAt(taint, "key")}=${textAt(taint, "value")}:${textAt(taint, "effect")}`;
}

function nameIn(reference: Tree): string {
  return textAt(reference, "name");
}

/** `a=1, b=2`; what is no scalar is left out. */
function pairs(map: Tree | undefined): string {
  if (!isTreeMap(map)) return "";
  return Object.keys(map)
    .filter((key) => !isTreeMap(own(map, key)) && !Array.isArray(own(map, key)))
    .map((key) => `${key}=${scalar(own(map, key))}`)
    .join(", ");
}

function list(value: Tree | undefined): string {
  return Array.isArray(value) ? value.map(scalar).join(" ") : "";
}

function scalar(value: Tree | undefined): string {
  if (value === undefined || value === null || typeof value === "object") return "";
  return String(value);
}

/** Rows `Name: value`; those without a value are left out. */
function fields(rows: readonly (readonly [name: string, value: string])[]): string {
  const there = rows.filter(([, value]) => value !== "");
  const width = Math.max(0, ...there.map(([name]) => name.length)) + 4;
  return there.map(([name, value]) => `${`${name}:`.padEnd(width)}${plain(value)}\n`).join("");
}

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, "  ");
}
