import { access, constants } from "node:fs/promises";
import { join } from "node:path";
import { SlipwayError } from "@slipway/base";
import { builtPrograms, type BuildOptions } from "./build.ts";
import type { PartName, Program } from "./part.ts";

/** The programs of a control plane, ready to run. */
export interface ControlPlanePrograms {
  readonly parts: Readonly<Record<PartName, Program>>;
  /** YAML: what makes kwok's kinds known to the API server. */
  readonly kwokDefinitions: string;
  /** YAML: the stages that kwok's nodes and pods pass through. */
  readonly kwokStages: string;
}

/** Parts that a directory of test binaries may hold; a cluster without the first two is none. */
const FROM_ASSETS = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"] as const;
const NEEDED_ASSETS: readonly PartName[] = ["etcd", "kube-apiserver"];

/**
 * Finds the programs of a control plane: builds them once with Go and keeps them in the user's cache. Those that the
 * directory KUBEBUILDER_ASSETS holds are taken from there.
 *
 * @throws SlipwayError NOT_FOUND when Go is missing or too old, or KUBEBUILDER_ASSETS lacks what it must hold
 */
export async function controlPlanePrograms(options: BuildOptions): Promise<ControlPlanePrograms> {
  const assets = await assetsOf(options.env["KUBEBUILDER_ASSETS"]);
  const built = await builtPrograms(options);
  const part = (name: PartName): Program => {
    return assets.get(name) ?? { path: built.controlPlane, args: [name], endsWithInput: true };
  };
  return {
    parts: {
      etcd: part("etcd"),
      "kube-apiserver": part("kube-apiserver"),
      "kube-controller-manager": part("kube-controller-manager"),
      "kube-scheduler": part("kube-scheduler"),
      kwok: { path: built.kwok, args: [], endsWithInput: true },
    },
    kwokDefinitions: built.kwokDefinitions,
    kwokStages: built.kwokStages,
  };
}

async function assetsOf(directory: string | undefined): Promise<ReadonlyMap<PartName, Program>> {
  const found = new Map<PartName, Program>();
  if (directory === undefined || directory === "") return found;
  for (const name of FROM_ASSETS) {
    const path = join(directory, name);
    if (await isExecutable(path)) found.set(name, { path, args: [], endsWithInput: false });
  }
  const missing = NEEDED_ASSETS.filter((name) => !found.has(name));
  if (missing.length > 0) {
    throw new SlipwayError("NOT_FOUND", `KUBEBUILDER_ASSETS=${directory} lacks ${missing.join(" and ")}`, {
      hint: "Name the directory that `setup-envtest use -p path` prints, or unset KUBEBUILDER_ASSETS to build with Go.",
    });
  }
  return found;
}

async function isExecutable(path: string): Promise<boolean> {
  return await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
