import { mapAt, type TreeMap } from "@slipway/base";
import type { Cluster } from "@slipway/kube/testing";
import { expect, test } from "vitest";
import { inNimCluster, type NimWorkplace } from "../testing/nim.ts";

/** A cluster in which nothing is missing. */
function furnish(cluster: Cluster): void {
  const gpus = { "nvidia.com/gpu": "8" };
  const status = { allocatable: gpus, capacity: gpus };
  cluster.put({ apiVersion: "v1", kind: "Node", metadata: { name: "gpu-1" }, status });
  for (const [name, annotations] of [
    ["fast", {}],
    ["standard", { "storageclass.kubernetes.io/is-default-class": "true" }],
  ] as const)
    cluster.put({
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: { name, annotations },
      provisioner: "rancher.io/local-path",
    });
  for (const [name, type, key] of [
    ["ngc-secret", "kubernetes.io/dockerconfigjson", ".dockerconfigjson"],
    ["ngc-api-secret", "Opaque", "NGC_API_KEY"],
    ["hf-api-secret", "Opaque", "HF_TOKEN"],
  ] as const) {
    const metadata = { name, namespace: "nim" };
    cluster.put({ apiVersion: "v1", kind: "Secret", metadata, type, data: { [key]: "eA==" } });
  }
}

function inFurnished(
  action: (place: NimWorkplace) => Promise<void>,
  files: Record<string, string> = {},
): Promise<void> {
  return inNimCluster(
    async (place) => {
      furnish(place.cluster);
      await action(place);
    },
    { files },
  );
}

function specOf(cluster: Cluster, kind: string): TreeMap | undefined {
  const [object] = cluster.objects(kind, "nim");
  return object === undefined ? undefined : mapAt(object, "spec");
}

/** What was stored, by kind and name, in order. */
function made({ writes }: Cluster): readonly string[] {
  return writes.filter(({ verb }) => verb === "create").map(({ kind, name }) => `${kind} ${name}`);
}

const IMAGE = {
  repository: "nvcr.io/nim/nvidia/llm-nim",
  tag: "1.12",
  pullPolicy: "IfNotPresent",
  pullSecrets: ["ngc-secret"],
};
const REST = {
  resources: { limits: { "nvidia.com/gpu": "1" } },
  expose: { service: { type: "ClusterIP", port: 8000 } },
  replicas: 1,
  inferencePlatform: "standalone",
};
const CLAIM = { create: true, size: "20Gi", volumeAccessMode: "ReadWriteOnce" };
const PULLER = { modelPuller: "nvcr.io/nim/nvidia/llm-nim:1.12", pullSecret: "ngc-secret" };
const HUB = { endpoint: "https://huggingface.co", namespace: "meta-llama", modelName: "Llama-3.2-1B" };

test("a model that is not cached, from a script that pipes the original's answers", () =>
  inFurnished(async ({ cluster, run }) => {
    expect(await run("deploy llm", { stdin: "no\nngc://nvidia/nemo/llama:2.0\nfast\n" })).toEqual({
      exit: 0,
      out:
        'NIMService "llm" created in namespace "nim"\n# The same without questions:\n' +
        "kubectl nim create nimservice llm -n nim --image-repository=nvcr.io/nim/nvidia/llm-nim --tag=1.12 " +
        "--pull-secrets=ngc-secret --auth-secret=ngc-api-secret --env=NIM_MODEL_NAME=ngc://nvidia/nemo/llama:2.0 " +
        "--pvc-create=true --pvc-size=20Gi --pvc-volume-access-mode=ReadWriteOnce --pvc-storage-class=fast --gpu-limit=1\n",
      err:
        "Do you want to cache the model? (yes/no):\n" +
        "Enter the Model URL (eg: ngc://nvidia/nemo/<model_name>:2.0; hf://meta-llama/Llama-3.2-1B-Instruct):\n" +
        "Enter StorageClass for PVC (leave blank to use cluster default) (fast, standard):\n" +
        "Enter size of the volume [20Gi]:\nEnter number of GPUs (at most 8 on a node here) [1]:\n" +
        "In namespace nim:\n" +
        "  NIMService llm: nvcr.io/nim/nvidia/llm-nim:1.12 with 1 GPU, ngc://nvidia/nemo/llama:2.0 on 20Gi of storage class fast\n" +
        "Create this? (yes/no) [yes]:\nTo see how it comes up: kubectl nim status nimservice llm -n nim\n",
    });
    expect(specOf(cluster, "NIMService")).toEqual({
      image: IMAGE,
      authSecret: "ngc-api-secret",
      env: [{ name: "NIM_MODEL_NAME", value: "ngc://nvidia/nemo/llama:2.0" }],
      storage: { pvc: { ...CLAIM, storageClass: "fast" } },
      ...REST,
    });
  }));

