import { spawn } from "node:child_process";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { mapAt, textAt, type TreeMap } from "@slipway/base";
import type { KubeObject } from "@slipway/kube";
import { clientOf, startCluster, type Cluster } from "@slipway/kube/testing";
import { NIM_RESOURCES } from "@slipway/serving";
import { runNimOperator, storageClass, type Play } from "@slipway/sim";
import { expect, test } from "vitest";
import { built } from "../built.ts";
import { kubectlBinary } from "../tools.ts";
import { isInstalled } from "./installed.ts";
import { openPane, type Pane } from "./pane.ts";

// Somebody sits at a terminal and answers the questions of `kubectl nim deploy` with keys; the real kubectl starts it.

const kubectl = await kubectlBinary();
const canRun = isInstalled("tmux") && kubectl !== undefined;
const TEST = { timeout: 120_000 };

interface Desk {
  readonly pane: Pane;
  readonly cluster: Cluster;
  readonly env: Readonly<Record<string, string>>;
  /** Says what becomes of the object of a name. */
  readonly play: (name: string, play: Play) => void;
}

const SECRETS = [
  ["ngc-secret", "kubernetes.io/dockerconfigjson", ".dockerconfigjson"],
  ["ngc-api-secret", "Opaque", "NGC_API_KEY"],
  ["hf-api-secret", "Opaque", "HF_TOKEN"],
] as const;

/**
 * A terminal, a cluster with storage classes, secrets and an operator, and the real kubectl with the plugin.
 *
 * @param unsettled kinds that never come up
 */
