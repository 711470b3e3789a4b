import { compactJson, numberText, type Tree, type TreeMap } from "@slipway/base";
import type { Explanation, ExplainStep, LeafExplanation } from "./explain.ts";
import type { Layer } from "./layer-history.ts";

/**
 * An explanation for people: each value with the layers that set it, oldest first, an asterisk at the one that decided.
 *
 * @returns text that ends with a newline
 */
export function explanationText({ leaves, omitted }: Explanation): string {
  const blocks = leaves.map(leafText);
  if (omitted > 0) blocks.push(`... and ${omitted} more values; name a path further down to see them\n`);
  return blocks.join("\n");
}

function leafText({ path, value, steps }: LeafExplanation): string {
  const titles = steps.map(({ layer }) => layerTitle(layer));
  const width = Math.max(...titles.map((title) => title.length));
  const rows = steps.map((step, index) => {
    const mark = index === steps.length - 1 ? "*" : " ";
    return `  ${mark} ${(titles[index] ?? "").padEnd(width)}  ${stepText(step)}\n`;
  });
  return `${path === "" ? "." : path}: ${shown(value)}\n${rows.join("")}`;
}

function stepText({ value }: ExplainStep): string {
  return value === undefined ? "(taken away)" : shown(value);
}

const LONGEST = 80;

function shown(value: Tree): string {
  const text = typeof value === "number" ? numberText(value) : compactJson(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text;
}

function layerTitle(layer: Layer): string {
  if (layer.kind === "registry default") return layer.kind;
  if (layer.kind === "computed") return "computed from the criteria and the overlays";
  if (layer.kind === "set") return layer.name;
  if (layer.kind === "base") return `base (${layer.file})`;
  if (layer.kind === "overlay") return `overlay ${layer.name} (${layer.file})`;
  if (layer.kind === "override") return `override of ${layer.name} (${layer.file})`;
  return `${layer.kind} ${layer.file}${layer.name === undefined ? "" : ` (chosen by ${layer.name})`}`;
}

/** An explanation for programs: the same facts, the deciding step of each value marked. */
export function explanationTree({ selector, leaves, omitted }: Explanation): TreeMap {
  return {
    selector,
    leaves: leaves.map(({ path, value, steps }) => ({
      path,
      value,
      steps: steps.map((step, index) => stepTree(step, index === steps.length - 1)),
    })),
    omitted,
  };
}

function stepTree({ layer, value }: ExplainStep, decided: boolean): TreeMap {
  const { kind, ...where } = layer;
  const named = Object.entries(where).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    layer: kind,
    ...Object.fromEntries(named),
    ...(value === undefined ? { removed: true } : { value }),
    decided,
  };
}