test.each([
  [
    "NGC",
    "yes\r\nngc\r\nngc://nvidia/nemo/llama:2.0\r\nfast",
    {
      source: { ngc: { authSecret: "ngc-api-secret", ...PULLER, modelEndpoint: "ngc://nvidia/nemo/llama:2.0" } },
      storage: { pvc: { ...CLAIM, storageClass: "fast" } },
    },
    "ngc-api-secret",
  ],
  [
    "Hugging Face",
    "YES\nHuggingFace\n\nmeta-llama\nLlama-3.2-1B\n\n",
    { source: { hf: { ...HUB, authSecret: "hf-api-secret", ...PULLER } }, storage: { pvc: CLAIM } },
    "hf-api-secret",
  ],
  [
    "NeMo Data Store",
    "yes\nnemodatastore\nhttp://store.nemo:3000\nhttp://store.nemo:3000/v1/hf\nmeta-llama\nLlama-3.2-1B\nfast\n100Gi\n2\nyes\n",
    {
      source: {
        dataStore: { ...HUB, endpoint: "http://store.nemo:3000/v1/hf", authSecret: "hf-api-secret", ...PULLER },
      },
      storage: { pvc: { ...CLAIM, size: "100Gi", storageClass: "fast" } },
    },
    "hf-api-secret",
  ],
])("a cache from %s comes before the service that takes its model from it", (_name, stdin, cache, authSecret) =>
  inFurnished(async ({ cluster, run }) => {
    const { exit, out } = await run("deploy llm", { stdin });
    expect([exit, out.split("\n").slice(0, 2)]).toEqual([
      0,
      ['NIMCache "llm-cache" created in namespace "nim"', 'NIMService "llm" created in namespace "nim"'],
    ]);
    expect(made(cluster)).toEqual(["NIMCache llm-cache", "NIMService llm"]);
    expect(specOf(cluster, "NIMCache")).toEqual(cache);
    expect(specOf(cluster, "NIMService")).toMatchObject({ authSecret, storage: { nimCache: { name: "llm-cache" } } });
  }),
);

test("a cache that exists serves as it is", () =>
  inFurnished(async ({ cluster, run }) => {
    const spec = { source: { hf: { namespace: "meta", modelName: "llama" } } };
    const metadata = { name: "shared", namespace: "nim" };
    cluster.put({
      apiVersion: "apps.nvidia.com/v1alpha1",
      kind: "NIMCache",
      metadata,
      spec,
      status: { state: "Ready" },
    });
    const { exit, out, err } = await run("deploy llm", { stdin: "yes\nexisting\nshared\n" });
    expect({ exit, out, err }).toEqual({
      exit: 0,
      out:
        'NIMService "llm" created in namespace "nim"\n' +
        "# The same without questions:\n" +
        "kubectl nim create nimservice llm -n nim --image-repository=nvcr.io/nim/nvidia/llm-nim --tag=1.12 --pull-secrets=ngc-secret --auth-secret=hf-api-secret --nimcache-storage-name=shared --gpu-limit=1\n",
      err:
        "Do you want to cache the model? (yes/no):\n" +
        "Enter the image source for caching (ngc, huggingface, nemoDataStore, existing):\n" +
        "Enter the name of the existing NIMCache (shared):\n" +
        "Enter number of GPUs (at most 8 on a node here) [1]:\n" +
        "In namespace nim:\n" +
        "  NIMService llm: nvcr.io/nim/nvidia/llm-nim:1.12 with 1 GPU, the model of NIMCache shared\n" +
        "Create this? (yes/no) [yes]:\n" +
        "To see how it comes up: kubectl nim status nimservice llm -n nim\n",
    });
    expect(made(cluster)).toEqual(["NIMService llm"]);
  }));

