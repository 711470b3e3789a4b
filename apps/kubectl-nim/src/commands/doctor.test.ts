import { RESOURCES, type Resource } from "@slipway/kube";
import type { Cluster } from "@slipway/kube/testing";
import { expect, test } from "vitest";
import { inNimCluster } from "../testing/nim.ts";

const SLICES: Resource = {
  group: "discovery.k8s.io",
  version: "v1",
  plural: "endpointslices",
  kind: "EndpointSlice",
  namespaced: true,
};
const OPTIONS = { resources: [SLICES, RESOURCES.clusterPolicies], unsettled: ["Pod"] };

function put(
  cluster: Cluster,
  apiVersion: string,
  kind: string,
  name: string,
  rest: object = {},
  metadata: object = {},
): void {
  cluster.put({ apiVersion, kind, metadata: { name, ...metadata }, ...rest });
}

function putDefinition(cluster: Cluster, plural: string, kind: string, version = "v1alpha1"): void {
  const rule = "!(has(self.scale) && self.scale.enabled && has(self.replicas))";
  const properties = {
    spec: {
      required: ["image", "authSecret"],
      "x-kubernetes-validations": [{ rule }],
      properties: { replicas: { minimum: 0 } },
    },
  };
  const versions = [{ name: version, served: true, storage: true, schema: { openAPIV3Schema: { properties } } }];
  const spec = { group: "apps.nvidia.com", scope: "Namespaced", names: { plural, kind }, versions };
  put(cluster, "apiextensions.k8s.io/v1", "CustomResourceDefinition", `${plural}.apps.nvidia.com`, { spec });
}

/** A cluster where everything is as it should be. */
function putAll(cluster: Cluster): void {
  putDefinition(cluster, "nimservices", "NIMService");
  putDefinition(cluster, "nimcaches", "NIMCache");
  const operator = { "app.kubernetes.io/name": "k8s-nim-operator" };
  const ready = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] };
  const image = "nvcr.io/nvidia/cloud-native/k8s-nim-operator:v3.1.2";
  put(
    cluster,
    "v1",
    "Pod",
    "operator",
    { spec: { containers: [{ name: "manager", image }] }, status: ready },
    { namespace: "nim-operator", labels: operator },
  );
  const service = { namespace: "nim-operator", name: "webhook" };
  const webhooks = [{ name: "w", rules: [{ apiGroups: ["apps.nvidia.com"] }], clientConfig: { service } }];
  put(cluster, "admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", "nim", { webhooks });
  put(
    cluster,
    "discovery.k8s.io/v1",
    "EndpointSlice",
    "webhook-1",
    { endpoints: [{ conditions: { ready: true } }] },
    { namespace: "nim-operator", labels: { "kubernetes.io/service-name": "webhook" } },
  );
  put(cluster, "nvidia.com/v1", "ClusterPolicy", "cluster-policy", { status: { state: "ready" } });
  put(cluster, "node.k8s.io/v1", "RuntimeClass", "nvidia", { handler: "nvidia" });
  const amounts = { "nvidia.com/gpu": "8" };
  const labels = {
    "nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3",
    "feature.node.kubernetes.io/pci-10de.present": "true",
  };
  put(cluster, "v1", "Node", "h1", { status: { capacity: amounts, allocatable: amounts } }, { labels });
  put(
    cluster,
    "storage.k8s.io/v1",
    "StorageClass",
    "nfs",
    { provisioner: "nfs.csi.k8s.io" },
    { annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
  );
  put(cluster, "storage.k8s.io/v1", "StorageClass", "disk", { provisioner: "ebs.csi.aws.com" });
  const config = btoa(`{"auths":{"nvcr.io":{"username":"$oauthtoken","password":"nvapi-hidden"}}}`);
  put(
    cluster,
    "v1",
    "Secret",
    "ngc-secret",
    { type: "kubernetes.io/dockerconfigjson", data: { ".dockerconfigjson": config } },
    { namespace: "nim" },
  );
  put(
    cluster,
    "v1",
    "Secret",
    "ngc-api-secret",
    { type: "Opaque", data: { NGC_API_KEY: btoa("nvapi-hidden") } },
    { namespace: "nim" },
  );
  put(
    cluster,
    "v1",
    "Secret",
    "hf-api-secret",
    { type: "Opaque", data: { HF_TOKEN: btoa("hf-hidden") } },
    { namespace: "nim" },
  );
}

