import { plain } from "@slipway/terminal/testing";
import { textAt, type TreeMap } from "@slipway/base";
import { systemTimer, type Timer } from "@slipway/kube";
import type { Cluster } from "@slipway/kube/testing";
import { expect, test } from "vitest";
import { nimObject } from "../testing/nim-objects.ts";
import { inNimCluster } from "../testing/nim.ts";

function names(cluster: Cluster, kind: string, namespace = "nim"): readonly string[] {
  return cluster.objects(kind, namespace).map((object) => textAt(object, "metadata", "name"));
}

function service(name: string, more: TreeMap = {}): TreeMap {
  const spec = {
    authSecret: "ngc-api-secret",
    image: { pullSecrets: ["ngc-secret"] },
    storage: { nimCache: { name: "llama" } },
  };
  const object = nimObject("NIMService", name, spec, { state: "Ready" });
  return { ...object, metadata: { name, namespace: "nim", ...more } };
}

/** What the operator makes for an object. */
function owned(owner: TreeMap, apiVersion: string, kind: string, name: string): TreeMap {
  const ownerReferences = [
    {
      apiVersion: "apps.nvidia.com/v1alpha1",
      kind: textAt(owner, "kind"),
      name: textAt(owner, "metadata", "name"),
      uid: textAt(owner, "metadata", "uid"),
    },
  ];
  return { apiVersion, kind, metadata: { name, namespace: "nim", ownerReferences } };
}

function fill(cluster: Cluster): void {
  for (const name of ["ngc-secret", "ngc-api-secret"])
    cluster.put({ apiVersion: "v1", kind: "Secret", metadata: { name, namespace: "nim" } });
  const llm = cluster.put(service("llm", { labels: { team: "a" } }));
  cluster.put(service("two", { labels: { team: "b" } }));
  const cache = cluster.put(nimObject("NIMCache", "llama", { storage: { pvc: { create: true, size: "9Gi" } } }, {}));
  cluster.put(owned(llm, "apps/v1", "Deployment", "llm"));
  cluster.put(owned(llm, "v1", "Service", "llm"));
  cluster.put(owned(cache, "v1", "PersistentVolumeClaim", "llama-pvc"));
}

const LLM = `nimservice/llm in namespace nim
  goes with it: deployment/llm, service/llm
  stays: nimcache/llama, secret/ngc-secret, secret/ngc-api-secret
`;
const TWO = LLM.replace("/llm in", "/two in").replace("deployment/llm, service/llm", "nothing");
const CACHE = `nimcache/llama in namespace nim
  goes with it: persistentvolumeclaim/llama-pvc
  its data is lost: persistentvolumeclaim/llama-pvc
  stays: nothing
`;

test("in a pipe a named object is deleted without a question, with what it owns", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    fill(cluster);
    expect(await run("delete nimservice llm")).toEqual({
      exit: 0,
      out: 'NIMService "llm" deleted in namespace "nim"\n',
      err: LLM,
    });
    expect([names(cluster, "NIMService"), names(cluster, "Deployment"), names(cluster, "NIMCache")]).toEqual([
      ["two"],
      [],
      ["llama"],
    ]);
  });
});

test("what was never made is not told of; what may not be looked at is", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    fill(cluster);
    cluster.remove("Secret", "nim", "ngc-secret");
    cluster.remove("NIMCache", "nim", "llama");
    expect((await run("delete nimservice llm --dry-run=client")).err).toBe(
      LLM.replace("nimcache/llama, secret/ngc-secret, ", ""),
    );
    cluster.allow(({ resource }) => resource !== "secrets" && resource !== "nimcaches");
    expect((await run("delete nimservice llm --dry-run=client")).err).toBe(LLM);
  });
});

test("on a terminal it is asked first", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    fill(cluster);
    const no = await run("delete nimservice llm", { tty: true, env: { TERM: "dumb" }, stdin: "n\n" });
    expect({ ...no, err: plain(no.err) }).toEqual({
      exit: 1,
      out: "",
      err: `${LLM}Delete nimservice/llm in namespace nim? (yes/no) [no]:\nNothing was deleted.\n`,
    });
    expect(names(cluster, "NIMService")).toEqual(["llm", "two"]);
    const blank = await run("delete nimservice llm", { tty: true, env: { TERM: "dumb" }, stdin: "\n" });
    expect([blank.exit, names(cluster, "NIMService")]).toEqual([1, ["llm", "two"]]);
    const keys = await run("delete nimservice/llm", { tty: true, keys: ["y"] });
    expect([keys.exit, keys.out, names(cluster, "NIMService")]).toEqual([
      0,
      'NIMService "llm" deleted in namespace "nim"\n',
      ["two"],
    ]);
    const yes = await run("remove nimservices two --yes", { tty: true });
    expect({ ...yes, err: plain(yes.err) }).toEqual({
      exit: 0,
      out: 'NIMService "two" deleted in namespace "nim"\n',
      err: TWO,
    });
  });
});

