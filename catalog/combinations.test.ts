import { readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { SlipwayError, group, type FileInfo, type Files, type TreeMap } from "@slipway/base";
import {
  componentValues,
  loadCatalog,
  openDataDirectory,
  resolve,
  type Catalog,
  type Criteria,
  type Recipe,
  type Resolution,
} from "@slipway/recipe";
import { combinations } from "../test/matrix/recipes.ts";
import { beforeAll, describe, expect, test } from "vitest";

// Resolves everything that can be asked of the catalog.

/** The catalog's folder, read-only. */
const FILES: Files = {
  info: (path) => infoOf(path),
  list: async (path) => {
    const names = (await readdir(path)).filter((name) => !name.endsWith(".ts")).toSorted();
    return Promise.all(names.map(async (name) => ({ name, ...(await infoOf(join(path, name))) })));
  },
  read: (path) => readFile(path),
  write: (path) => Promise.reject(new SlipwayError("NOT_ALLOWED", `the test does not write ${path}`)),
};

async function infoOf(path: string): Promise<FileInfo> {
  const info = await stat(path);
  return { kind: info.isDirectory() ? "directory" : "file", size: info.size };
}

let catalog: Catalog;
let resolutions: readonly Resolution[];

beforeAll(async () => {
  catalog = await loadCatalog([await openDataDirectory(FILES, import.meta.dirname)]);
  resolutions = combinations().map((criteria) => resolve(catalog, criteria, { version: "test" }));
});

/** The parts of `>= 1.32.4` as one number that orders versions. */
function floorOf(value: string): number {
  const [major = 0, minor = 0, patch = 0] = value.replace(">= ", "").split(".").map(Number);
  return (major * 1000 + minor) * 1000 + patch;
}

function describeCriteria(recipe: Recipe): string {
  return Object.values(recipe.criteria ?? {}).join("/");
}

test("the catalog loads without a warning", () => {
  expect(catalog.warnings).toEqual([]);
});

describe("every combination of criteria", () => {
  test("gives a recipe whose components have an origin and an order", () => {
    expect(resolutions).toHaveLength(7 * 9 * 3 * 6 * 4);
    const manifestsOnly = ["gke-nccl-tcpxo", "nodewright-customizations"];
    const astray = resolutions.flatMap(({ recipe }) =>
      recipe.components
        .filter(({ name, source, version, tag }) => !manifestsOnly.includes(name) && !(source && (version ?? tag)))
        .map(({ name }) => `${describeCriteria(recipe)}: ${name}`),
    );
    expect(astray).toEqual([]);
    const unordered = resolutions.filter(({ recipe }) => recipe.deploymentOrder.length !== recipe.components.length);
    expect(unordered).toEqual([]);
  });

  test("honours each criterion, except a platform that goes with another intent", () => {
    const unhonoured = resolutions.filter(({ unhonoured: fields, recipe }) => {
      const { intent, platform } = recipe.criteria ?? {};
      const fits = platform === "kubeflow" ? intent === "training" : intent === "inference";
      const expected = platform !== undefined && !fits ? ["platform"] : [];
      return fields.join() !== expected.join();
    });
    expect(unhonoured.map(({ recipe }) => describeCriteria(recipe))).toEqual([]);
  });

  test("keeps the highest Kubernetes version that one of its overlays asks for", () => {
    const lowered = resolutions.filter(({ recipe, overlays }) => {
      const name = "K8s.server.version";
      const floors = overlays.flatMap((overlay) =>
        overlay.constraints.filter((constraint) => constraint.name === name),
      );
      const [kept] = recipe.constraints.filter((constraint) => constraint.name === name);
      return floorOf(kept?.value ?? "") !== Math.max(...floors.map(({ value }) => floorOf(value)));
    });
    expect(lowered.map(({ recipe }) => describeCriteria(recipe))).toEqual([]);
  });

  test("has values that can be read, one set for each use of a component", async () => {
    const uses = new Map(
      resolutions.flatMap(({ recipe }) =>
        recipe.components.map((component) => {
          const { name, valuesFile, overrides } = component;
          return [JSON.stringify({ name, valuesFile, overrides }), component] as const;
        }),
      ),
    );
    const read = await group(
      8,
      [...uses.values()].map((component) => async () => componentValues(catalog, component)),
    );
    expect(read.length).toBeGreaterThan(60);
  });
});

describe("what matters about single recipes", () => {
  const recipeFor = (criteria: Criteria): Recipe => resolve(catalog, criteria, { version: "test" }).recipe;

  async function valuesOf(criteria: Criteria, name: string): Promise<TreeMap> {
    const component = recipeFor(criteria).components.find((candidate) => candidate.name === name);
    if (component === undefined) throw new Error(`no ${name}`);
    return componentValues(catalog, component);
  }

  test("H200 on EKS for training gets the service, the accelerator and the intent", () => {
    const recipe = recipeFor({ service: "eks", accelerator: "h200", intent: "training" });
    expect(recipe.metadata.appliedOverlays).toEqual([
      "base",
      "eks",
      "h200",
      "training",
      "eks-training",
      "h200-eks-training",
    ]);
    expect(recipe.deploymentOrder).toEqual([
      "aws-ebs-csi-driver",
      "aws-efa",
      "cert-manager",
      "kube-prometheus-stack",
      "k8s-ephemeral-storage-metrics",
      "nfd",
      "nodewright-operator",
      "nodewright-customizations",
      "gpu-operator",
      "kai-scheduler",
      "nvidia-dra-driver-gpu",
      "nvsentinel",
      "prometheus-adapter",
    ]);
    expect(recipe.constraints).toEqual([{ name: "K8s.server.version", value: ">= 1.32.4" }]);
    expect(recipe.validation.deployment?.constraints).toEqual([
      { name: "Deployment.gpu-operator.version", value: ">= v24.6.0" },
    ]);
    expect(recipe.validation.performance).toEqual({
      checks: ["nccl-all-reduce-bw"],
      constraints: [{ name: "nccl-all-reduce-bw", value: ">= 300" }],
    });
    expect(recipe.validation.conformance?.checks).toContain("gang-scheduling");
  });

  test("self-managed is the base with what the other axes add", () => {
    const rest: Criteria = { accelerator: "l40s", intent: "inference", os: "rhel", platform: "nim" };
    const { components, constraints } = recipeFor({ service: "self-managed", ...rest });
    expect({ components, constraints }).toEqual({
      components: recipeFor(rest).components,
      constraints: recipeFor(rest).constraints,
    });
  });

  test("where the node image has the driver, the operator installs none and DRA looks in the right place", async () => {
    const driverOf = async (criteria: Criteria): Promise<unknown> => {
      const operator = await valuesOf(criteria, "gpu-operator");
      const dra = await valuesOf(criteria, "nvidia-dra-driver-gpu");
      return { driver: operator["driver"], root: dra["nvidiaDriverRoot"] };
    };
    const disabled = expect.objectContaining({ enabled: false });
    expect(await driverOf({ service: "gke", os: "cos" })).toEqual({
      driver: disabled,
      root: "/home/kubernetes/bin/nvidia",
    });
    expect(await driverOf({ service: "oke" })).toEqual({ driver: disabled, root: "/" });
    expect(await driverOf({ service: "kind" })).toEqual({ driver: disabled, root: "/" });
    expect(await driverOf({ service: "eks" })).toEqual({
      driver: expect.objectContaining({ enabled: true, version: "580.105.08" }),
      root: "/run/nvidia/driver",
    });
  });
});