test("everything is there", async () => {
  await inNimCluster(async ({ cluster, both }) => {
    putAll(cluster);
    expect(await both("doctor")).toMatchInlineSnapshot(`
      {
        "err": "",
        "exit": 0,
        "out": "STATUS    CHECK                        FOUND
      ok        API server                   v1.34.5 at $SERVER
      ok        NIMService definition        v1alpha1, as in release 3.1
      ok        NIMCache definition          v1alpha1
      ok        NIM Operator                 v3.1.2, 1 of 1 pod ready in namespace nim-operator
      ok        admission webhook            service nim-operator/webhook answers
      ok        GPU Operator                 ClusterPolicy cluster-policy is ready
      ok        runtime class                nvidia
      ok        GPUs NVIDIA-H100-80GB-HBM3   8 of 8 free on 1 node
      ok        node labels                  1 node with feature.node.kubernetes.io/pci-10de.present=true
      ok        storage class                nfs (nfs.csi.k8s.io), the default one: several nodes can share a volume
      ok        secret ngc-secret            for nvcr.io
      ok        secret ngc-api-secret        has the key NGC_API_KEY
      ok        secret hf-api-secret         has the key HF_TOKEN
      ok        own rights                   create nimservices, delete nimservices, create nimcaches, get pods/log, create pods/portforward

      14 ok
      ",
      }
    `);
    const { out } = await both("doctor -o json");
    expect(out).not.toContain("hidden");
    const { namespace, summary, checks } = JSON.parse(out);
    expect([namespace, summary, checks.length, checks[1]]).toEqual([
      "nim",
      "14 ok",
      14,
      { name: "NIMService definition", status: "ok", found: "v1alpha1, as in release 3.1" },
    ]);
    expect(cluster.writes).toEqual([]);
  }, OPTIONS);
});

test("nothing is there", async () => {
  await inNimCluster(async ({ both }) => {
    const { exit, out, err } = await both("doctor -n other");
    expect([exit, err]).toEqual([1, ""]);
    expect(out).toMatchInlineSnapshot(`
      "STATUS    CHECK                   FOUND
      ok        API server              v1.34.5 at $SERVER
      failed    NIMService definition   not installed
                                        Install the NIM Operator, which brings it along.
                                        helm upgrade --install nim-operator k8s-nim-operator --repo https://helm.ngc.nvidia.com/nvidia -n nim-operator --create-namespace
      failed    NIMCache definition     not installed
                                        Install the NIM Operator, which brings it along.
                                        helm upgrade --install nim-operator k8s-nim-operator --repo https://helm.ngc.nvidia.com/nvidia -n nim-operator --create-namespace
      failed    NIM Operator            no pod of it in any namespace
                                        Install it.
                                        helm upgrade --install nim-operator k8s-nim-operator --repo https://helm.ngc.nvidia.com/nvidia -n nim-operator --create-namespace
      ok        admission webhook       none: mistakes in a spec show only when the operator comes to them
      warning   GPU Operator            no ClusterPolicy: driver, device plugin and labels must come from elsewhere
                                        Install the GPU Operator unless something else does its work.
                                        helm upgrade --install gpu-operator gpu-operator --repo https://helm.ngc.nvidia.com/nvidia -n gpu-operator --create-namespace
      warning   runtime class           there is no runtime class nvidia
                                        The GPU Operator makes it. Without it, leave spec.runtimeClassName out.
                                        helm upgrade --install gpu-operator gpu-operator --repo https://helm.ngc.nvidia.com/nvidia -n gpu-operator --create-namespace
      failed    GPUs                    no node has NVIDIA GPUs
                                        Add a node with GPUs. If there is one, Node Feature Discovery has not labelled it.
                                        kubectl get nodes --show-labels
      failed    storage class           there is none
                                        Install a storage driver.
                                        kubectl get storageclasses
      failed    namespace               namespace "other" does not exist
                                        Create it, or name another one with -n.
                                        kubectl create namespace other
      failed    secret ngc-secret       not in namespace "other"; images are pulled with it
                                        Make it.
                                        kubectl nim secret ngc -n other
      failed    secret ngc-api-secret   not in namespace "other"; models are downloaded with it
                                        Make it.
                                        kubectl nim secret ngc -n other
      warning   secret hf-api-secret    not in namespace "other"; needed for models of Hugging Face
                                        Make it.
                                        kubectl nim secret hf -n other
      ok        own rights              create nimservices, delete nimservices, create nimcaches, get pods/log, create pods/portforward

      8 failed, 3 warnings, 3 ok
      "
    `);
  }, OPTIONS);
});

