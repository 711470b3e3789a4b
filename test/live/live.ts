import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RESOURCES, nameOf, type KubeClient } from "@slipway/kube";
import { clientOf } from "@slipway/kube/testing";
import { createGpuNodes } from "@slipway/sim";
import { AICR_SOURCE, call, type Outcome } from "../aicr.ts";
import { built } from "../built.ts";
import { sharedControlPlane, started, testCluster, type TestCluster } from "../control-plane.ts";

/** A program and its first arguments, when it is built. */
export type Program = () => Promise<readonly string[]>;

export const SOURCES: Program = async () => AICR_SOURCE;
export const BINARY: Program = async () => [(await built()).binary];

/** What every test of a whole command is run with. */
export const PROGRAMS: readonly (readonly [name: string, program: Program])[] = [
  ["the sources", SOURCES],
  ["the binary", BINARY],
];

/** Milliseconds that a test of a cluster may take on a busy machine. */
export const TEST_MS = 180_000;

/** The GPU nodes of these tests. */
export const POOL = "live-pool=yes";
export const GPU_NODES = [0, 1, 2, 3, 4].map((index) => `live-gpu-${index}`);
export const TAINT = { key: "nvidia.com/gpu", effect: "NoSchedule" };

/** A real cluster, and the administrator's client. */
export interface Live {
  readonly cluster: TestCluster;
  readonly client: KubeClient & { close(): void };
}

let shared: Promise<Live> | undefined;

/** The cluster of this test process with {@link GPU_NODES} in it, which are tainted. */
export async function live(): Promise<Live> {
  shared ??= prepare(sharedControlPlane());
  return await shared;
}

/** The same as a cluster of the test's own, for those whose answer hangs on all nodes; the test stops it. */
export async function ownLive(): Promise<Live> {
  return await prepare(testCluster());
}

async function prepare(starting: Promise<TestCluster | undefined>): Promise<Live> {
  const cluster = await started(starting);
  const client = await clientOf({ kubeconfig: cluster.controlPlane.kubeconfig });
  const [key = "", value = ""] = POOL.split("=");
  const labels = { [key]: value };
  await createGpuNodes(client, { count: GPU_NODES.length, model: "h100", prefix: "live-gpu", labels, taints: [TAINT] });
  await createGpuNodes(client, { count: 1, prefix: "live-cpu" });
  await cluster.kubectl(["wait", "node", "-l", POOL, "--for=condition=Ready", "--timeout=60s"]);
  return { cluster, client };
}

/** An empty folder, and what is run in it. */
export interface Folder {
  readonly path: string;
  /** Runs aicr as the user of a kubeconfig; the administrator unless told. */
  aicr(program: Program, argv: readonly string[], options?: AicrOptions): Promise<Outcome>;
  close(): Promise<void>;
}

/** How aicr is run. */
export interface AicrOptions {
  readonly kubeconfig?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

export async function folder({ cluster }: Pick<Live, "cluster">): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), "slipway-live-"));
  return {
    path,
    aicr: async (program, argv, { kubeconfig = cluster.controlPlane.kubeconfig, env, stdin } = {}) => {
      const all = { KUBECONFIG: kubeconfig, ...env };
      const options = { cwd: path, env: all, limit: TEST_MS, ...(stdin === undefined ? {} : { stdin }) };
      return await call(await program(), argv, options);
    },
    close: async () => await rm(path, { recursive: true, force: true }),
  };
}

const KINDS = [
  RESOURCES.clusterRoles,
  RESOURCES.clusterRoleBindings,
  RESOURCES.serviceAccounts,
  RESOURCES.roles,
  RESOURCES.roleBindings,
  RESOURCES.configMaps,
  RESOURCES.jobs,
  RESOURCES.pods,
];

/** `Kind name` of all objects whose name starts so, whatever their labels say. */
export async function objectsOf({ client }: Pick<Live, "client">, prefix: string): Promise<readonly string[]> {
  const lists = await Promise.all(
    KINDS.map(async (resource) => {
      const { items } = await client.list(resource, { metadataOnly: true });
      return items.map((item) => `${resource.kind} ${nameOf(item)}`);
    }),
  );
  return lists.flat().filter((text) => text.split(" ")[1]?.startsWith(prefix));
}
