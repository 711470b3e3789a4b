import type { TreeMap } from "@slipway/base";
import type { Explanation, ExplainStep, LeafExplanation } from "./explain.ts";
import { layerTitle, shownValue } from "./layer-title.ts";

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
  const last = steps.at(-1);
  const removed = last === undefined ? "(removed)" : `(removed by ${layerTitle(last.layer)})`;
  return `${path === "" ? "." : path}: ${value === undefined ? removed : shownValue(value)}\n${rows.join("")}`;
}

function stepText({ value }: ExplainStep): string {
  return value === undefined ? "(taken away)" : shownValue(value);
}

/** An explanation for programs: the same facts, the deciding step of each value marked. */
export function explanationTree({ selector, leaves, omitted }: Explanation): TreeMap {
  return {
    selector,
    leaves: leaves.map(({ path, value, steps }) => ({
      path,
      ...(value === undefined ? { removed: true } : { value }),
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
