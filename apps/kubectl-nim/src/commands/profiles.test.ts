import type { Cluster } from "@slipway/kube/testing";
import { expect, test } from "vitest";
import { inNimCluster } from "../testing/nim.ts";

const MANIFEST = `
aa11: {model: meta/llama, release: "1.8", tags: {llm_engine: tensorrt_llm, precision: fp8, tp: "2", pp: "1", gpu: H100, gpu_device: "2330:10de", profile: latency, feat_lora: "false"}}
bb22: {model: meta/llama, release: "1.8", tags: {llm_engine: tensorrt_llm, precision: fp8, tp: "8", pp: "1", gpu: H100, profile: throughput}}
cc33: {model: meta/llama, release: "1.8", tags: {llm_engine: tensorrt_llm, precision: bf16, tp: "1", gpu: L40S}}
dd44: {model: meta/llama, release: "1.8", tags: {llm_engine: vllm, precision: bf16, tp: "1", feat_lora: "true"}}
`;

function putCache(cluster: Cluster, status: object = {}, source = "ngc"): void {
  cluster.put({
    apiVersion: "apps.nvidia.com/v1alpha1",
    kind: "NIMCache",
    metadata: { name: "llama", namespace: "nim" },
    spec: { source: { [source]: {} } },
    status: { state: "Ready", ...status },
  });
}

function putNode(cluster: Cluster): void {
  const amounts = { "nvidia.com/gpu": "8" };
  const labels = { "nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3" };
  cluster.put({
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: "h1", labels },
    status: { capacity: amounts, allocatable: amounts },
  });
  const limits = { "nvidia.com/gpu": "4" };
  const spec = { nodeName: "h1", containers: [{ name: "a", resources: { limits } }] };
  cluster.put({ apiVersion: "v1", kind: "Pod", metadata: { name: "busy" }, spec });
}

function putManifest(cluster: Cluster, text = MANIFEST): void {
  const metadata = { name: "llama-manifest", namespace: "nim" };
  cluster.put({ apiVersion: "v1", kind: "ConfigMap", metadata, data: { "model_manifest.yaml": text } });
}

const HELD = { profiles: [{ name: "aa11", model: "meta/llama", release: "1.8", config: { tp: "2", gpu: "H100" } }] };

test("the profiles of a cache", async () => {
  await inNimCluster(async ({ cluster, both }) => {
    putCache(cluster, HELD);
    putNode(cluster);
    putManifest(cluster);
    expect(await both("profiles llama")).toMatchInlineSnapshot(`
      {
        "err": "Serve one: kubectl nim create nimservice NAME --nimcache-storage-name=llama --nimcache-storage-profile=aa11
      ",
        "exit": 0,
        "out": "PROFILE   ENGINE         PRECISION   TP    PP    GPU    LORA   QOS          CACHED   FITS
      aa11      tensorrt_llm   fp8         2     1     H100   no     latency      yes      yes
      dd44      vllm           bf16        1     1     any    yes    <none>       no       yes
      bb22      tensorrt_llm   fp8         8     1     H100   no     throughput   no       busy: 4 of 8 free on a node
      cc33      tensorrt_llm   bf16        1     1     L40S   no     <none>       no       no: no L40S here
      ",
      }
    `);
    expect(await both("profiles nimcache/llama --fits -o wide --no-headers")).toMatchInlineSnapshot(`
      {
        "err": "Serve one: kubectl nim create nimservice NAME --nimcache-storage-name=llama --nimcache-storage-profile=aa11
      ",
        "exit": 0,
        "out": "aa11   tensorrt_llm   fp8    2     1     H100   no    latency   yes   meta/llama   1.8   2330:10de   yes
      dd44   vllm           bf16   1     1     any    yes   <none>    no    meta/llama   1.8   <none>      yes
      ",
      }
    `);
    expect((await both("profiles llama --fits -o yaml")).out).toMatchInlineSnapshot(`
      "profiles:
        - id: aa11
          model: meta/llama
          release: "1.8"
          image: ""
          engine: tensorrt_llm
          precision: fp8
          tensorParallelism: 2
          pipelineParallelism: 1
          gpu: H100
          gpuDevice: 2330:10de
          productPattern: ""
          lora: false
          qosProfile: latency
          cached: true
          fits:
            answer: "yes"
        - id: dd44
          model: meta/llama
          release: "1.8"
          image: ""
          engine: vllm
          precision: bf16
          tensorParallelism: 1
          pipelineParallelism: 1
          gpu: ""
          gpuDevice: ""
          productPattern: ""
          lora: true
          qosProfile: ""
          cached: false
          fits:
            answer: "yes"
      "
    `);
    expect(JSON.parse((await both("profiles llama -o json")).out)).toMatchObject({
      profiles: [{ id: "aa11" }, { id: "dd44" }, { id: "bb22" }, { id: "cc33" }],
    });
  });
});

