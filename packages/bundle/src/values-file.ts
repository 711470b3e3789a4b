import { sortedTree, writeYaml } from "@slipway/base";
import { textFile, type BundleComponent, type BundleFile } from "./model.ts";

/** `NAME/values.yaml`: the values of a component, keys sorted; an empty document when there are none. */
export function valuesFile({ name, values }: BundleComponent): BundleFile {
  const body = Object.keys(values).length === 0 ? "" : writeYaml(sortedTree(values));
  return textFile(`${name}/values.yaml`, `# Values of this component, made by aicr bundle.\n---\n${body}`);
}
