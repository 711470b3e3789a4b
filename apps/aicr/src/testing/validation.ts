import { inWorkplace, type Workplace } from "./aicr.ts";

const VALIDATORS = `kind: ValidatorCatalog
validators:
  - {name: operator-health, phase: deployment, check: operator-health, components: [gpu-operator]}
  - {name: smi, phase: deployment, image: "registry.example.com/v/smi:v1", permissions: [], remediation: Look at the driver.}
  - {name: nccl, phase: performance, image: "registry.example.com/v/nccl:v1", permissions: []}
  - {name: dra-support, phase: conformance, check: dra-support}
remediations:
  - {match: K8s.server.version, text: "Upgrade from {actual} to {expected}."}
`;

/** A snapshot with a server of a version. */
export const snapshot = (version: string): string =>
  JSON.stringify({
    kind: "Snapshot",
    apiVersion: "aicr.nvidia.com/v1alpha1",
    measurements: [{ type: "K8s", subtypes: [{ subtype: "server", data: { version } }] }],
  });

/** A recipe that names checks of the deployment phase. */
export const recipe = (checks: string, more = ""): string => `kind: RecipeResult
apiVersion: aicr.nvidia.com/v1alpha1
constraints:
  - {name: K8s.server.version, value: ">= 1.32"}
  - {name: OS.release.ID, value: ubuntu}
componentRefs:
  - {name: gpu-operator, namespace: gpu-operator, type: Helm, source: https://charts.example.com, chart: gpu-operator, version: v25.10.1}
deploymentOrder: [gpu-operator]
validation:
  deployment: {checks: [${checks}]}
${more}`;

const FILES = {
  "r.yaml": recipe("operator-health"),
  "good.json": snapshot("v1.33.1"),
  "old.json": snapshot("v1.30.4"),
  "data/registry.yaml": "components: []\n",
  "data/validators/catalog.yaml": VALIDATORS,
};

/** A folder with the data above, and more files. */
export function validationWorkplace(
  action: (place: Workplace) => Promise<void>,
  files: Readonly<Record<string, string>> = {},
): Promise<void> {
  return inWorkplace({ ...FILES, ...files }, action);
}