test("operators before 3.0.2 take the token from the environment, and the key of NGC from authSecret", () =>
  inFurnished(async ({ cluster, run }) => {
    cluster.put({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "nimservices.apps.nvidia.com" },
      spec: {
        group: "apps.nvidia.com",
        names: { kind: "NIMService", plural: "nimservices" },
        scope: "Namespaced",
        versions: [
          {
            name: "v1alpha1",
            served: true,
            storage: true,
            schema: {
              openAPIV3Schema: {
                type: "object",
                properties: { spec: { type: "object", properties: { replicas: { type: "integer", default: 1 } } } },
              },
            },
          },
        ],
      },
    });
    expect(await run("deploy llm --yes", { stdin: "no\nhf://meta-llama/Llama-3.2-1B\n\n" })).toEqual({
      exit: 0,
      out:
        'NIMService "llm" created in namespace "nim"\n' +
        "# The same without questions:\n" +
        "kubectl nim create nimservice llm -n nim --image-repository=nvcr.io/nim/nvidia/llm-nim --tag=1.12 --pull-secrets=ngc-secret --auth-secret=ngc-api-secret --env=NIM_MODEL_NAME,hf://meta-llama/Llama-3.2-1B,HF_TOKEN,hf-api-secret --pvc-create=true --pvc-size=20Gi --pvc-volume-access-mode=ReadWriteOnce --gpu-limit=1\n",
      err:
        "Do you want to cache the model? (yes/no):\n" +
        "Enter the Model URL (eg: ngc://nvidia/nemo/<model_name>:2.0; hf://meta-llama/Llama-3.2-1B-Instruct):\n" +
        "Enter StorageClass for PVC (leave blank to use cluster default) (fast, standard):\n" +
        "In namespace nim:\n" +
        "  NIMService llm: nvcr.io/nim/nvidia/llm-nim:1.12 with 1 GPU, hf://meta-llama/Llama-3.2-1B on 20Gi of the default storage class\n" +
        "To see how it comes up: kubectl nim status nimservice llm -n nim\n",
    });
    expect(specOf(cluster, "NIMService")).toEqual({
      image: IMAGE,
      storage: { pvc: CLAIM },
      ...REST,
      authSecret: "ngc-api-secret",
      env: [
        { name: "NIM_MODEL_NAME", value: "hf://meta-llama/Llama-3.2-1B" },
        {
          name: "HF_TOKEN",
          valueFrom: { secretKeyRef: { name: "hf-api-secret", key: "HF_TOKEN", optional: true } },
        },
      ],
    });
  }));

const ANSWERS =
  "cache: yes\nsource: huggingface\nendpoint: https://huggingface.co\naltNamespace: meta-llama\nmodel-name: 1.10\n";

test("answers of a file and flags: nothing is asked, and -o yaml prints what would be made", () =>
  inFurnished(
    async ({ cluster, run }) => {
      const seen = await run("deploy llm --answers answers.yaml --storage-class fast --dry-run=server -o yaml");
      expect(seen.exit).toBe(0);
      expect(seen.err).toBe(
        "In namespace nim:\n  NIMCache llm-cache: meta-llama/1.10 from https://huggingface.co, on 20Gi of storage class fast\n" +
          "  NIMService llm: nvcr.io/nim/nvidia/llm-nim:1.12 with 1 GPU, the model of NIMCache llm-cache\n",
      );
      expect(seen.out.match(/^(kind|---|      modelName).*$/gm)).toEqual([
        "kind: NIMCache",
        '      modelName: "1.10"',
        "---",
        "kind: NIMService",
      ]);
      expect(made(cluster)).toEqual([]);
    },
    { "answers.yaml": ANSWERS },
  ));

test("a dry run says what would be made, and stores nothing", () =>
  inFurnished(async ({ cluster, run }) => {
    const line = "deploy llm --source=ngc --model-url=ngc://a/b:1 --storage-class= --yes";
    const lines = (suffix: string): string =>
      `NIMCache "llm-cache" created in namespace "nim"${suffix}\nNIMService "llm" created in namespace "nim"${suffix}\n`;
    expect((await run(`${line} --dry-run=client`)).out).toBe(lines(" (dry run)"));
    expect((await run(`${line} --dry-run=server`)).out).toBe(lines(" (server dry run)"));
    expect(made(cluster)).toEqual([]);
    expect((await run(`${line} -o name`)).out).toBe(
      "nimcache.apps.nvidia.com/llm-cache\nnimservice.apps.nvidia.com/llm\n",
    );
  }));

