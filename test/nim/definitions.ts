import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { listAt, parseYaml, textAt } from "@slipway/base";
import { RESOURCES, isNotFound, kubeObject, nameOf, waitFor, type KubeApi, type KubeObject } from "@slipway/kube";
import { nimDefinitions, type Generation } from "@slipway/sim";
import { eventually } from "../control-plane.ts";

/** The operator's own definitions, where they lie beside the checkout; no test needs them. */
const REFERENCE = join(import.meta.dirname, "../../../shared/reference/crds");
const FOLDERS: Readonly<Record<Generation, string>> = {
  "3.0": "nim-operator-v3.0.0",
  "3.1": "nim-operator-v3.1.2",
  head: ".",
};

/** Where definitions come from: `ours`, or the operator's own where they are there. */
export type Origin = "ours" | "the operator's";

/** The origins that this machine has. */
export async function origins(): Promise<readonly Origin[]> {
  const isThere = await access(REFERENCE).then(
    () => true,
    () => false,
  );
  return isThere ? ["ours", "the operator's"] : ["ours"];
}

/** The definitions of NIMCache and NIMService of a release. */
export async function definitionsOf(generation: Generation, origin: Origin): Promise<readonly KubeObject[]> {
  if (origin === "ours") return nimDefinitions(generation);
  const paths = ["nimcaches", "nimservices"].map((plural) =>
    join(REFERENCE, FOLDERS[generation], `apps.nvidia.com_${plural}.yaml`),
  );
  return await Promise.all(paths.map(async (path) => kubeObject(parseYaml(await readFile(path, "utf8")), path)));
}

const CRDS = RESOURCES.customResourceDefinitions;

/** Puts definitions in place of those of the same names; all objects of their kinds go. */
export async function installDefinitions(api: KubeApi, definitions: readonly KubeObject[]): Promise<void> {
  await Promise.all(definitions.map(async (definition) => await remove(api, nameOf(definition))));
  await Promise.all(definitions.map(async (definition) => await api.create(CRDS, definition)));
  await Promise.all(
    definitions.map(async (definition) => {
      await waitFor(api, CRDS, nameOf(definition), isEstablished, { until: "to be established", timeoutMs: 60_000 });
      const [plural = ""] = nameOf(definition).split(".");
      const path = `/apis/${textAt(definition, "spec", "group")}/${versionOf(definition)}/${plural}`;
      await eventually(async () => await api.read(path));
    }),
  );
}

async function remove(api: KubeApi, name: string): Promise<void> {
  try {
    await api.delete(CRDS, name);
  } catch (error) {
    if (isNotFound(error)) return;
    throw error;
  }
  await waitFor(api, CRDS, name, (there) => there === undefined, { until: "to be gone", timeoutMs: 60_000 });
}

function isEstablished(definition: KubeObject | undefined): boolean {
  return listAt(definition, "status", "conditions").some(
    (condition) => textAt(condition, "type") === "Established" && textAt(condition, "status") === "True",
  );
}

function versionOf(definition: KubeObject): string {
  return textAt(listAt(definition, "spec", "versions")[0], "name");
}
