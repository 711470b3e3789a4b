import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { isTreeMap, listAt, mapAt, parseYaml, textAt, writeYaml, type TreeMap } from "@slipway/base";
import { RESOURCES, nameOf, waitFor, type KubeClient, type KubeObject } from "@slipway/kube";
import { clientOf } from "@slipway/kube/testing";
import {
  KWOK_RESOURCES,
  createGpuNodes,
  nimStages,
  operatorInstallation,
  provideVolumes,
  runNimOperator,
  storageClass,
  type Generation,
  type Play,
} from "@slipway/sim";
import { NIM_KINDS, NIM_RESOURCES, type NimKind } from "@slipway/serving";
import { call, type Outcome } from "../aicr.ts";
import { built } from "../built.ts";
import { started, testCluster, type TestCluster } from "../control-plane.ts";
import { definitionsOf, installDefinitions, type Origin } from "./definitions.ts";

/** Milliseconds that a test of a cluster may take on a busy machine. */
export const TEST_MS = 180_000;

/** A real cluster with GPU nodes, storage, the NIM kinds and a scripted NIM operator, and the real kubectl with the plugin. */
export interface NimWorld {
  readonly cluster: TestCluster;
  readonly client: KubeClient & { close(): void };
  /** A namespace with the usual secrets, and a folder to work in. */
  place(options?: PlaceOptions): Promise<Place>;
}

/** What a place is like. */
export interface PlaceOptions {
  /** Whether the operator looks after it; it does unless told. */
  readonly isLookedAfter?: boolean;
  /** Whether the plugin is the compiled one, in place of its sources. */
  readonly isCompiled?: boolean;
}

/** What a command line is run with. */
export interface NimOptions {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A namespace, which is that of the kubeconfig's context, and somebody at a shell. */
export interface Place {
  readonly namespace: string;
  /** Folder of the shell. */
  readonly path: string;
  /** Runs `kubectl nim LINE` in a shell. */
  nim(line: string, options?: NimOptions): Promise<Outcome>;
  /** Runs any line in that shell. */
  shell(line: string, options?: NimOptions): Promise<Outcome>;
  /** Starts `kubectl nim LINE` and leaves it running. */
  start(line: string): ChildProcessWithoutNullStreams;
  /** Says what becomes of the object of a name, before it is made. */
  play(name: string, play: Play): void;
  /** Makes an object, with strict validation. */
  make(kind: NimKind, name: string, spec: TreeMap): Promise<void>;
  /** Waits until the operator says so of an object. */
  until(kind: NimKind, name: string, state: string): Promise<KubeObject>;
  /** The standard output of kubectl in the namespace. */
  kubectl(line: string, stdin?: string): Promise<string>;
  /** The spec of an object as the server stores it. */
  spec(kind: NimKind, name: string): Promise<TreeMap>;
}

interface Ground {
  readonly cluster: TestCluster;
  readonly client: KubeClient & { close(): void };
  /** By `namespace/name`. */
  readonly plays: Map<string, Play>;
  /** Namespaces that the operator leaves alone. */
  readonly deserted: Set<string>;
  current: { readonly key: string; readonly stop: () => Promise<void> } | undefined;
}

let ground: Promise<Ground> | undefined;

/**
 * The world of this test process: one cluster, in which the definitions of another release take the place of those that
 * were there. Whoever asks for another one ends the world before.
 */
export async function nimWorld(generation: Generation, origin: Origin = "ours"): Promise<NimWorld> {
  ground ??= prepare();
  const found = await ground;
  const key = `${generation} ${origin}`;
  if (found.current?.key !== key) {
    await found.current?.stop();
    await installDefinitions(found.client, await definitionsOf(generation, origin));
    found.current = { key, stop: await operate(found, generation) };
  }
  return {
    cluster: found.cluster,
    client: found.client,
    place: async ({ isLookedAfter = true, isCompiled = false } = {}) => {
      const made = await placeIn(found, isCompiled ? COMPILED : SOURCES);
      if (!isLookedAfter) found.deserted.add(made.namespace);
      return made;
    },
  };
}

async function operate({ client, plays, deserted }: Ground, generation: Generation): Promise<() => Promise<void>> {
  const stop = new AbortController();
  const { signal } = stop;
  for (const object of operatorInstallation(generation)) {
    const resource = object.kind === "Namespace" ? RESOURCES.namespaces : RESOURCES.deployments;
    const patch = { type: "apply", object, force: true } as const;
    const { namespace } = object.metadata;
    await client.patch(resource, nameOf(object), patch, { namespace, fieldManager: "helm" });
  }
  const operator = runNimOperator(client, {
    signal,
    generation,
    namespaceFilter: (namespace) => !deserted.has(namespace),
    script: ({ metadata }) => plays.get(`${metadata.namespace}/${metadata.name}`),
  });
  await operator.synced;
  return async () => {
    stop.abort();
    await operator.ended;
    // Objects whose finalizers nobody takes away would keep their kind.
    for (const resource of [NIM_RESOURCES.nimServices, NIM_RESOURCES.nimCaches]) {
      const { items } = await client.list(resource);
      const patch = { type: "merge", value: { metadata: { finalizers: null } } } as const;
      for (const { metadata } of items.filter((item) => item.metadata.finalizers !== undefined))
        await client.patch(resource, metadata.name ?? "", patch, { namespace: metadata.namespace });
    }
  };
}

async function prepare(): Promise<Ground> {
  const cluster = await started(testCluster());
  const client = await clientOf({ kubeconfig: cluster.controlPlane.kubeconfig });
  await createGpuNodes(client, { count: 2, model: "h100" });
  await createGpuNodes(client, { count: 1, model: "l40s" });
  for (const stage of nimStages()) await client.create(KWOK_RESOURCES.stages, stage);
  for (const object of [storageClass("standard", { isDefault: true }), storageClass("nfs-storage")])
    await client.create(RESOURCES.storageClasses, object);
  provideVolumes(client, { signal: new AbortController().signal });
  return {
    cluster,
    client,
    plays: new Map(),
    deserted: new Set(),
    current: undefined,
  };
}

const ROOT = join(import.meta.dirname, "../..");

/** Puts the plugin into a folder, as `kubectl-nim`. */
type Install = (folder: string) => Promise<void>;

const SOURCES: Install = async (folder) => {
  const node = join(ROOT, "node_modules/.bin/node");
  const script = `#!/bin/sh\nexec '${node}' '${join(ROOT, "apps/kubectl-nim/src/main.ts")}' "$@"\n`;
  await writeFile(join(folder, "kubectl-nim"), script);
  await chmod(join(folder, "kubectl-nim"), 0o755);
};

const COMPILED: Install = async (folder) => await symlink((await built()).kubectlNim, join(folder, "kubectl-nim"));

/** A folder with the real kubectl and the plugin. */
async function programsIn(path: string, { kubectlPath }: TestCluster, install: Install): Promise<string> {
  const folder = join(path, "bin");
  await mkdir(folder);
  await symlink(kubectlPath, join(folder, "kubectl"));
  await install(folder);
  return folder;
}

/** What the NIM images of a namespace are pulled with, and what they read models with. */
const SECRETS: readonly KubeObject[] = [
  {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "ngc-api-secret" },
    type: "Opaque",
    stringData: { NGC_API_KEY: "nvapi-test" },
  },
  {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "hf-api-secret" },
    type: "Opaque",
    stringData: { HF_TOKEN: "hf_test" },
  },
  {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "ngc-secret" },
    type: "kubernetes.io/dockerconfigjson",
    stringData: { ".dockerconfigjson": '{"auths":{"nvcr.io":{"username":"$oauthtoken","password":"nvapi-test"}}}' },
  },
];

