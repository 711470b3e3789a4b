import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gpuNode, helmSecret, node } from "@slipway/snapshot/testing";
import { expect, test } from "vitest";
import { inWorkplace, type Workplace } from "../testing/aicr.ts";
import { configMap, documentOf, inCluster } from "../testing/in-cluster.ts";
import { NODE_ROOT, SMI_REPORT, nodePrograms } from "../testing/node-tree.ts";

const exec = nodePrograms({ report: SMI_REPORT });
const LOCAL = "snapshot --host-root root --exclude k8s,topology";
const NOBODY =
  "[cli] warning: Nothing was read from a cluster: there is no kubeconfig. Name one with --kubeconfig or in KUBECONFIG, " +
  "or run inside a pod that has a service account.\n";

function onNode(action: (place: Workplace) => Promise<void>): Promise<void> {
  return inWorkplace(NODE_ROOT, action);
}

test("a node, in YAML", async () => {
  await onNode(async ({ both }) => {
    const { exit, out, err } = await both(LOCAL, { exec });
    expect({ exit, err }).toEqual({ exit: 0, err: "" });
    expect(out).toMatchInlineSnapshot(`
      "kind: Snapshot
      apiVersion: aicr.nvidia.com/v1alpha1
      metadata:
        source-node: gpu-1
        timestamp: "2026-01-02T03:04:05Z"
        version: 1.2.3
      measurements:
        - type: SystemD
          subtypes:
            - subtype: containerd.service
              data:
                ActiveState: inactive
                LoadState: not-found
              context:
                source: systemctl
            - subtype: docker.service
              data:
                ActiveState: inactive
                LoadState: not-found
              context:
                source: systemctl
            - subtype: kubelet.service
              data:
                ActiveState: active
                Id: kubelet.service
                LoadState: loaded
              context:
                source: systemctl
        - type: OS
          subtypes:
            - subtype: board
              data:
                sys-vendor: NVIDIA
            - subtype: grub
              data:
                BOOT_IMAGE: /vmlinuz-6.8.0-60
                iommu: pt
                ro: true
            - subtype: kmod
              data:
                nvidia: true
            - subtype: release
              data:
                ID: ubuntu
                NAME: Ubuntu
                VERSION_ID: "24.04"
            - subtype: sysctl
              data:
                /proc/sys/kernel/osrelease: 6.8.0-60-generic
        - type: GPU
          subtypes:
            - subtype: devices
              data:
                0.model: NVIDIA H100 80GB HBM3
                0.pci-bus-id: 00000000:0A:00.0
                0.uuid: GPU-00000000-0000-4000-8000-000000000001
            - subtype: hardware
              data:
                count: 0
                detection-source: pci
                driver-loaded: false
                present: false
            - subtype: health
              data:
                0.state: ok
                gpus-lost: 0
                gpus-not-ok: 0
                state: ok
            - subtype: smi
              data:
                cuda-version: "13.0"
                driver: 580.105.08
                gpu-count: 1
                gpu.model: NVIDIA H100 80GB HBM3
            - subtype: summary
              data:
                gpu-count: 1
                mig-enabled: 0
                models: 1 x NVIDIA H100 80GB HBM3
                source: nvidia-smi
                uniform: true
      "
    `);
  });
});

test("a node, in JSON and as a table", async () => {
  await onNode(async ({ both }) => {
    const yaml = await both(LOCAL, { exec });
    const json = await both(`${LOCAL} -t json`, { exec });
    expect([json.exit, json.err, JSON.parse(json.out)]).toEqual([0, "", documentOf(yaml.out)]);
    const { exit, out, err } = await both(`${LOCAL} --filter gpu,os -t table`, { exec });
    expect({ exit, err }).toEqual({ exit: 0, err: "" });
    expect(out).toMatchInlineSnapshot(`
      "NODE         gpu-1
      OS           Ubuntu
      KERNEL       6.8.0-60-generic
      KUBERNETES   -
      RUNTIME      -
      GPUS         1 x NVIDIA H100 80GB HBM3, driver 580.105.08, CUDA 13.0
      TAKEN        2026-01-02T03:04:05Z
      BY           aicr 1.2.3

      OS.board
        sys-vendor   NVIDIA

      OS.grub
        BOOT_IMAGE   /vmlinuz-6.8.0-60
        iommu        pt
        ro           true

      OS.kmod
        nvidia   true

      OS.release
        ID           ubuntu
        NAME         Ubuntu
        VERSION_ID   24.04

      OS.sysctl
        /proc/sys/kernel/osrelease   6.8.0-60-generic

      GPU.devices
        0.model        NVIDIA H100 80GB HBM3
        0.pci-bus-id   00000000:0A:00.0
        0.uuid         GPU-00000000-0000-4000-8000-000000000001

      GPU.hardware
        count              0
        detection-source   pci
        driver-loaded      false
        present            false

      GPU.health
        0.state       ok
        gpus-lost     0
        gpus-not-ok   0
        state         ok

      GPU.smi
        cuda-version   13.0
        driver         580.105.08
        gpu-count      1
        gpu.model      NVIDIA H100 80GB HBM3

      GPU.summary
        gpu-count     1
        mig-enabled   0
        models        1 x NVIDIA H100 80GB HBM3
        source        nvidia-smi
        uniform       true
      "
    `);
  });
});

