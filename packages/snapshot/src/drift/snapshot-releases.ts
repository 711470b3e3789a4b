import { compareBytes } from "@slipway/base";
import { readingText } from "../decode-snapshot.ts";
import type { Snapshot } from "../model.ts";
import type { InstalledRelease } from "./drift-model.ts";

/** The parts of a release in a snapshot, behind the last dot of a key of K8s `helm`. */
const KEY = /^([^/]+)\/(.+)\.(app-version|chart|revision|status|version)$/;

/** The releases that a snapshot tells of (`K8s.helm`), by namespace and name. */
export function releasesOfSnapshot({ measurements }: Snapshot): readonly InstalledRelease[] {
  const parts = new Map<string, { namespace: string; name: string; found: Map<string, string> }>();
  for (const { type, subtypes } of measurements) {
    if (type !== "K8s") continue;
    for (const { data } of subtypes.filter(({ name }) => name === "helm")) {
      for (const [key, value] of data) {
        const [, namespace = "", name = "", part = ""] = KEY.exec(key) ?? [];
        if (part === "") continue;
        const id = `${namespace}/${name}`;
        const release = parts.get(id) ?? { namespace, name, found: new Map<string, string>() };
        parts.set(id, release);
        release.found.set(part, readingText(value));
      }
    }
  }
  return [...parts]
    .sort(([left], [right]) => compareBytes(left, right))
    .map(([, { namespace, name, found }]) => ({
      namespace,
      name,
      chart: found.get("chart") ?? "",
      version: found.get("version") ?? "",
      appVersion: found.get("app-version") ?? "",
      status: found.get("status") ?? "",
    }));
}
