import type { Chart } from "../charts.ts";

/** Definition of a kind `Widget`, as the chart of its operator brings it. */
export const WIDGETS = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: widgets.example.com
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Widget, plural: widgets, singular: widget}
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
`;

const SETTINGS = `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-settings
  namespace: {{ .Release.Namespace }}
data:
  color: {{ .Values.color | quote }}
  size: {{ .Values.size | quote }}
`;

/** Charts for the components below: one of settings alone, one that brings a kind of its own and a workload. */
export const CHARTS: readonly Chart[] = [
  {
    name: "settings",
    version: "1.2.0",
    files: { "values.yaml": "color: none\nsize: small\n", "templates/settings.yaml": SETTINGS },
  },
  {
    name: "operator",
    version: "0.3.1",
    files: {
      "values.yaml": "color: none\nsize: small\nreplicas: 1\n",
      "crds/widgets.yaml": WIDGETS,
      "templates/settings.yaml": SETTINGS,
      "templates/deployment.yaml": `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  namespace: {{ .Release.Namespace }}
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {app: operator}}
  template:
    metadata: {labels: {app: operator}}
    spec: {containers: [{name: operator, image: example.com/operator}]}
`,
    },
  },
];

/**
 * A data directory: `zulu`, then `operator` with a widget, then `alpha`, and `node-agent` in kube-system last by name of
 * those without dependants. The order of names is not the order of dependencies.
 */
export function dataDirectory(repository: string): Readonly<Record<string, string>> {
  return {
    "registry.yaml": `components:
  - name: zulu
    helm: {defaultRepository: "${repository}", defaultChart: local/settings, defaultVersion: 1.2.0, defaultNamespace: zulu}
  - name: operator
    helm: {defaultRepository: "${repository}", defaultChart: local/operator, defaultVersion: v0.3.1, defaultNamespace: operators}
`,
    "overlays/base.yaml": `kind: RecipeMetadata
metadata: {name: base}
spec:
  componentRefs:
    - name: alpha
      type: Helm
      source: "${repository}"
      chart: settings
      version: 1.2.0
      namespace: alpha
      dependencyRefs: [operator]
      overrides: {color: "$(touch /tmp/never) and 'quotes'"}
    - name: node-agent
      type: Helm
      source: "${repository}"
      chart: settings
      version: 1.2.0
      namespace: kube-system
      dependencyRefs: [alpha]
    - name: operator
      valuesFile: components/operator/values.yaml
      dependencyRefs: [zulu]
      manifestFiles: [components/operator/manifests/widget.yaml]
    - name: zulu
      valuesFile: components/zulu/values.yaml
`,
    "components/zulu/values.yaml": "color: red\n",
    "components/operator/values.yaml": "color: green\nreplicas: 2\n",
    "components/operator/manifests/widget.yaml": `apiVersion: example.com/v1
kind: Widget
metadata:
  name: first
  namespace: {{ .Release.Namespace }}
spec:
  color: {{ index .Values "operator" "color" }}
`,
  };
}