test("without a cluster the rest is measured, and a warning says what is not", async () => {
  await onNode(async ({ both }) => {
    const { exit, out, err } = await both("snapshot --host-root root", { exec });
    expect({ exit, err }).toEqual({ exit: 0, err: NOBODY });
    const { measurements } = documentOf(out);
    expect(measurements).toMatchObject([
      { type: "K8s", subtypes: [{ data: {} }, { data: {} }, { data: {} }, { data: {} }, { data: {} }] },
      { type: "SystemD" },
      { type: "OS" },
      { type: "GPU" },
      { type: "NodeTopology" },
    ]);
  });
});

test("with a cluster, in a ConfigMap with its labels and keys", async () => {
  await inCluster(NODE_ROOT, async ({ both, cluster }) => {
    cluster.put(gpuNode("gpu-1"));
    const chart = { name: "gpu-operator", version: "v25.10.1", appVersion: "v25.10.1" };
    cluster.put(helmSecret({ namespace: "gpu", name: "gpu-operator", revision: 2, status: "deployed", chart }));
    const env = { AICR_AGENT_MODE: "true", NODE_NAME: "gpu-1" };
    // The agent's own flags, in its Job, do not make it start another one.
    const line = "snapshot --host-root root -o cm://gpu/aicr-snapshot --image registry.test/aicr:1";
    const { exit, out, err } = await both(line, { exec, env });
    expect({ exit, out, err }).toEqual({
      exit: 0,
      out: "",
      err: "[cli] snapshot written: file=cm://gpu/aicr-snapshot node=gpu-1 readings=51\n",
    });
    expect(cluster.objects("Job")).toEqual([]);
    const written = configMap(cluster, "aicr-snapshot");
    expect(written).toMatchObject({
      metadata: {
        labels: {
          "app.kubernetes.io/name": "aicr",
          "app.kubernetes.io/component": "Snapshot",
          "app.kubernetes.io/version": "1.2.3",
        },
      },
      data: { format: "yaml", timestamp: "2026-01-02T03:04:05Z", "snapshot.yaml": expect.any(String) },
    });
    expect(JSON.stringify(written)).toContain("gpu/gpu-operator.version: v25.10.1");
  });
});

test("-o writes a file, and a file that was there survives a failure", async () => {
  await onNode(async ({ both, cwd }) => {
    const { exit, out, err } = await both(`${LOCAL} --filter os -o s.yaml`, { exec });
    expect({ exit, out, err }).toEqual({
      exit: 0,
      out: "",
      err: "[cli] snapshot written: file=s.yaml node=gpu-1 readings=9\n",
    });
    const before = await readFile(join(cwd, "s.yaml"), "utf8");
    expect(before).toMatch(/^kind: Snapshot\n/);
    await writeFile(join(cwd, "fails.tmpl"), "before\n  {{ fail .Kind }}");
    expect(await both(`${LOCAL} --template fails.tmpl -o s.yaml`, { exec })).toEqual({
      exit: 2,
      out: "",
      err: "error: fails.tmpl:2:6: fail: Snapshot\n",
    });
    const stop = new AbortController();
    stop.abort();
    expect(await both(`${LOCAL} -o s.yaml`, { exec, signal: stop.signal })).toEqual({
      exit: 130,
      out: "",
      err: "error: interrupted\n",
    });
    expect(await readFile(join(cwd, "s.yaml"), "utf8")).toBe(before);
    expect((await readdir(cwd)).sort()).toEqual(["fails.tmpl", "root", "s.yaml"]);
  });
});