test("a cache whose list is gone, and one that has none", async () => {
  await inNimCluster(async ({ cluster, both }) => {
    putCache(cluster, HELD);
    expect(await both("profiles llama")).toMatchInlineSnapshot(`
      {
        "err": "warning: only the profiles that the cache holds are shown: there is no ConfigMap llama-manifest
      The only profile does not fit.
      ",
        "exit": 0,
        "out": "PROFILE   ENGINE   PRECISION   TP    PP    GPU    LORA   QOS      CACHED   FITS
      aa11      <none>   <none>      2     1     H100   no     <none>   yes      no: the cluster offers no GPUs
      ",
      }
    `);
    putCache(cluster);
    expect(await both("profiles llama")).toMatchInlineSnapshot(`
      {
        "err": "error: NIMCache llama has no list of profiles: there is no ConfigMap llama-manifest
        The operator reads it from the model puller first (state now: Ready): kubectl nim explain nimcache llama -n nim
      ",
        "exit": 3,
        "out": "",
      }
    `);
    putCache(cluster, {}, "hf");
    expect(await both("profiles llama")).toMatchInlineSnapshot(`
      {
        "err": "error: NIMCache llama has no list of profiles: there is no ConfigMap llama-manifest
        Models of Hugging Face and NeMo have none: the engine chooses when the service starts.
      ",
        "exit": 3,
        "out": "",
      }
    `);
  });
});

test("nodes that must not be read", async () => {
  await inNimCluster(async ({ cluster, both }) => {
    putCache(cluster);
    putManifest(cluster, "aa11: {tags: {gpu: H100}}\n");
    cluster.allow(({ resource }) => resource !== "nodes");
    expect(await both("profiles llama")).toMatchInlineSnapshot(`
      {
        "err": "warning: whether profiles fit is unknown: nodes is forbidden: User "system:anonymous" cannot list resource "nodes" in API group "" at the cluster scope
      Cache one: kubectl nim create nimcache NAME --nim-source=ngc --model-puller=IMAGE --profiles=aa11 --pvc-create=true --pvc-size=200Gi
      ",
        "exit": 0,
        "out": "PROFILE   ENGINE   PRECISION   TP    PP    GPU    LORA   QOS      CACHED   FITS
      aa11      <none>   <none>      1     1     H100   no     <none>   no       unknown: nodes cannot be read
      ",
      }
    `);
  });
});

