import type { Io } from "@slipway/base";
import type { LineFormat, PodContainer } from "@slipway/serving/logs";
import { painter, printable } from "@slipway/terminal";

/** Cyan, yellow, green, magenta, blue, and their bright sisters (ECMA-48, SGR). */
const COLOURS = [36, 33, 32, 35, 34, 96, 93, 92, 95, 94];

/**
 * How the lines of containers look: `[pod/container] text`, as the original prints them. On a terminal the prefix of each
 * container has a colour of its own, and control characters other than colours are shown rather than obeyed.
 */
export function logFormat(
  { stdout, env }: Pick<Io, "stdout" | "env">,
  { prefix, timestamps }: { readonly prefix: boolean; readonly timestamps: boolean },
): (container: PodContainer) => LineFormat {
  const colours = new Map<string, number>();
  const isColoured = painter(stdout, env)("bold", "x") !== "x";
  return ({ pod, container }) => {
    const name = `[${printable(pod)}/${printable(container)}]`;
    const colour = colours.get(name) ?? COLOURS[colours.size % COLOURS.length] ?? 0;
    colours.set(name, colour);
    const shown = isColoured ? `\u001b[${colour}m${name}\u001b[39m` : name;
    return {
      prefix: prefix ? `${shown} ` : "",
      timestamps,
      ...(stdout.isTerminal ? { render: (text: string) => terminalLine(text, isColoured) } : {}),
    };
  };
}

const SGR = /(\u001b\[[\d;]*m)/;

/** A line that a container wrote, for a terminal: its colours stay and end with it. */
export function terminalLine(text: string, isColoured: boolean): string {
  const parts = text.replace(/\r$/, "").split(SGR);
  if (parts.length === 1) return printable(parts[0] ?? "");
  const shown = parts.map((part, index) => {
    if (index % 2 === 0) return printable(part);
    return isColoured ? part : "";
  });
  return `${shown.join("")}${isColoured ? "\u001b[0m" : ""}`;
}