test("a cache that services use is told of loudly, and not when they go too", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    fill(cluster);
    expect(await run("delete nimcache llama --dry-run=client")).toEqual({
      exit: 0,
      out: 'NIMCache "llama" deleted in namespace "nim" (dry run)\n',
      err: `${CACHE}warning: nimcache/llama IS IN USE by nimservice/llm, nimservice/two: without it they cannot start again\n`,
    });
    expect(await run("delete nimcache/llama nimservice/llm nimservice/two --dry-run=server")).toEqual({
      exit: 0,
      out:
        'NIMService "llm" deleted in namespace "nim" (server dry run)\n' +
        'NIMService "two" deleted in namespace "nim" (server dry run)\n' +
        'NIMCache "llama" deleted in namespace "nim" (server dry run)\n',
      err: LLM + TWO + CACHE,
    });
    expect([names(cluster, "NIMService"), names(cluster, "NIMCache")]).toEqual([["llm", "two"], ["llama"]]);
    expect(cluster.writes.filter(({ verb }) => verb === "delete")).toEqual([]);
  });
});

test("many objects by labels or all of them: a pipe needs --yes, and another namespace is left alone", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    fill(cluster);
    cluster.put(nimObject("NIMService", "far", {}, {}, "prod"));
    for (const line of ["delete nimservice --all", "delete nimservice -l team=a"])
      expect(await run(line)).toEqual({
        exit: 2,
        out: "",
        err: "error: nobody can be asked here whether all of them shall be deleted\n  Add --yes; --dry-run=server shows what would go.\n",
      });
    expect(await run("delete nimservice -l team=b --yes -o name")).toEqual({
      exit: 0,
      out: "nimservice.apps.nvidia.com/two\n",
      err: TWO,
    });
    expect((await run("delete nimservice --all --yes")).out).toBe('NIMService "llm" deleted in namespace "nim"\n');
    expect(await run("delete nimservice --all --yes")).toEqual({
      exit: 0,
      out: "",
      err: "No resources found in nim namespace.\n",
    });
    expect(names(cluster, "NIMService", "prod")).toEqual(["far"]);
  });
});

test("on a terminal, --all asks once for all of them", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    fill(cluster);
    const { exit, out, err } = await run("delete nimservice --all", {
      tty: true,
      env: { TERM: "dumb" },
      stdin: "yes\n",
    });
    expect([exit, out, plain(err)]).toEqual([
      0,
      'NIMService "llm" deleted in namespace "nim"\nNIMService "two" deleted in namespace "nim"\n',
      `${LLM + TWO}Delete 2 objects in namespace nim? (yes/no) [no]:\n`,
    ]);
  });
});

test("what is not there does not keep the rest, and the exit status tells", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    fill(cluster);
    expect(await run("delete nimservice lm two")).toEqual({
      exit: 3,
      out: 'NIMService "two" deleted in namespace "nim"\n',
      err: `${TWO}error: NIMService lm not found in namespace nim\n  Did you mean "llm"?\n`,
    });
    expect(await run("delete nimservice gone --ignore-not-found")).toEqual({ exit: 0, out: "", err: "" });
    cluster.allow(({ verb }) => verb !== "delete");
    expect(await run("delete nimservice llm")).toEqual({
      exit: 4,
      out: "",
      err:
        LLM +
        'error: nimservices.apps.nvidia.com "llm" is forbidden: User "system:anonymous" cannot delete resource "nimservices" in API group "apps.nvidia.com" in the namespace "nim"\n' +
        "  Check with: kubectl auth can-i delete nimservices.apps.nvidia.com/llm -n nim\n",
    });
  });
});

test("the object that was looked at is deleted, and no other one of its name", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    fill(cluster);
    cluster.fault({
      when: ({ method, path }) => {
        if (method !== "DELETE" || !path.endsWith("/llm")) return false;
        cluster.remove("NIMService", "nim", "llm");
        cluster.put(service("llm"));
        return false;
      },
    });
    expect(await run("delete nimservice llm")).toEqual({
      exit: 2,
      out: "",
      err:
        LLM +
        "error: NIMService llm is another one by now, made after the one that was to be deleted; it was left alone\n" +
        "  Look at it with kubectl nim get, and delete it then.\n",
    });
    expect(names(cluster, "NIMService")).toEqual(["llm", "two"]);
  });
});

test("orphans stay, and foreground waits for what is owned", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    fill(cluster);
    expect((await run("delete nimservice llm --cascade=orphan")).err).toBe(`nimservice/llm in namespace nim
  goes with it: nothing
  stays: deployment/llm, service/llm, nimcache/llama, secret/ngc-secret, secret/ngc-api-secret
`);
    expect(names(cluster, "Deployment")).toEqual(["llm"]);
    expect((await run("delete nimcache llama --cascade=foreground")).exit).toBe(0);
    expect(names(cluster, "PersistentVolumeClaim")).toEqual([]);
  });
});

