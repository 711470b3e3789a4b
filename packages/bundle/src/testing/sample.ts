import { SlipwayError, type TreeMap } from "@slipway/base";
import type { Catalog, ComponentRef, Recipe, RegistryComponent } from "@slipway/recipe";
import { fakeCatalog, fakeRecipe, fakeRegistryComponent } from "@slipway/recipe/testing";
import type { BundleFile, BundleOptions } from "../model.ts";

/** A catalog with values files and texts (manifests) by path. */
export function sampleCatalog(
  registry: readonly RegistryComponent[],
  values: Readonly<Record<string, TreeMap>> = {},
  texts: Readonly<Record<string, string>> = {},
): Catalog {
  const files = new Map(Object.entries(texts));
  const catalog = fakeCatalog({ registry, values });
  return {
    ...catalog,
    text: (path) => Promise.resolve(files.get(path)),
    files: () => [...catalog.files(), ...files.keys()],
  };
}

/** The options of a helm bundle without flags, with what differs. */
export function sampleOptions(options: Partial<BundleOptions> = {}): BundleOptions {
  return { deployer: "helm", overrides: [], scheduling: {}, version: "1.2.3", ...options };
}

const OPERATOR: RegistryComponent = {
  ...fakeRegistryComponent("gpu-operator", ["gpuoperator"]),
  system: {
    nodeSelectorPaths: ["operator.nodeSelector"],
    tolerationPaths: ["operator.tolerations"],
    taintStrPaths: [],
  },
};

const SETTINGS = `{{- $values := index .Values "gpu-operator" -}}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ $values.settings.name }}
  namespace: {{ .Release.Namespace }}
  labels:
    helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
`;

const POLICY = `apiVersion: nvidia.com/v1
kind: ClusterPolicy
metadata:
  name: policy
  annotations:
    helm.sh/hook: post-install
    helm.sh/hook-delete-policy: hook-succeeded
`;

const TUNING = `apiVersion: skyhook.nvidia.com/v1alpha1
kind: Skyhook
metadata:
  name: tuning
  namespace: skyhook
`;

/** What the sample recipe is made from. */
export const SAMPLE_CATALOG: Catalog = sampleCatalog(
  [OPERATOR, fakeRegistryComponent("tuning")],
  { "components/gpu-operator/values.yaml": { settings: { name: "settings" }, driver: { version: "570.10" } } },
  { "manifests/settings.yaml": SETTINGS, "manifests/policy.yaml": POLICY, "manifests/tuning.yaml": TUNING },
);

const COMPONENTS: readonly ComponentRef[] = [
  {
    name: "cert-manager",
    type: "Helm",
    namespace: "cert-manager",
    source: "oci://quay.io/jetstack/charts",
    version: "v1.17.2",
  },
  {
    name: "gpu-operator",
    type: "Helm",
    namespace: "gpu-operator",
    chart: "gpu-operator",
    source: "https://helm.ngc.nvidia.com/nvidia",
    version: "v25.10.1",
    valuesFile: "components/gpu-operator/values.yaml",
    dependencyRefs: ["cert-manager"],
    manifestFiles: ["manifests/settings.yaml", "manifests/policy.yaml"],
  },
  {
    name: "trainer",
    type: "Kustomize",
    source: "https://github.com/kubeflow/trainer",
    path: "manifests/overlays/manager",
    tag: "v2.1.0",
    dependencyRefs: ["cert-manager"],
  },
  {
    name: "tuning",
    type: "Helm",
    namespace: "skyhook",
    dependencyRefs: ["gpu-operator", "trainer"],
    manifestFiles: ["manifests/tuning.yaml"],
  },
];

/** A recipe with every kind of component: a chart of an OCI registry, one with manifests, a kustomization, manifests. */
export const SAMPLE_RECIPE: Recipe = {
  ...fakeRecipe(COMPONENTS),
  criteria: { service: "eks", intent: "training", platform: "kubeflow" },
  constraints: [{ name: "K8s.server.version", value: ">= 1.32" }],
};

/** The text of a file of a bundle. */
export function contentOf(files: readonly BundleFile[], path: string): string {
  const content = files.find((file) => file.path === path)?.content;
  if (typeof content === "string") return content;
  throw new SlipwayError("NOT_FOUND", `no text file ${path} among ${files.map((file) => file.path).join(", ")}`);
}
