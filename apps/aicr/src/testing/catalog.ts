/** A small catalog for tests: two components, a base, and overlays for EKS, training on it, and newer clusters. */
export const TEST_CATALOG: Readonly<Record<string, string>> = {
  "registry.yaml": `kind: ComponentRegistry
apiVersion: aicr.nvidia.com/v1alpha1
components:
  - name: cert-manager
    displayName: cert-manager
    valueOverrideKeys: [certmanager]
    helm:
      defaultRepository: https://charts.jetstack.io
      defaultChart: jetstack/cert-manager
      defaultVersion: v1.17.2
      defaultNamespace: cert-manager
  - name: gpu-operator
    displayName: NVIDIA GPU Operator
    valueOverrideKeys: [gpuoperator]
    helm:
      defaultRepository: https://helm.ngc.nvidia.com/nvidia
      defaultChart: nvidia/gpu-operator
      defaultVersion: v25.10.1
      defaultNamespace: gpu-operator
    nodeScheduling:
      system:
        nodeSelectorPaths: [operator.nodeSelector]
        tolerationPaths: [operator.tolerations]
`,
  "overlays/base.yaml": `kind: RecipeMetadata
apiVersion: aicr.nvidia.com/v1alpha1
metadata:
  name: base
spec:
  constraints:
    - name: K8s.server.version
      value: ">= 1.30"
  componentRefs:
    - name: gpu-operator
      valuesFile: components/gpu-operator/values.yaml
      dependencyRefs: [cert-manager]
    - name: cert-manager
`,
  "overlays/eks.yaml": `kind: RecipeMetadata
apiVersion: aicr.nvidia.com/v1alpha1
metadata:
  name: eks
spec:
  criteria:
    service: eks
  componentRefs:
    - name: gpu-operator
      overrides:
        toolkit:
          enabled: false
`,
  "overlays/eks-training.yaml": `kind: RecipeMetadata
apiVersion: aicr.nvidia.com/v1alpha1
metadata:
  name: eks-training
spec:
  base: eks
  criteria:
    service: eks
    intent: training
  constraints:
    - name: K8s.server.version
      value: ">= 1.32"
`,
  "components/gpu-operator/values.yaml": `driver:
  version: "580.105.08"
toolkit:
  enabled: true
`,
};
