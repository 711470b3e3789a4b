import { isTreeMap, own, writeYaml, type Tree, type TreeMap } from "@slipway/base";
import type { Manifest } from "../../model.ts";

const HELM_HOOK = /^helm\.sh\/hook/;
const AFTER_CHART = { "argocd.argoproj.io/sync-wave": "1" };

/**
 * A manifest as Argo CD must see it. Argo CD reads helm's hook annotations of plain manifests too: such an object would be
 * no part of the Application, and `hook-succeeded` would delete it again. So they are taken out, and an object of a kind
 * that the chart brings goes to a later wave of the sync instead.
 *
 * @returns the content as it was where nothing of this applies
 */
export function argocdManifest(manifest: Manifest, hasChart: boolean): string {
  const isLater = hasChart && !manifest.isEarly;
  if (!isLater && !manifest.content.includes("helm.sh/hook")) return manifest.content;
  return manifest.documents.map((document) => writeYaml(adapted(document, isLater))).join("---\n");
}

function adapted(document: Tree, isLater: boolean): Tree {
  if (!isTreeMap(document)) return document;
  const metadata = mapAt(document, "metadata");
  const kept = Object.entries(mapAt(metadata, "annotations")).filter(([name]) => !HELM_HOOK.test(name));
  const annotations = { ...(isLater ? AFTER_CHART : {}), ...Object.fromEntries(kept) };
  const { annotations: _, ...others } = metadata;
  const filled = Object.keys(annotations).length === 0 ? others : { ...others, annotations };
  return { ...document, metadata: filled };
}

function mapAt(map: TreeMap, key: string): TreeMap {
  const value = own(map, key);
  return isTreeMap(value) ? value : {};
}
