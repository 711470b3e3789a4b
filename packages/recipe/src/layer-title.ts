import { compactJson, numberText, type Tree } from "@slipway/base";
import type { Layer } from "./layer-history.ts";

const LONGEST = 80;

/** A layer in words, with its file. */
export function layerTitle(layer: Layer): string {
  if (layer.kind === "computed") return "computed from the criteria and the overlays";
  if (layer.kind === "set") return layer.name;
  if (layer.kind === "base" || layer.kind === "registry default") return `${layer.kind} (${layer.file})`;
  if (layer.kind === "overlay") return `overlay ${layer.name} (${layer.file})`;
  if (layer.kind === "override") return `override of ${layer.name} (${layer.file})`;
  return `${layer.kind} ${layer.file}${layer.name === undefined ? "" : ` (chosen by ${layer.name})`}`;
}

/** A value on one line, cut where it is long. */
export function shownValue(value: Tree): string {
  const text = typeof value === "number" ? numberText(value) : compactJson(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text;
}
