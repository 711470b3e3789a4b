import { expect, test } from "vitest";
import type { GpuNode } from "../../gpus/gpu-nodes.ts";
import { cache, service, told, unplaced, waiting, warning } from "../testing/situation.ts";
import { obstaclesOf } from "./scheduling.ts";

const POD = "llama-6d4cf56db6-x7k2p";

function node(changes: Partial<GpuNode> = {}): GpuNode {
  return {
    name: "h1",
    product: "NVIDIA-H100-80GB-HBM3",
    total: 8,
    free: 8,
    slices: 0,
    isOpen: true,
    hasPciLabel: true,
    ...changes,
  };
}

function pool(...nodes: readonly GpuNode[]) {
  return { state: "found" as const, value: nodes };
}

test("the scheduler's sentence", () => {
  expect(
    obstaclesOf(
      "0/6 nodes are available: 1 node(s) had untolerated taint {nvidia.com/gpu: present}, 2 node(s) didn't match Pod's node affinity/selector, 3 Insufficient nvidia.com/gpu. preemption: 0/6 nodes are available: 3 No preemption victims found for incoming pod, 3 Preemption is not helpful for scheduling.",
    ),
  ).toEqual([
    { nodes: 1, reason: "node(s) had untolerated taint {nvidia.com/gpu: present}" },
    { nodes: 2, reason: "node(s) didn't match Pod's node affinity/selector" },
    { nodes: 3, reason: "Insufficient nvidia.com/gpu" },
  ]);
  expect(["", "no nodes available to schedule pods", "0/1 nodes are available: ."].map(obstaclesOf)).toEqual([
    [],
    [],
    [],
  ]);
});

const NO_GPU =
  "0/3 nodes are available: 3 Insufficient nvidia.com/gpu. preemption: 0/3 nodes are available: 3 No preemption victims found.";

test("all GPUs are in use", () => {
  expect(told(service({ pods: [unplaced(NO_GPU)], gpus: pool(node({ free: 1 })) }))).toMatchInlineSnapshot(`
    "[gpus-in-use] nimservice nim/llama: has a problem

    Cause:     The pod asks for 2 GPUs on one node, and no node that it may run on has so many free.
    Next:      Stop something that uses GPUs, or wait: the pod is placed as soon as there are enough.
               kubectl get nimservices --all-namespaces

    Evidence:
      pod llama-6d4cf56db6-x7k2p is not placed: 0/3 nodes are available: 3 Insufficient nvidia.com/gpu. preemption: 0/3 nodes are available: 3 No preemption victims found.
      the pod asks for 2 GPUs; 8 NVIDIA-H100-80GB-HBM3 on 1 node, 1 free
      nimservice nim/llama: NotReady
      condition Ready is False (NotReady): Waiting for deployment "llama" rollout to finish: 0 of 1 updated replicas are available...
      pod llama-6d4cf56db6-x7k2p: Pending
    "
  `);
});

test("no node has so many GPUs", () => {
  expect(told(service({ pods: [unplaced(NO_GPU)], gpus: pool(node({ total: 1, free: 1 })) }))).toMatchInlineSnapshot(`
    "[gpus-too-many] nimservice nim/llama: has a problem

    Cause:     The pod asks for 2 GPUs on one node, and no node has more than 1.
    Next:      Ask for at most 1, with a profile that needs no more.
               kubectl patch nimservice llama --type=merge -p '{"spec":{"resources":{"limits":{"nvidia.com/gpu":"1"}}}}' -n nim

    Evidence:
      pod llama-6d4cf56db6-x7k2p is not placed: 0/3 nodes are available: 3 Insufficient nvidia.com/gpu. preemption: 0/3 nodes are available: 3 No preemption victims found.
      the pod asks for 2 GPUs; 1 NVIDIA-H100-80GB-HBM3 on 1 node, 1 free
      nimservice nim/llama: NotReady
      condition Ready is False (NotReady): Waiting for deployment "llama" rollout to finish: 0 of 1 updated replicas are available...
      pod llama-6d4cf56db6-x7k2p: Pending
    "
  `);
});