test("missing secrets are made from environment variables, and no key is ever printed", () =>
  inNimCluster(async ({ cluster, run }) => {
    furnish(cluster);
    for (const name of ["ngc-secret", "ngc-api-secret", "hf-api-secret"]) cluster.remove("Secret", "nim", name);
    const env = { KEY: "nvapi-1234", HF_TOKEN: "hf_5678" };
    const line =
      "deploy llm --source=huggingface --endpoint=https://huggingface.co --alt-namespace=a --model-name=b --storage-class= " +
      "--yes --ngc-key-env KEY --hf-token-env HF_TOKEN";
    const seen = await run(line, { env });
    expect([seen.exit, made(cluster)]).toEqual([
      0,
      ["Secret ngc-secret", "Secret hf-api-secret", "NIMCache llm-cache", "NIMService llm"],
    ]);
    expect(seen).toEqual({
      exit: 0,
      out:
        'Secret "ngc-secret" created in namespace "nim"\n' +
        'Secret "hf-api-secret" created in namespace "nim"\n' +
        'NIMCache "llm-cache" created in namespace "nim"\n' +
        'NIMService "llm" created in namespace "nim"\n' +
        "# The same without questions:\n" +
        "kubectl nim secret ngc -n nim --only=pull --pull-secret=ngc-secret --from-env=KEY\n" +
        "kubectl nim secret hf hf-api-secret -n nim --from-env=HF_TOKEN\n" +
        "kubectl nim create nimcache llm-cache -n nim --nim-source=huggingface --alt-endpoint=https://huggingface.co --alt-namespace=a --model-name=b --alt-secret=hf-api-secret --model-puller=nvcr.io/nim/nvidia/llm-nim:1.12 --pull-secret=ngc-secret --pvc-create=true --pvc-size=20Gi --pvc-volume-access-mode=ReadWriteOnce\n" +
        "kubectl nim create nimservice llm -n nim --image-repository=nvcr.io/nim/nvidia/llm-nim --tag=1.12 --pull-secrets=ngc-secret --auth-secret=hf-api-secret --nimcache-storage-name=llm-cache --gpu-limit=1\n",
      err:
        "In namespace nim:\n" +
        "  Secret ngc-secret\n" +
        "  Secret hf-api-secret\n" +
        "  NIMCache llm-cache: a/b from https://huggingface.co, on 20Gi of the default storage class\n" +
        "  NIMService llm: nvcr.io/nim/nvidia/llm-nim:1.12 with 1 GPU, the model of NIMCache llm-cache\n" +
        "To see how it comes up: kubectl nim status nimservice llm -n nim\n",
    });
    expect(seen.out + seen.err).not.toMatch(/nvapi|hf_5678/);
    const secrets = cluster.objects("Secret", "nim").map((object) => [object["type"], mapAt(object, "data")]);
    const auth = btoa("$oauthtoken:nvapi-1234");
    const config = { auths: { "nvcr.io": { username: "$oauthtoken", password: "nvapi-1234", auth } } };
    expect(secrets).toEqual([
      ["Opaque", { HF_TOKEN: btoa("hf_5678") }],
      ["kubernetes.io/dockerconfigjson", { ".dockerconfigjson": btoa(JSON.stringify(config)) }],
    ]);
  }));

test("secrets that are missing, classes and GPUs that are not there are told before anything is made", () =>
  inNimCluster(async ({ run }) => {
    const { err } = await run("deploy llm --no-cache --model-url=llama --storage-class=fast --yes");
    expect(err.split("\n").filter((line) => line.startsWith("warning"))).toEqual([
      'warning: there is no storage class "fast" in the cluster',
      "warning: llama: NIM reads models from ngc://, hf:// and paths",
      "warning: no node of the cluster offers nvidia.com/gpu: the service will wait until one does",
      'warning: secret "ngc-secret", which pulls images from nvcr.io, is missing: make it with kubectl nim secret ngc',
      'warning: secret "ngc-api-secret", which reads models of NGC, is missing: make it with kubectl nim secret ngc',
    ]);
  }));