test("a list in a file, without a cluster, and from standard input", async () => {
  await inNimCluster(
    async ({ cluster, run, both }) => {
      putNode(cluster);
      expect(await both("profiles --manifest model.yaml --fits")).toMatchInlineSnapshot(`
        {
          "err": "Cache one: kubectl nim create nimcache NAME --nim-source=ngc --model-puller=IMAGE --profiles=aa11 --pvc-create=true --pvc-size=200Gi
        ",
          "exit": 0,
          "out": "PROFILE   ENGINE         PRECISION   TP    PP    GPU    LORA   QOS       FITS
        aa11      tensorrt_llm   fp8         2     1     H100   no     latency   yes
        dd44      vllm           bf16        1     1     any    yes    <none>    yes
        ",
        }
      `);
      expect((await run("profiles --manifest -", { stdin: "schema_version: 2.0\nprofiles: []\n" })).err).toBe(
        "The list has no profiles.\n",
      );
      expect(await both("profiles --manifest none.yaml --fits")).toMatchInlineSnapshot(`
        {
          "err": "The only profile does not fit.
        ",
          "exit": 1,
          "out": "",
        }
      `);
      expect(await both("profiles --manifest model.yaml -o wide --kubeconfig nowhere")).toMatchInlineSnapshot(`
        {
          "err": "warning: whether profiles fit is unknown: nowhere: there is no such kubeconfig
        Cache one: kubectl nim create nimcache NAME --nim-source=ngc --model-puller=IMAGE --profiles=aa11 --pvc-create=true --pvc-size=200Gi
        ",
          "exit": 0,
          "out": "PROFILE   ENGINE         PRECISION   TP    PP    GPU    LORA   QOS          MODEL        RELEASE   DEVICE      FITS
        aa11      tensorrt_llm   fp8         2     1     H100   no     latency      meta/llama   1.8       2330:10de   unknown: nodes cannot be read
        bb22      tensorrt_llm   fp8         8     1     H100   no     throughput   meta/llama   1.8       <none>      unknown: nodes cannot be read
        cc33      tensorrt_llm   bf16        1     1     L40S   no     <none>       meta/llama   1.8       <none>      unknown: nodes cannot be read
        dd44      vllm           bf16        1     1     any    yes    <none>       meta/llama   1.8       <none>      unknown: nodes cannot be read
        ",
        }
      `);
    },
    { files: { "model.yaml": MANIFEST, "none.yaml": "cc33: {tags: {gpu: L40S}}\n" } },
  );
});

test("what is refused", async () => {
  await inNimCluster(
    async ({ cluster, both }) => {
      putCache(cluster);
      putManifest(cluster, "aa11: [\n");
      const lines = [
        "profiles",
        "profiles llama --manifest model.yaml",
        "profiles lama",
        "profiles nimservice/llama",
        "profiles llama",
        "profiles --manifest missing.yaml",
        "profiles --manifest deep.yaml",
        "profiles llama -o name",
      ];
      const seen = await Promise.all(lines.map((line) => both(line)));
      expect(seen.map(({ exit, out, err }) => `${exit} ${out}${err}`).join("")).toMatchInlineSnapshot(`
        "2 error: which profiles? Give the name of a cache, or --manifest with a file
          kubectl nim get nimcache lists the caches.
        2 error: a cache and --manifest exclude each other: give one of them
        3 error: NIMCache lama not found in namespace nim
          Did you mean "llama"?
        2 error: nimservice/llama is a service: profiles are chosen by its cache
          kubectl nim get nimservice llama -o jsonpath='{.spec.storage.nimCache.name}' names it.
        2 error: ConfigMap nim/llama-manifest: model_manifest.yaml:2:1: not valid YAML: deficient indentation
        3 error: missing.yaml: no such file or directory
        2 error: deep.yaml:1:100: not valid YAML: nesting exceeded maxDepth (100)
        2 error: -o takes table, wide, json or yaml, not "name"
          Did you mean "yaml"?
        "
      `);
    },
    { files: { "deep.yaml": "[".repeat(500) } },
  );
});

test("a profile's name out of the cluster is no command of its own, and no escape sequence", async () => {
  await inNimCluster(async ({ cluster, both }) => {
    putManifest(cluster, '{"a;$(id)\\e[2J": {model: m, release: "1", tags: {llm_engine: vllm}}}');
    putCache(cluster, { profiles: [{ name: "a;$(id)\u001b[2J", model: "m", config: {} }] });
    putNode(cluster);
    expect((await both("profiles llama")).err).toBe(
      String.raw`Serve one: kubectl nim create nimservice NAME --nimcache-storage-name=llama --nimcache-storage-profile='a;$(id)\x1b[2J'` +
        "\n",
    );
  });
});