test("no node has a GPU, or none offers its own", () => {
  const pools = [pool(), pool(node({ total: 0, free: 0 })), pool(node({ total: 0, free: 0, slices: 7 }))];
  const reports = pools.map((gpus) => told(service({ pods: [unplaced(NO_GPU)], gpus })));
  expect(reports.map((report) => report.split("\n").slice(0, 5).join("\n")).join("\n")).toMatchInlineSnapshot(`
    "[gpus-none] nimservice nim/llama: has a problem

    Cause:     No node of the cluster has a GPU.
    Next:      Add a node with GPUs; see what else is missing.
               kubectl nim doctor -n nim
    [gpus-not-offered] nimservice nim/llama: has a problem

    Cause:     Nodes have GPU hardware and offer none: the device plugin does not run there.
    Next:      Check the GPU operator.
               kubectl nim doctor -n nim
    [gpus-in-slices] nimservice nim/llama: has a problem

    Cause:     The nodes offer their GPUs in slices only (MIG), and the pod asks for whole ones.
    Next:      Ask for slices in spec.resources.limits, by the names that the nodes give them (nvidia.com/mig-...).
               kubectl describe nodes -l nvidia.com/mig.config"
  `);
});

test("nodes that must not be seen", () => {
  expect(told(service({ pods: [unplaced(NO_GPU)] }))).toMatchInlineSnapshot(`
    "[gpus-in-use] nimservice nim/llama: has a problem

    Cause:     The pod asks for 2 GPUs on one node, and no node that it may run on has so many free.
    Next:      Stop something that uses GPUs, or wait: the pod is placed as soon as there are enough.
               kubectl get nimservices --all-namespaces

    Evidence:
      pod llama-6d4cf56db6-x7k2p is not placed: 0/3 nodes are available: 3 Insufficient nvidia.com/gpu. preemption: 0/3 nodes are available: 3 No preemption victims found.
      nimservice nim/llama: NotReady
      condition Ready is False (NotReady): Waiting for deployment "llama" rollout to finish: 0 of 1 updated replicas are available...
      pod llama-6d4cf56db6-x7k2p: Pending
    "
  `);
});

const TAINTED =
  "0/3 nodes are available: 1 node(s) had untolerated taint {nvidia.com/gpu: present}, 2 Insufficient nvidia.com/gpu. preemption: none";

test("a taint keeps the pod off the nodes whose GPUs are free", () => {
  expect(told(service({ pods: [unplaced(TAINTED)], gpus: pool(node()) }))).toMatchInlineSnapshot(`
    "[taint] nimservice nim/llama: has a problem

    Cause:     The nodes that could take the pod have the taint nvidia.com/gpu=present, which it does not tolerate.
    Next:      Let the service tolerate it.
               kubectl patch nimservice llama --type=merge -p '{"spec":{"tolerations":[{"key":"nvidia.com/gpu","operator":"Equal","value":"present"}]}}' -n nim

    Evidence:
      pod llama-6d4cf56db6-x7k2p is not placed: 0/3 nodes are available: 1 node(s) had untolerated taint {nvidia.com/gpu: present}, 2 Insufficient nvidia.com/gpu. preemption: none
      the pod asks for 2 GPUs; 8 NVIDIA-H100-80GB-HBM3 on 1 node, 8 free
      nimservice nim/llama: NotReady
      condition Ready is False (NotReady): Waiting for deployment "llama" rollout to finish: 0 of 1 updated replicas are available...
      pod llama-6d4cf56db6-x7k2p: Pending
    "
  `);
});