async function placeIn({ cluster, client, plays }: Ground, install: Install): Promise<Place> {
  const namespace = await cluster.namespace();
  const path = await mkdtemp(join(cluster.controlPlane.directory, "place-"));
  const kubeconfig = await kubeconfigIn(cluster, namespace, path);
  for (const secret of SECRETS) await client.create(RESOURCES.secrets, secret, { namespace });
  const programs = await programsIn(path, cluster, install);
  const environment = { PATH: `${programs}:${process.env["PATH"]}`, KUBECONFIG: kubeconfig };
  const shell: Place["shell"] = async (line, { stdin, env } = {}) =>
    await call(["sh", "-c"], [line], {
      cwd: path,
      env: { ...environment, ...env },
      limit: TEST_MS,
      ...(stdin === undefined ? {} : { stdin }),
    });
  return {
    namespace,
    path,
    shell,
    nim: async (line, options) => await shell(`exec kubectl nim ${line}`, options),
    start: (line) =>
      spawn("sh", ["-c", `exec kubectl nim ${line}`], { cwd: path, env: { ...environment, HOME: path } }),
    play: (name, play) => void plays.set(`${namespace}/${name}`, play),
    kubectl: async (line, stdin) => await cluster.kubectl([`--namespace=${namespace}`, ...line.split(" ")], stdin),
    make: async (kind, name, spec) => {
      const object = { apiVersion: "apps.nvidia.com/v1alpha1", kind, metadata: { name }, spec };
      await client.create(NIM_KINDS[kind].resource, object, { namespace, fieldValidation: "Strict" });
    },
    until: async (kind, name, state) => {
      const isThere = (object: KubeObject | undefined): boolean => textAt(object, "status", "state") === state;
      const options = { namespace, until: `to be ${state}`, timeoutMs: 60_000 };
      const found = await waitFor(client, NIM_KINDS[kind].resource, name, isThere, options);
      if (found === undefined) throw new Error(`${name} is gone`);
      return found;
    },
    spec: async (kind, name) => mapAt(await client.get(NIM_KINDS[kind].resource, name, { namespace }), "spec"),
  };
}

async function kubeconfigIn(cluster: TestCluster, namespace: string, path: string): Promise<string> {
  const config = parseYaml(await readFile(cluster.controlPlane.kubeconfig, "utf8"));
  const contexts = listAt(config, "contexts").map((entry) => ({
    ...mapAt(entry),
    context: { ...mapAt(entry, "context"), namespace },
  }));
  const file = join(path, "kubeconfig");
  await writeFile(file, writeYaml({ ...(isTreeMap(config) ? config : {}), contexts }), { mode: 0o600 });
  return file;
}
