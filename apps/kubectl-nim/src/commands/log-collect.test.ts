import { lstat, mkdir, readFile, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SlipwayError, type TreeMap } from "@slipway/base";
import { list as listArchive } from "tar";
import { expect, test } from "vitest";
import { LOGIN, OPERATED, at, fillForCollect as fill, secret } from "../testing/collected.ts";
import { COLLECTED } from "../testing/collected-files.ts";
import { inNimCluster } from "../testing/nim.ts";

const FILES = [
  "cluster/crds.yaml",
  "cluster/gpu_allocation.status",
  "cluster/gpu_nodes.descr",
  "cluster/gpu_nodes.status",
  "cluster/k8s_version.yaml",
  "cluster/runtimeclasses.yaml",
  "index.json",
  "nim/configmaps.status",
  "nim/configmaps/cache-manifest.yaml",
  "nim/deployments.yaml",
  "nim/events.status",
  "nim/events.yaml",
  "nim/inferenceservices.yaml",
  "nim/jobs.yaml",
  "nim/llama-a.descr",
  "nim/llama-a.log",
  "nim/llama-a.previous.log",
  "nim/nimbuilds.yaml",
  "nim/nimcaches.yaml",
  "nim/nimpipelines.yaml",
  "nim/nimservices.yaml",
  "nim/pods.yaml",
  "nim/pvcs.yaml",
  "nim/replicasets.yaml",
  "nim/secrets.yaml",
  "nim/services.yaml",
  "nim/statefulsets.yaml",
  "operator/deployments.yaml",
  "operator/events.status",
  "operator/events.yaml",
  "operator/jobs.yaml",
  "operator/operator-a.descr",
  "operator/operator-a.log",
  "operator/pods.yaml",
  "operator/replicasets.yaml",
  "operator/services.yaml",
  "storage/persistentvolumes.yaml",
  "storage/storageclasses.yaml",
];

async function treeOf(root: string): Promise<ReadonlyMap<string, string>> {
  const names = await readdir(root, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(
    files.map(async (path) => [path.slice(root.length + 1), await readFile(path, "utf8")] as const),
  );
  return new Map(texts.toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

test("the bundle of the seed, and what it lacked", async () => {
  await inNimCluster(async ({ cluster, cwd, run }) => {
    fill(cluster);
    const env = { TMPDIR: cwd };
    const place = "$PWD/nim_log_diagnostic_bundle_20260102_030405";
    expect(await run("logs collect", { env })).toEqual({
      exit: 0,
      out:
        `\nDiagnostic bundle created at ${place}/nim.\nSaved 3 log file(s) in:\n` +
        `  ${place}/nim/llama-a.log\n  ${place}/nim/llama-a.previous.log\n  ${place}/operator/operator-a.log\n`,
      err: "",
    });
    const tree = await treeOf(place.replace("$PWD", cwd));
    expect([...tree.keys()]).toEqual(FILES);
    expect(tree.get("cluster/gpu_nodes.status")).toBe(
      "NAME    STATUS   ROLES    AGE   VERSION   INTERNAL-IP   OS-IMAGE   KERNEL   RUNTIME   GPU           GPUS\n" +
        "gpu-1   Ready    <none>   24h   v1.33.1   <none>        <none>     <none>   <none>    NVIDIA-H100   8\n",
    );
    expect(tree.get("cluster/gpu_allocation.status")).toBe(
      "NODE    PRODUCT       ALLOCATABLE   REQUESTED   FREE\ngpu-1   NVIDIA-H100   8             1           7\n",
    );
    expect(tree.get("nim/llama-a.previous.log")).toBe("[pod/llama-a/llama-ctr] crash: token=(redacted)\n");
    const files = Object.keys(COLLECTED).map((path) => [path, tree.get(path)]);
    expect(Object.fromEntries(files)).toEqual(COLLECTED);
    expect(tree.get("nim/events.status")).toBe(
      "Events:\n" +
        "  LAST SEEN   TYPE      REASON   OBJECT        COUNT   MESSAGE\n" +
        '  60s         Warning   Failed   Pod/llama-a   3       pull failed: {"auth":"(redacted)"}\\u001b[2J\n',
    );
  });
});

test("a Helm release that is called like a service is left alone", async () => {
  await inNimCluster(async ({ cluster, cwd, run }) => {
    fill(cluster);
    const labels = { "app.kubernetes.io/instance": "llama", "app.kubernetes.io/managed-by": "Helm" };
    const metadata = { namespace: "nim", name: "stranger", labels };
    cluster.put({ apiVersion: "v1", kind: "Pod", metadata, spec: { containers: [{ name: "main" }] } });
    expect((await run("log collect", { env: { TMPDIR: cwd } })).exit).toBe(0);
    const tree = await treeOf(join(cwd, "nim_log_diagnostic_bundle_20260102_030405"));
    expect([...tree.keys()]).toEqual(FILES);
  });
});

test("of ConfigMaps only those of caches are read whole", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    fill(cluster);
    await run("log collect --output-directory out");
    const asked = cluster.requests.filter(({ path }) => path.includes("/configmaps"));
    expect(asked.map(({ path, headers }) => [path, headers["accept"]])).toEqual([
      [
        "/api/v1/namespaces/nim/configmaps",
        "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json",
      ],
      ["/api/v1/namespaces/nim/configmaps/cache-manifest", "application/json,*/*"],
    ]);
  });
});