test("the caching Job asks for a label that no node has", () => {
  const spec = { nodeSelector: { "feature.node.kubernetes.io/pci-10de.present": "true" }, containers: [] };
  const pods = [unplaced("0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.", spec)];
  expect(told(cache({ pods, gpus: pool(node({ hasPciLabel: false })) }))).toMatchInlineSnapshot(`
    "[node-label-missing] nimcache nim/llama-cache: has a problem

    Cause:     The Job that fills the cache runs only on nodes with the label feature.node.kubernetes.io/pci-10de.present=true, and no node has it.
    Next:      Install Node Feature Discovery (the GPU operator brings it along), or label a node by hand.
               kubectl label node NODE feature.node.kubernetes.io/pci-10de.present=true

    Evidence:
      pod llama-6d4cf56db6-x7k2p is not placed: 0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.
      nimcache nim/llama-cache: Started
      condition NIM_CACHE_JOB_CREATED is True (JobCreated): The Job to cache NIM has been created
      pod llama-6d4cf56db6-x7k2p: Pending
    "
  `);
});

test("other obstacles", () => {
  const texts = [
    ["0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.", { nodeSelector: { zone: "a" } }],
    ["0/1 nodes are available: 1 node(s) had volume node affinity conflict.", {}],
    ["0/1 nodes are available: 1 Insufficient memory.", {}],
    ["0/1 nodes are available: 1 node(s) were unschedulable.", {}],
    ["0/1 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/not-ready: }.", {}],
    ["0/1 nodes are available: 1 node(s) had something new.", {}],
  ] as const;
  const reports = texts.map(([text, spec]) => told(service({ pods: [unplaced(text, { containers: [], ...spec })] })));
  expect(reports.map((report) => report.split("\n").slice(0, 5).join("\n")).join("\n")).toMatchInlineSnapshot(`
    "[node-selector] nimservice nim/llama: has a problem

    Cause:     No node that could take the pod has the labels that it asks for (zone=a).
    Next:      Correct spec.nodeSelector, or label a node.
               kubectl get nodes -L zone
    [volume-elsewhere] nimservice nim/llama: has a problem

    Cause:     The volume can be used on other nodes only than those that could take the pod.
    Next:      Use a volume that the GPU nodes can reach.
               kubectl get pvc -o wide -n nim
    [resources-in-use] nimservice nim/llama: has a problem

    Cause:     No node that could take the pod has enough memory free.
    Next:      Ask for less memory, or free some.
               kubectl describe nodes
    [nodes-cordoned] nimservice nim/llama: has a problem

    Cause:     The nodes that could take the pod are closed for new pods (cordoned).
    Next:      Open one.
               kubectl uncordon NODE
    [nodes-not-well] nimservice nim/llama: has a problem

    Cause:     The nodes that could take the pod are not well (node.kubernetes.io/not-ready).
    Next:      See how the nodes are.
               kubectl get nodes
    [unschedulable] nimservice nim/llama: has a problem

    Cause:     No node takes pod llama-6d4cf56db6-x7k2p.
    Next:      See what the scheduler says.
               kubectl describe pod llama-6d4cf56db6-x7k2p -n nim"
  `);
});

test("the NVIDIA runtime is missing on the node", () => {
  const pods = [waiting("ContainerCreating", "")];
  const events = [
    warning(
      "Pod",
      POD,
      "FailedCreatePodSandBox",
      'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox runtime: no runtime for "nvidia" is configured',
      9,
    ),
  ];
  expect(told(service({ pods, events }))).toMatchInlineSnapshot(`
    "[nvidia-runtime-missing] nimservice nim/llama: has a problem

    Cause:     The NVIDIA container runtime is not set up on the node.
    Next:      Check the GPU operator: its container toolkit sets the runtime up.
               kubectl nim doctor -n nim

    Evidence:
      FailedCreatePodSandBox: Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox runtime: no runtime for "nvidia" is configured
      nimservice nim/llama: NotReady
      condition Ready is False (NotReady): Waiting for deployment "llama" rollout to finish: 0 of 1 updated replicas are available...
      pod llama-6d4cf56db6-x7k2p: Pending, llama-ctr ContainerCreating
    "
  `);
});

