import { writeJson, writeYaml, type Io, type TreeMap } from "@slipway/base";
import { printable } from "@slipway/terminal";

/**
 * Prints a report: as a document, or as text in which nothing from the cluster can steer a terminal.
 *
 * @param text makes the text; it is not asked for a document
 */
export function writeReport(
  io: Pick<Io, "stdout">,
  format: "text" | "json" | "yaml",
  tree: TreeMap,
  text: (safe: (text: string) => string) => string,
): void {
  if (format === "json") return io.stdout.write(inert(writeJson(tree)));
  if (format === "yaml") return io.stdout.write(writeYaml(tree));
  return io.stdout.write(text(printable));
}

/** Such signs stand in texts only, where JSON has another way to write them. */
function inert(json: string): string {
  return json.replaceAll(
    /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
