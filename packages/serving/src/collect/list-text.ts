import { writeYaml } from "@slipway/base";
import type { KubeObject } from "@slipway/kube";
import { redactObject } from "./redact-object.ts";

/** Objects as `kubectl get -o yaml` prints a list, one after the other, without secrets. */
export async function* listText(objects: readonly KubeObject[]): AsyncGenerator<string, void, undefined> {
  yield objects.length === 0 ? "apiVersion: v1\nitems: []\n" : "apiVersion: v1\nitems:\n";
  for (const object of objects) yield itemText(writeYaml(redactObject(object)));
  yield "kind: List\n";
}

function itemText(yaml: string): string {
  const lines = yaml.trimEnd().split("\n");
  return lines.map((line, index) => `${index === 0 ? "- " : indent(line)}${line}\n`).join("");
}

function indent(line: string): string {
  return line === "" ? "" : "  ";
}