test("a template writes the output, with sprig functions", async () => {
  const files = {
    ...NODE_ROOT,
    "t.tmpl":
      '{{ range .Measurements }}{{ range .Subtypes }}{{ if eq .Name "smi" }}{{ index .Data "gpu.model" | upper }}{{ end }}{{ end }}{{ end }}\n',
  };
  await inWorkplace(files, async ({ both }) => {
    expect(await both(`${LOCAL} --template t.tmpl`, { exec })).toEqual({
      exit: 0,
      out: "NVIDIA H100 80GB HBM3\n",
      err: "",
    });
  });
});

test("--require-gpu: a node without one is the answer no, and its snapshot is written all the same", async () => {
  await onNode(async ({ both, cwd }) => {
    const withGpu = await both(`${LOCAL} --filter gpu --require-gpu -o s.yaml`, { exec });
    expect(withGpu.exit).toBe(0);
    expect(await both(`${LOCAL} --filter gpu --require-gpu -o none.yaml`, { exec: nodePrograms() })).toEqual({
      exit: 1,
      out: "",
      err:
        "[cli] snapshot written: file=none.yaml node=gpu-1 readings=5\n" +
        "error: the node shows no GPU, and --require-gpu wants one\n" +
        "  Is its driver loaded? The snapshot was written all the same: look at GPU in it.\n",
    });
    expect(await readdir(cwd)).toContain("none.yaml");
  });
});

test("a GPU of another node of the cluster is none of this one's", async () => {
  await inCluster(NODE_ROOT, async ({ both, cluster }) => {
    cluster.put(gpuNode("gpu-2"));
    cluster.put(node("cpu-1"));
    const line = "snapshot --host-root root --filter gpu,topology --require-gpu -o s.yaml --node-name";
    expect((await both(`${line} cpu-1`, { exec: nodePrograms() })).exit).toBe(1);
    expect((await both(`${line} gpu-2`, { exec: nodePrograms() })).exit).toBe(0);
  });
});

test("--max-nodes-per-entry holds the lists of nodes short", async () => {
  await inCluster(NODE_ROOT, async ({ both, cluster }) => {
    for (let index = 1; index <= 4; index++) cluster.put(gpuNode(`gpu-${index}`));
    const { out } = await both("snapshot --host-root root --filter topology --max-nodes-per-entry 2", { exec });
    expect(out).toContain("nvidia.com/gpu.present: true|gpu-1,gpu-2 (+2 more)\n");
    const env = { AICR_MAX_NODES_PER_ENTRY: "0" };
    const all = await both("snapshot --host-root root --filter topology", { exec, env });
    expect(all.out).toContain("nvidia.com/gpu.present: true|gpu-1,gpu-2,gpu-3,gpu-4\n");
  });
});

test("what does not answer in time is told, and the rest is written", async () => {
  await onNode(async ({ both }) => {
    const slow = nodePrograms({ report: SMI_REPORT, hangs: "systemctl" });
    const { exit, out, err } = await both(`${LOCAL} --timeout 100ms`, { exec: slow });
    expect({ exit, err }).toEqual({
      exit: 0,
      err:
        "[cli] warning: systemd was not measured: no answer within 0.1 s. " +
        "Give it more time with --timeout, or leave it out with --exclude systemd.\n",
    });
    expect(documentOf(out)).toMatchObject({
      metadata: { "not-measured.systemd": "no answer within 0.1 s" },
      measurements: [{ type: "OS" }, { type: "GPU" }],
    });
    expect(await both(`${LOCAL} --filter systemd --timeout 100ms -o s.yaml`, { exec: slow })).toEqual({
      exit: 5,
      out: "",
      err:
        "error: nothing could be measured: systemd: no answer within 0.1 s\n" +
        "  Give it more time with --timeout, or leave it out with --exclude systemd.\n",
    });
  });
});

test("Ctrl-C ends a measurement that hangs, and writes nothing", async () => {
  await onNode(async ({ run, cwd }) => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    const slow = nodePrograms({ hangs: "systemctl" });
    expect(await run(`${LOCAL} -o s.yaml`, { exec: slow, signal: stop.signal })).toEqual({
      exit: 130,
      out: "",
      err: "error: interrupted\n",
    });
    expect(await readdir(cwd)).toEqual(["root"]);
  });
});