test("volumes that a node does not get", () => {
  const texts = [
    ["FailedAttachVolume", 'Multi-Attach error for volume "pvc-1" Volume is already used by pod(s) other'],
    ["FailedMount", 'MountVolume.SetUp failed for volume "certs" : secret "tls" not found'],
    ["FailedMount", "MountVolume.MountDevice failed: mount.nfs: Connection timed out"],
  ] as const;
  const reports = texts.map(([reason, text]) =>
    told(service({ pods: [waiting("ContainerCreating", "")], events: [warning("Pod", POD, reason, text)] })),
  );
  expect(reports.map((report) => report.split("\n").slice(0, 5).join("\n")).join("\n")).toMatchInlineSnapshot(`
    "[volume-in-use] nimservice nim/llama: has a problem

    Cause:     The volume is in use on another node, and its access mode (ReadWriteOnce) allows one node only.
    Next:      Stop the pod on the other node, or use a claim with ReadWriteMany.
               kubectl get pods -o wide -n nim
    [volume-secret-missing] nimservice nim/llama: has a problem

    Cause:     The pod mounts the secret "tls", which does not exist in namespace "nim".
    Next:      Make it.
               kubectl get secrets -n nim
    [volume-not-mounted] nimservice nim/llama: has a problem

    Cause:     The node cannot mount the volume.
    Next:      Check the storage system and its driver on the node.
               kubectl get pvc -o wide -n nim"
  `);
});

test("pods that the API server does not let be made", () => {
  const texts = [
    'pods "llama-6d4cf56db6-" is forbidden: exceeded quota: gpu-quota, requested: requests.nvidia.com/gpu=2, used: requests.nvidia.com/gpu=8, limited: requests.nvidia.com/gpu=8',
    'pods "llama-6d4cf56db6-x" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false',
    'pods "llama-6d4cf56db6-x" is forbidden: pod rejected: RuntimeClass "nvidia" not found',
    'pods "llama-6d4cf56db6-" is forbidden: error looking up service account nim/llama: serviceaccount "llama" not found',
    'admission webhook "policy.example.com" denied the request: no images from nvcr.io',
    "something new",
  ];
  const reports = texts.map((text) =>
    told(service({ events: [warning("ReplicaSet", "llama-6d4cf56db6", "FailedCreate", text, 12)] })),
  );
  expect(reports.map((report) => report.split("\n").slice(0, 5).join("\n")).join("\n")).toMatchInlineSnapshot(`
    "[quota-exceeded] nimservice nim/llama: has a problem

    Cause:     The quota "gpu-quota" of the namespace is used up (asked for: requests.nvidia.com/gpu=2).
    Next:      Free some of it, or have it raised.
               kubectl describe resourcequota -n nim
    [pod-security] nimservice nim/llama: has a problem

    Cause:     The namespace allows only pods of the security level restricted:latest.
    Next:      Have the namespace allow such pods, or use another namespace.
               kubectl get namespace nim --show-labels
    [runtime-class-missing] nimservice nim/llama: has a problem

    Cause:     The runtime class "nvidia" does not exist.
    Next:      Install the GPU operator, or leave runtimeClassName out.
               kubectl get runtimeclasses
    [service-account-missing] nimservice nim/llama: has a problem

    Cause:     The service account "llama" does not exist.
    Next:      The operator makes it; see what the operator says.
               kubectl get serviceaccounts -n nim
    [webhook-refused] nimservice nim/llama: has a problem

    Cause:     The admission webhook policy.example.com refuses it: no images from nvcr.io
    Next:      Change what it names.
               kubectl get events --sort-by=.lastTimestamp -n nim
    [pods-not-created] nimservice nim/llama: has a problem

    Cause:     Its pods cannot be created.
    Next:      Do what the message says.
               kubectl get events --sort-by=.lastTimestamp -n nim"
  `);
});