/** Takes an object that does not go for stuck soon. */
const impatient: Timer = {
  sleep: (milliseconds, signal) => systemTimer.sleep(milliseconds === 10_000 ? 200 : milliseconds, signal),
};
const FINALIZER = "finalizer.nimservice.apps.nvidia.com";

test("an object that does not go is told, with what holds it; without --wait nobody waits", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    cluster.put(service("stuck", { finalizers: [FINALIZER] }));
    const { exit, out, err } = await run("delete nimservice stuck --timeout=1ms");
    expect([exit, out, err.split("\n").slice(-3)]).toEqual([
      5,
      "",
      [
        `error: NIMService stuck is deleted but still there after 0.001 s: it waits for ${FINALIZER}`,
        "  That is the NIM Operator's to do: does it run (kubectl nim doctor)? Without it, --force takes its finalizer off.",
        "",
      ],
    ]);
    const again = await run("delete nimservice stuck --wait=false");
    expect([again.exit, again.err.split("\n")[0]]).toEqual([
      0,
      "nimservice/stuck in namespace nim, being deleted since 2024-01-01T00:00:00Z",
    ]);
    expect(names(cluster, "NIMService")).toEqual(["stuck"]);
  });
});

test("--force takes the operator's finalizer off an object that is stuck, after a warning, and no other", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    cluster.put(service("stuck", { finalizers: [FINALIZER] }));
    const { exit, out, err } = await run("delete nimservice stuck --force", { timer: impatient });
    expect([exit, out, err.split("\n").at(-2)]).toEqual([
      0,
      'NIMService "stuck" deleted in namespace "nim"\n',
      `warning: NIMService stuck does not go: ${FINALIZER} is taken off; what the operator would have cleaned up may stay behind`,
    ]);
    expect(names(cluster, "NIMService")).toEqual([]);
    cluster.put(service("backed-up", { finalizers: ["backup.example.com/hold"] }));
    expect((await run("delete nimservice backed-up --force", { timer: impatient })).err.split("\n").slice(-3)).toEqual([
      "error: NIMService backed-up is deleted but still there after 10 s: it waits for backup.example.com/hold",
      "  It goes as soon as nothing holds it any more; look at it with -o yaml.",
      "",
    ]);
    expect(names(cluster, "NIMService")).toEqual(["backed-up"]);
  });
});

test("an object that is being deleted already is given time of its own, however far the clocks are apart", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    for (const [at, year] of [2023, 2024, 2099].entries()) {
      const name = `stuck-${at}`;
      cluster.put(service(name, { finalizers: [FINALIZER] }));
      await run(`delete nimservice ${name} --wait=false`);
      const waits: number[] = [];
      const timer: Timer = {
        sleep: (milliseconds, signal) => {
          waits.push(milliseconds);
          return systemTimer.sleep(Math.min(milliseconds, 50), signal);
        },
      };
      const clock = { now: () => new Date(`${year}-01-01T00:00:04Z`) };
      expect((await run(`delete nimservice ${name} --force`, { timer, clock })).exit).toBe(0);
      expect(waits.filter((wait) => wait <= 10_000).slice(0, 1)).toEqual([[10_000, 6000, 3000][at]]);
    }
  });
});

test("Ctrl-C ends the wait", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    cluster.put(service("stuck", { finalizers: [FINALIZER] }));
    const stop = new AbortController();
    const running = run("delete nimservice stuck", { signal: stop.signal });
    await expect.poll(() => cluster.openWatches).toBe(1);
    stop.abort();
    const { exit, out, err } = await running;
    expect([exit, out, err.split("\n").at(-2)]).toEqual([130, "", "error: interrupted"]);
  });
});

test.each([
  [
    "delete nimservice",
    "error: which nimservice is to be deleted? NAME is missing\n  Give names, -l SELECTOR, or --all for all of the namespace.\n",
  ],
  ["delete nimservice a --all", "error: names, -l and --all exclude each other: give one of them\n"],
  ["delete nimservice --all -l a=b", "error: names, -l and --all exclude each other: give one of them\n"],
  [
    "delete nimservice a -o json",
    'error: delete prints names with -o name, and takes no other form than that, not "json"\n',
  ],
  ["delete nimservice a --cascade=false", 'error: --cascade takes background, foreground or orphan, not "false"\n'],
])("%s is refused", async (line, err) => {
  await inNimCluster(async ({ both }) => {
    expect(await both(line)).toEqual({ exit: 2, out: "", err });
  });
});

test("there is no way to delete in all namespaces", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    fill(cluster);
    for (const flag of ["-A", "--all-namespaces"])
      expect(await run(`delete nimservice --all ${flag} --yes`)).toEqual({
        exit: 2,
        out: "",
        err: "error: delete works in one namespace, and has no -A\n  Name it with -n NAMESPACE, and run it once for each.\n",
      });
    expect(names(cluster, "NIMService")).toEqual(["llm", "two"]);
  });
});