test("thirty secrets in pods, logs, annotations, ConfigMaps and specs never come out", async () => {
  await inNimCluster(async ({ cluster, cwd, run }) => {
    fill(cluster);
    await run("log collect --output-directory out");
    const all = [...(await treeOf(join(cwd, "out")))];
    const leaks = Array.from({ length: 30 }, (_, index) => secret(index + 1)).flatMap((planted) =>
      all
        .filter(([, text]) => text.includes(planted) || text.includes(btoa(planted)))
        .map(([path]) => `${planted} in ${path}`),
    );
    expect(leaks).toEqual([]);
    expect(all.filter(([, text]) => text.includes(LOGIN) || text.includes("auths"))).toEqual([]);
  });
});

test("what could not be read is told, in the index too, and the exit status says so", async () => {
  await inNimCluster(async ({ cluster, cwd, run }) => {
    fill(cluster);
    cluster.fault({
      when: ({ path }) => path.endsWith("/secrets") || path.endsWith("/llama-a/log"),
      reason: "Forbidden",
    });
    const seen = await run("log collect --output-directory out -o json");
    const index: { totals: TreeMap; files: readonly TreeMap[] } = JSON.parse(seen.out);
    expect(seen.out).toBe(await readFile(join(cwd, "out/index.json"), "utf8"));
    expect(seen.exit).toBe(1);
    expect(seen.err).toBe(
      "warning: not collected: nim/llama-a.log: copy: a test has ordered this failure; llama-ctr: a test has ordered this failure\n" +
        "warning: not collected: nim/llama-a.previous.log: llama-ctr: a test has ordered this failure\n" +
        "warning: not collected: nim/secrets.yaml: a test has ordered this failure\n",
    );
    expect(index.files.filter(({ status }) => status !== "complete")).toEqual(
      [
        {
          path: "nim/ingress/ingress.yaml",
          bytes: 0,
          status: "absent",
          source: { verb: "list", resource: "ingresses.networking.k8s.io", namespace: "nim" },
          reason: "the cluster does not have it",
        },
        {
          path: "nim/horizontalpodautoscalers.yaml",
          bytes: 0,
          status: "absent",
          source: { verb: "list", resource: "horizontalpodautoscalers.autoscaling", namespace: "nim" },
          reason: "the cluster does not have it",
        },
        {
          path: "nim/llama-a.log",
          bytes: 0,
          status: "failed",
          source: { verb: "logs", resource: "pods", namespace: "nim", name: "llama-a" },
          reason: "copy: a test has ordered this failure; llama-ctr: a test has ordered this failure",
          code: "NOT_ALLOWED",
        },
        {
          path: "nim/llama-a.previous.log",
          bytes: 0,
          status: "failed",
          source: { verb: "logs", resource: "pods", namespace: "nim", name: "llama-a" },
          reason: "llama-ctr: a test has ordered this failure",
          code: "NOT_ALLOWED",
        },
        {
          path: "nim/secrets.yaml",
          bytes: 0,
          status: "failed",
          source: { verb: "list", resource: "secrets", namespace: "nim" },
          reason: "a test has ordered this failure",
          code: "NOT_ALLOWED",
        },
      ].toSorted((left, right) => (left.path < right.path ? -1 : 1)),
    );
    expect(index.totals).toMatchObject({ failed: 3, absent: 2, cut: 0 });
  });
});

test("an archive, with NeMo, and logs that are cut", async () => {
  await inNimCluster(
    async ({ cluster, cwd, run }) => {
      fill(cluster);
      cluster.put({
        apiVersion: "v1",
        kind: "Pod",
        metadata: at("evaluator", { labels: OPERATED }, "nemo"),
        spec: { containers: [{ name: "e" }] },
        status: { phase: "Running" },
      });
      cluster.log("nemo", "evaluator", "e").write("x".repeat(100));
      const seen = await run("log collect --max-log-bytes 10", {
        env: { NEMO_NAMESPACE: "nemo", ARTIFACT_DIR: "out/b.tar.gz" },
      });
      expect(seen).toEqual({
        exit: 0,
        out:
          "\nDiagnostic bundle created at $PWD/out/b.tar.gz.\nSaved 4 log file(s) in:\n" +
          "  nemo/evaluator.log\n  nim/llama-a.log\n  nim/llama-a.previous.log\n  operator/operator-a.log\n",
        err:
          "warning: cut: nemo/evaluator.log: e: only the first 10 bytes\n" +
          "warning: cut: nim/llama-a.log: llama-ctr: only the first 10 bytes\n" +
          "warning: cut: nim/llama-a.previous.log: llama-ctr: only the first 10 bytes\n" +
          "warning: cut: operator/operator-a.log: manager: only the first 10 bytes\n",
      });
      const paths: string[] = [];
      await listArchive({ file: join(cwd, "out/b.tar.gz"), onReadEntry: ({ path }) => void paths.push(path) });
      expect(paths.filter((path) => !path.endsWith("/"))).toEqual(
        expect.arrayContaining([
          "b/index.json",
          "b/nemo/evaluator.log",
          "b/nemo/nemoguardrails.apps.nvidia.com.yaml",
          "b/nim/llama-a.log",
        ]),
      );
      expect(await readdir(join(cwd, "out"))).toEqual(["b.tar.gz"]);
    },
    { namespaces: ["nim", "nemo"] },
  );
});