test("everything is there and something is wrong with it", async () => {
  await inNimCluster(async ({ cluster, both }) => {
    putAll(cluster);
    putDefinition(cluster, "nimcaches", "NIMCache", "v2");
    cluster.put({
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        name: "operator",
        namespace: "nim-operator",
        labels: { "app.kubernetes.io/name": "k8s-nim-operator" },
      },
      status: { phase: "Pending" },
    });
    put(
      cluster,
      "discovery.k8s.io/v1",
      "EndpointSlice",
      "webhook-1",
      { endpoints: [{ conditions: { ready: false } }] },
      { namespace: "nim-operator", labels: { "kubernetes.io/service-name": "webhook" } },
    );
    put(cluster, "nvidia.com/v1", "ClusterPolicy", "cluster-policy", { status: { state: "notReady" } });
    put(cluster, "v1", "Pod", "busy", {
      spec: { nodeName: "h1", containers: [{ name: "a", resources: { limits: { "nvidia.com/gpu": "8" } } }] },
    });
    put(cluster, "v1", "Node", "a1", { status: {} }, { labels: { "nvidia.com/gpu.product": "NVIDIA-A100" } });
    put(cluster, "v1", "Secret", "ngc-secret", { type: "Opaque", data: {} }, { namespace: "nim" });
    put(cluster, "v1", "Secret", "ngc-api-secret", { type: "Opaque", data: { NGC_KEY: "" } }, { namespace: "nim" });
    put(
      cluster,
      "v1",
      "ResourceQuota",
      "gpus",
      { status: { hard: { "requests.nvidia.com/gpu": "8" }, used: { "requests.nvidia.com/gpu": "8" } } },
      { namespace: "nim" },
    );
    put(
      cluster,
      "apps.nvidia.com/v1alpha1",
      "NIMService",
      "llama",
      { spec: { inferencePlatform: "kserve" } },
      { namespace: "nim" },
    );
    const { out } = await both("doctor --storage-class disk");
    expect(out).toMatchInlineSnapshot(`
      "STATUS    CHECK                        FOUND
      ok        API server                   v1.34.5 at $SERVER
      ok        NIMService definition        v1alpha1, as in release 3.1
      failed    NIMCache definition          served as v2, and not as v1alpha1, which this program speaks
                                             Use a release of the NIM Operator that has it.
                                             helm upgrade --install nim-operator k8s-nim-operator --repo https://helm.ngc.nvidia.com/nvidia -n nim-operator --create-namespace
      failed    NIM Operator                 0 of 1 pod ready in namespace nim-operator; pod operator: Pending
                                             See why its pod is not ready.
                                             kubectl describe pods -n nim-operator -l app.kubernetes.io/name=k8s-nim-operator
      failed    admission webhook            service nim-operator/webhook has no pod that is ready: nothing of NIM can be created or changed
                                             Get the operator's pod ready; the webhook is part of it.
                                             kubectl get pods -n nim-operator
      failed    KServe                       not installed, and wanted by llama
                                             Install KServe, or set spec.inferencePlatform to standalone.
                                             kubectl get crd inferenceservices.serving.kserve.io
      warning   GPU Operator                 ClusterPolicy cluster-policy: notReady
                                             See which of its parts is not ready.
                                             kubectl describe clusterpolicy cluster-policy
      ok        runtime class                nvidia
      failed    GPUs NVIDIA-A100             hardware on 1 node, and none of it offered to pods
                                             Driver or device plugin do not run there: see the GPU Operator's pods.
                                             kubectl get pods -n gpu-operator
      warning   GPUs NVIDIA-H100-80GB-HBM3   0 of 8 free on 1 node
                                             A new service waits until GPUs are free: stop something, or add nodes.
                                             kubectl get nimservices --all-namespaces
      ok        node labels                  1 node with feature.node.kubernetes.io/pci-10de.present=true
      warning   storage class                disk (ebs.csi.aws.com): a volume is for one node only
                                             A cache with ReadWriteMany gets no volume: use --pvc-volume-access-mode=ReadWriteOnce, or another class. Network file systems here: nfs.
                                             kubectl get storageclasses
      failed    secret ngc-secret            has the type Opaque, not kubernetes.io/dockerconfigjson
                                             Delete it, then make it anew: kubectl nim secret ngc --only pull -n nim
                                             kubectl delete secret ngc-secret -n nim
      failed    secret ngc-api-secret        has no key NGC_API_KEY, only NGC_KEY
                                             Put the key into it; it is asked for.
                                             kubectl nim secret ngc --only api -n nim --replace
      ok        secret hf-api-secret         has the key HF_TOKEN
      warning   quota                        gpus is used up: requests.nvidia.com/gpu 8 of 8
                                             Free some of it, or have it raised.
                                             kubectl describe resourcequota gpus -n nim
      ok        own rights                   create nimservices, delete nimservices, create nimcaches, get pods/log, create pods/portforward

      7 failed, 4 warnings, 6 ok
      "
    `);
    const indent = " ".repeat(39);
    expect((await both("doctor --storage-class nfss")).out).toBe(
      out
        .replace(
          /warning   storage class .*\n.*\n/,
          `failed    storage class                "nfss" does not exist\n${indent}Did you mean "nfs"?\n`,
        )
        .replace("7 failed, 4 warnings", "8 failed, 3 warnings"),
    );
  }, OPTIONS);
});