test("a class that is not there and more GPUs than a node has are asked again", () =>
  inFurnished(async ({ cluster, run }) => {
    const { exit, err } = await run("deploy llm", {
      stdin: "no\nngc://a/b:1\nstandart\nstandard\n\n99\n8\n",
    });
    expect([exit, err.split("\n").filter((line) => /Please choose|No node has/.test(line))]).toEqual([
      0,
      [
        'Please choose fast or standard. Did you mean "standard"?',
        "No node has 99 GPUs: the largest has 8. Ask for 8 or fewer.",
      ],
    ]);
    expect(made(cluster)).toEqual(["NIMService llm"]);
  }));

test.each([
  [
    "--storage-class=fats --gpu-limit=1",
    '--storage-class: There is no storage class "fats" in the cluster, only fast, standard. Did you mean "fast"?',
  ],
  [
    "--storage-class=nowhere --gpu-limit=1",
    '--storage-class: There is no storage class "nowhere" in the cluster, only fast, standard. Leave it blank for the cluster\'s default.',
  ],
  ["--storage-class= --gpu-limit=9", "--gpu-limit: No node has 9 GPUs: the largest has 8. Ask for 8 or fewer."],
  [
    "--answers answers.yaml",
    '--storage-class: There is no storage class "slow" in the cluster, only fast, standard. Leave it blank for the cluster\'s default.',
  ],
])("%s will never work here, and is refused", (flags, message) =>
  inFurnished(
    async ({ cluster, both }) => {
      expect(await both(`deploy llm --no-cache --model-url=ngc://a/b:1 --yes ${flags}`)).toEqual({
        exit: 2,
        out: "",
        err: `error: ${message}\n`,
      });
      expect(made(cluster)).toEqual([]);
    },
    { "answers.yaml": "storageClass: slow\n" },
  ),
);

test("who may not look around is asked all the same", () =>
  inFurnished(async ({ cluster, run }) => {
    cluster.allow(({ verb, resource }) => verb === "create" || resource === "nimservices");
    const { exit, err } = await run("deploy llm", { stdin: "no\nngc://a/b:1\nslow\n" });
    expect(exit).toBe(0);
    expect(err.split("\n")[0]).toBe(
      "warning: you may not list storage classes, caches, secrets, nodes here: they are not offered, and answers are not checked against them",
    );
  }));

test("the commands that it prints mean the same cluster and person, and say what they leave out", () =>
  inFurnished(async ({ run }) => {
    const seen = await run(
      "deploy llm --cache=no --model-url=ngc://nvidia/nemo/llama:2.0 --storage-class=fast --yes --no-wait " +
        "--as=bob --as-group=dev --as-group=ops --tls-server-name=kube --token=t0ken",
    );
    const [made, , ...commands] = seen.out.trimEnd().split("\n");
    const place = "-n nim --as=bob --tls-server-name=kube --as-group=dev --as-group=ops";
    expect([seen.exit, made, commands]).toEqual([
      0,
      'NIMService "llm" created in namespace "nim"',
      [
        `kubectl nim create nimservice llm ${place} --image-repository=nvcr.io/nim/nvidia/llm-nim --tag=1.12 ` +
          "--pull-secrets=ngc-secret --auth-secret=ngc-api-secret --env=NIM_MODEL_NAME=ngc://nvidia/nemo/llama:2.0 " +
          "--pvc-create=true --pvc-size=20Gi --pvc-volume-access-mode=ReadWriteOnce --pvc-storage-class=fast --gpu-limit=1",
      ],
    ]);
    expect(seen.err).toBe(
      "In namespace nim:\n" +
        "  NIMService llm: nvcr.io/nim/nvidia/llm-nim:1.12 with 1 GPU, ngc://nvidia/nemo/llama:2.0 on 20Gi of storage class fast\n" +
        "To see how it comes up: kubectl nim status nimservice llm -n nim --as=bob --tls-server-name=kube --as-group=dev --as-group=ops\n" +
        "warning: these commands need --token too, as this one did\n",
    );
    expect(seen.err + seen.out).not.toContain("t0ken");
  }));