async function atTerminal(action: (desk: Desk) => Promise<void>, unsettled: readonly string[] = []): Promise<void> {
  const { nimCaches, nimServices } = NIM_RESOURCES;
  const cluster = await startCluster({
    namespaces: ["nim"],
    contextNamespace: "nim",
    resources: [nimCaches, nimServices],
    unsettled,
  });
  const folder = await mkdtemp(join(tmpdir(), "slipway-desk-"));
  const client = await clientOf(cluster);
  const stop = new AbortController();
  const plays = new Map<string, Play>();
  const script = ({ metadata }: KubeObject): Play | undefined => plays.get(metadata.name ?? "");
  const operator = runNimOperator(client, { signal: stop.signal, retryMs: 20, script });
  try {
    for (const object of [storageClass("standard", { isDefault: true }), storageClass("nfs")]) cluster.put(object);
    for (const [name, type, key] of SECRETS) {
      const metadata = { name, namespace: "nim" };
      cluster.put({ apiVersion: "v1", kind: "Secret", metadata, type, data: { [key]: "eA==" } });
    }
    await operator.synced;
    await installPrograms(folder);
    const env = { PATH: `${folder}:${process.env["PATH"] ?? ""}`, KUBECONFIG: cluster.kubeconfig };
    const pane = await openPane(folder, env);
    try {
      await action({ pane, cluster, env, play: (name, play) => void plays.set(name, play) });
    } finally {
      await pane.close();
    }
  } finally {
    stop.abort();
    await operator.ended;
    client.close();
    await cluster.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The real kubectl, and the plugin as it is installed. */
async function installPrograms(folder: string): Promise<void> {
  await symlink(kubectl ?? "", join(folder, "kubectl"));
  await symlink((await built()).kubectlNim, join(folder, "kubectl-nim"));
}

function spec(cluster: Cluster, kind: "NIMService" | "NIMCache", name: string): TreeMap | undefined {
  const found = cluster.objects(kind, "nim").find((object) => textAt(object, "metadata", "name") === name);
  return found === undefined ? undefined : mapAt(found, "spec");
}

/** What there is of services and caches. */
function names(cluster: Cluster): readonly string[] {
  return ["NIMService", "NIMCache"].flatMap((kind) =>
    cluster.objects(kind, "nim").map((object) => `${kind} ${textAt(object, "metadata", "name")}`),
  );
}

/** The questions as they come, and the keys that answer them. */
async function answer(pane: Pane, answers: readonly (readonly [question: string, ...keys: readonly string[]])[]) {
  for (const [question, ...keys] of answers) {
    await pane.sees(new RegExp(`◆\\s+${question.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}`));
    await pane.press(...keys);
  }
}

/** The shell is back, and says how the command ended; the terminal is as it was. @returns what was seen till then */
async function ended(pane: Pane, exit: number): Promise<string> {
  const shown = await pane.sees(/\n\$$/);
  await pane.type("echo ended with $? $(stty -a | grep -o -w -e '-*icanon' -e '-*echo')");
  expect(await pane.sees(/^ended with .*\n\$$/m)).toContain(`\nended with ${exit} icanon echo\n`);
  expect(await pane.hasCursor()).toBe(true);
  return shown;
}

const SIZE = ["Enter size of the volume", "Enter"] as const;
const GPUS = ["Enter number of GPUs", "Enter"] as const;
const CLASS = ["Enter StorageClass for PVC", "Enter"] as const;
const CREATE = ["Create this?", "y"] as const;
const READY = /NIMService "llm" is ready$/m;

test.skipIf(!canRun)("a model that is not cached, on a class that is chosen", TEST, () =>
  atTerminal(async ({ pane, cluster }) => {
    await pane.type("kubectl nim deploy llm");
    await answer(pane, [
      ["Do you want to cache the model?", "n"],
      ["Enter the Model URL", "ngc://nvidia/nemo/llama:2.0", "Enter"],
      ["Enter StorageClass for PVC", "Down", "Enter"],
      ["Enter size of the volume", "50Gi", "Enter"],
      ["Enter number of GPUs", "2", "Enter"],
      CREATE,
    ]);
    await pane.sees(READY);
    const shown = await ended(pane, 0);
    expect(shown).toContain(`NIMService "llm" created in namespace "nim"`);
    expect(shown).toContain("# The same without questions:\nkubectl nim create nimservice llm");
    expect(spec(cluster, "NIMService", "llm")).toMatchObject({
      storage: { pvc: { storageClass: "nfs", size: "50Gi" } },
      resources: { limits: { "nvidia.com/gpu": "2" } },
    });
  }),
);

test.skipIf(!canRun).for([
  ["NGC", ["Enter"], [["Enter the Model URL", "ngc://nvidia/nemo/llama:2.0", "Enter"]], "ngc"],
  [
    "Hugging Face",
    ["Down", "Enter"],
    [
      ["Enter endpoint", "Enter"],
      ["Enter namespace", "meta-llama", "Enter"],
      ["Enter model name", "Llama-3.2-1B", "Enter"],
    ],
    "hf",
  ],
  [
    "NeMo Data Store",
    ["Down", "Down", "Enter"],
    [
      ["Enter endpoint", "http://store.nemo:3000/v1/hf", "Enter"],
      ["Enter namespace", "default", "Enter"],
      ["Enter model name", "llama", "Enter"],
    ],
    "dataStore",
  ],
] as const)("a cache from %s, and the service on it", TEST, ([, source, model, member]) =>
  atTerminal(async ({ pane, cluster }) => {
    await pane.type("kubectl nim deploy llm");
    await answer(pane, [
      ["Do you want to cache the model?", "y"],
      ["Enter the image source for caching", ...source],
      ...model,
      CLASS,
      SIZE,
      GPUS,
      CREATE,
    ]);
    await pane.sees(READY);
    await ended(pane, 0);
    expect(spec(cluster, "NIMCache", "llm-cache")).toMatchObject({ source: { [member]: expect.anything() } });
    expect(spec(cluster, "NIMService", "llm")).toMatchObject({ storage: { nimCache: { name: "llm-cache" } } });
  }),
);

test.skipIf(!canRun)("a cache that exists is chosen from a list", TEST, () =>
  atTerminal(async ({ pane, cluster }) => {
    const source = { ngc: { modelEndpoint: "ngc://a/b:1", authSecret: "ngc-api-secret", modelPuller: "a/b:1" } };
    const metadata = { name: "first", namespace: "nim" };
    const storage = { pvc: { create: true, size: "1Gi" } };
    cluster.put({ apiVersion: "apps.nvidia.com/v1alpha1", kind: "NIMCache", metadata, spec: { source, storage } });
    await pane.type("kubectl nim deploy llm");
    await answer(pane, [
      ["Do you want to cache the model?", "y"],
      ["Enter the image source for caching", "Down", "Down", "Down", "Enter"],
      ["Enter the name of the existing NIMCache", "Enter"],
      GPUS,
      CREATE,
    ]);
    await pane.sees(READY);
    await ended(pane, 0);
    expect(spec(cluster, "NIMService", "llm")).toMatchObject({ storage: { nimCache: { name: "first" } } });
  }),
);

test.skipIf(!canRun)("missing secrets are made from keys that are never shown", TEST, () =>
  atTerminal(async ({ pane, cluster }) => {
    for (const [name] of SECRETS) cluster.remove("Secret", "nim", name);
    await pane.type("kubectl nim deploy llm --no-wait");
    await answer(pane, [
      ["Do you want to cache the model?", "y"],
      ["Enter the image source for caching", "Down", "Enter"],
      ["Enter endpoint", "Enter"],
      ["Enter namespace", "meta-llama", "Enter"],
      ["Enter model name", "Llama-3.2-1B", "Enter"],
      CLASS,
      SIZE,
      GPUS,
      ["Secret ngc-secret is missing. Create it now?", "y"],
      ["Enter the API key of NGC", "nvapi-12345", "Enter"],
      ["Secret hf-api-secret is missing. Create it now?", "y"],
      ["Enter the token of Hugging Face", "hf_67890", "Enter"],
      CREATE,
    ]);
    const shown = await ended(pane, 0);
    expect(shown).not.toMatch(/nvapi|12345|hf_6|67890/);
    expect(shown).toContain('Secret "ngc-secret" created');
    const stored = cluster
      .objects("Secret", "nim")
      .map((object) => [textAt(object, "type"), decoded(mapAt(object, "data"))]);
    expect(stored).toEqual([
      ["Opaque", { HF_TOKEN: "hf_67890" }],
      [
        "kubernetes.io/dockerconfigjson",
        { ".dockerconfigjson": expect.stringContaining(btoa("$oauthtoken:nvapi-12345")) },
      ],
    ]);
  }),
);

test.skipIf(!canRun).for([
  ["the first question", []],
  ["a list", [["Do you want to cache the model?", "y"]]],
  [
    "a text half typed",
    [
      ["Do you want to cache the model?", "n"],
      ["Enter the Model URL", "ngc://nvi"],
    ],
  ],
] as const)("Ctrl-C at %s leaves nothing behind, and the terminal as it was", TEST, ([, before]) =>
  atTerminal(async ({ pane, cluster }) => {
    await pane.type("kubectl nim deploy llm");
    await answer(pane, before);
    await pane.sees(/◆ /);
    await pane.press("C-c");
    expect(await ended(pane, 130)).toContain("Nothing was created.");
    expect(names(cluster)).toEqual([]);
  }),
);

test.skipIf(!canRun)("Ctrl-C while it comes up leaves the objects, and says how to take them away", TEST, () =>
  atTerminal(
    async ({ pane, cluster }) => {
      await pane.type("kubectl nim deploy llm --no-cache --model-url ngc://a/b:1 --storage-class= --yes");
      await pane.sees(/NIMService "llm" is NotReady/);
      await pane.press("C-c");
      const shown = await ended(pane, 130);
      expect(shown).toContain(`To undo: kubectl nim delete nimservice llm -n nim`);
      expect(names(cluster)).toEqual(["NIMService llm"]);
    },
    ["Deployment"],
  ),
);

test.skipIf(!canRun)("a service that fails is told with the next step and the way back, which works", TEST, () =>
  atTerminal(async ({ pane, cluster, play }) => {
    play("llm", "fail");
    await pane.type("kubectl nim deploy llm --source=ngc --model-url=ngc://a/b:1 --storage-class=");
    await answer(pane, [SIZE, GPUS, CREATE]);
    const shown = await ended(pane, 1);
    expect(shown).toContain(`To find out why: kubectl nim explain nimservice/llm -n nim`);
    const undo = [...shown.matchAll(/To undo: (kubectl .*)$/gm)].map(([, line]) => line ?? "");
    expect(undo).toHaveLength(2);
    await pane.type(`clear; ${undo.map((line) => `${line} --yes`).join(" && ")}`);
    await pane.sees('NIMCache "llm-cache" deleted in namespace "nim"');
    expect(names(cluster)).toEqual([]);
  }),
);

/** The values of a Secret. */
function decoded(data: TreeMap): TreeMap {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, typeof value === "string" ? atob(value) : ""]),
  );
}

test.skipIf(!canRun)("a program answers each question when it comes, and never closes the pipe", TEST, () =>
  atTerminal(async ({ cluster, env }) => {
    const child = spawn(kubectl ?? "", ["nim", "deploy", "llm"], { env });
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    const answers = ["no", "ngc://a/b:1", "nfs", "", "", "yes"];
    const asked: string[] = [];
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      for (const line of text.split("\n").filter((row) => /^(Do|Enter|Create) .*:$/.test(row))) {
        asked.push(line);
        child.stdin.write(`${answers[asked.length - 1] ?? ""}\n`);
      }
    });
    expect(await ended).toBe(0);
    expect(asked).toHaveLength(answers.length);
    expect(spec(cluster, "NIMService", "llm")).toMatchObject({ storage: { pvc: { storageClass: "nfs" } } });
  }),
);