test("somebody who may look at nothing", async () => {
  await inNimCluster(async ({ cluster, both }) => {
    putAll(cluster);
    cluster.allow(() => false);
    const { exit, out, err } = await both("doctor");
    expect(exit).toBe(4);
    expect(err).toMatchInlineSnapshot(`
      "error: 12 checks could not be made: NIMService definition, NIMCache definition, NIM Operator, admission webhook, GPU Operator, runtime class, GPUs, storage class, secret ngc-secret, secret ngc-api-secret, secret hf-api-secret, quota
        Above stands the right that they lack.
      "
    `);
    expect(out).toMatchInlineSnapshot(`
      "STATUS    CHECK                   FOUND
      ok        API server              v1.34.5 at $SERVER
      unknown   NIMService definition   customresourcedefinitions.apiextensions.k8s.io "nimservices.apps.nvidia.com" is forbidden: User "system:anonymous" cannot get resource "customresourcedefinitions" in API group "apiextensions.k8s.io" at the cluster scope
                                        Ask somebody who may look, or to be given the right that is named here.
      unknown   NIMCache definition     customresourcedefinitions.apiextensions.k8s.io "nimcaches.apps.nvidia.com" is forbidden: User "system:anonymous" cannot get resource "customresourcedefinitions" in API group "apiextensions.k8s.io" at the cluster scope
                                        Ask somebody who may look, or to be given the right that is named here.
      unknown   NIM Operator            not to be seen: pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" at the cluster scope
                                        Ask somebody who may look, or to be given the right that is named here.
      unknown   admission webhook       validatingwebhookconfigurations.admissionregistration.k8s.io is forbidden: User "system:anonymous" cannot list resource "validatingwebhookconfigurations" in API group "admissionregistration.k8s.io" at the cluster scope
                                        Ask somebody who may look, or to be given the right that is named here.
      unknown   GPU Operator            clusterpolicies.nvidia.com is forbidden: User "system:anonymous" cannot list resource "clusterpolicies" in API group "nvidia.com" at the cluster scope
                                        Ask somebody who may look, or to be given the right that is named here.
      unknown   runtime class           runtimeclasses.node.k8s.io "nvidia" is forbidden: User "system:anonymous" cannot get resource "runtimeclasses" in API group "node.k8s.io" at the cluster scope
                                        Ask somebody who may look, or to be given the right that is named here.
      unknown   GPUs                    nodes is forbidden: User "system:anonymous" cannot list resource "nodes" in API group "" at the cluster scope
                                        Ask somebody who may look, or to be given the right that is named here.
      unknown   storage class           storageclasses.storage.k8s.io is forbidden: User "system:anonymous" cannot list resource "storageclasses" in API group "storage.k8s.io" at the cluster scope
                                        Ask somebody who may look, or to be given the right that is named here.
      unknown   secret ngc-secret       secrets "ngc-secret" is forbidden: User "system:anonymous" cannot get resource "secrets" in API group "" in the namespace "nim"
                                        Ask somebody who may look, or to be given the right that is named here.
      unknown   secret ngc-api-secret   secrets "ngc-api-secret" is forbidden: User "system:anonymous" cannot get resource "secrets" in API group "" in the namespace "nim"
                                        Ask somebody who may look, or to be given the right that is named here.
      unknown   secret hf-api-secret    secrets "hf-api-secret" is forbidden: User "system:anonymous" cannot get resource "secrets" in API group "" in the namespace "nim"
                                        Ask somebody who may look, or to be given the right that is named here.
      unknown   quota                   resourcequotas is forbidden: User "system:anonymous" cannot list resource "resourcequotas" in API group "" in the namespace "nim"
                                        Ask somebody who may look, or to be given the right that is named here.
      warning   own rights              in namespace "nim" you may not create nimservices, delete nimservices, create nimcaches, get pods/log, create pods/portforward
                                        Ask for these rights if you need them.
                                        kubectl auth can-i --list -n nim

      1 warning, 12 unknown, 1 ok
      "
    `);
  }, OPTIONS);
});

test("a cluster that is not there", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    await cluster.stop();
    const { exit, out, err } = await run("doctor --request-timeout=1s");
    const message =
      "error: the server $SERVER refuses the connection\n  Is the cluster running, and is the port right?\n";
    expect([exit, out, err]).toEqual([6, "", message]);
  });
});