test.each([
  ["log collect -n nimm --output-directory out", 3, 'error: namespace "nimm" not found\n  Did you mean "nim"?\n'],
  [
    "log collect --operator-namespace nothing --output-directory out",
    3,
    'error: namespace "nothing" not found\n  kubectl get namespaces shows what there is.\n',
  ],
  [
    "log collect --output-directory there",
    2,
    "error: $PWD/there is there already\n  Name another --output-directory, or move what is there.\n",
  ],
  [
    "log collect --output-directory link",
    2,
    "error: $PWD/link is there already\n  Name another --output-directory, or move what is there.\n",
  ],
  [
    "log collect --output-directory there/file.tar.gz",
    2,
    "error: $PWD/there/file.tar.gz is there already\n  Name another --output-directory, or move what is there.\n",
  ],
  [
    "log collect --output-directory deep/down/out",
    3,
    "error: --output-directory: there is no directory $PWD/deep/down\n  Make it first, or name a place in a directory that is there.\n",
  ],
  ["log collect --max-log-bytes 0", 2, "error: --max-log-bytes takes a number above 0, not 0\n"],
])("%s is refused, and nothing is left", async (line, exit, err) => {
  await inNimCluster(async ({ cluster, cwd, run }) => {
    fill(cluster);
    await mkdir(join(cwd, "there"));
    await mkdir(join(cwd, "empty"));
    await writeFile(join(cwd, "there/file.tar.gz"), "mine");
    await symlink("empty", join(cwd, "link"));
    expect(await run(line)).toEqual({ exit, out: "", err });
    expect(await readdir(cwd)).toEqual(["empty", "link", "there"]);
    expect((await lstat(join(cwd, "link"))).isSymbolicLink()).toBe(true);
  });
});

test("Ctrl-C leaves nothing", async () => {
  await inNimCluster(async ({ cluster, cwd, run }) => {
    fill(cluster);
    const stop = new AbortController();
    cluster.fault({
      when: ({ path }) => {
        if (path.endsWith("/nimcaches")) stop.abort(new SlipwayError("INTERRUPTED", "interrupted"));
        return false;
      },
    });
    expect(await run("log collect", { signal: stop.signal, env: { ARTIFACT_DIR: "deep/out" } })).toEqual({
      exit: 130,
      out: "",
      err: "error: interrupted\n",
    });
    expect(await readdir(cwd)).toEqual([]);
  });
});

test("progress on a terminal", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    fill(cluster);
    const { err } = await run("log collect --output-directory out", { tty: true });
    expect(err).toMatch(
      /^\r\u001b\[KCollecting: 1 of \d+ files(?:\r\u001b\[KCollecting: \d+ of \d+ files)*\r\u001b\[K$/,
    );
    expect(err).toContain(`Collecting: ${FILES.length + 1} of ${FILES.length + 1} files`);
  });
});

test("a container that has not started has no log, which is no failure", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    cluster.put({
      apiVersion: "v1",
      kind: "Pod",
      metadata: at("llama-b", { labels: OPERATED }),
      spec: { containers: [{ name: "ctr" }] },
      status: { phase: "Pending" },
    });
    cluster.fault({ when: ({ path }) => path.endsWith("/log"), reason: "BadRequest" });
    const { exit, out, err } = await run("log collect --output-directory out -o json");
    const { files }: { files: readonly TreeMap[] } = JSON.parse(out);
    expect([exit, err, files.find(({ path }) => path === "nim/llama-b.log")]).toEqual([
      0,
      "",
      {
        path: "nim/llama-b.log",
        bytes: 0,
        status: "complete",
        source: { verb: "logs", resource: "pods", namespace: "nim", name: "llama-b" },
        reason: "ctr: there is no log",
      },
    ]);
  });
});

test("a namespace that is not there is told also where namespaces may not be listed", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    cluster.fault({ when: ({ path }) => path === "/api/v1/namespaces", reason: "Forbidden" });
    expect(await run("log collect -n nowhere --output-directory out")).toEqual({
      exit: 3,
      out: "",
      err: 'error: namespace "nowhere" not found\n  kubectl get namespaces shows what there is.\n',
    });
  });
});
