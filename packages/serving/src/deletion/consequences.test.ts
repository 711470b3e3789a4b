import { isTreeMap, type Tree } from "@slipway/base";
import { anyTree } from "@slipway/base/testing";
import { kubeObject, type KubeApi, type KubeObject } from "@slipway/kube";
import { KubeApiError } from "@slipway/kube";
import fc from "fast-check";
import { expect, test } from "vitest";
import { consequencesOf, type Cascade, type Consequences } from "./consequences.ts";

const signal = new AbortController().signal;

/** Lists by plural name; one that is absent is a kind that the cluster does not have. */
function apiOf(lists: Readonly<Record<string, readonly KubeObject[]>>): Pick<KubeApi, "list"> {
  return {
    list: async ({ plural }, { fieldSelector = "" } = {}) => {
      const items = lists[plural];
      if (items === undefined) throw new KubeApiError("no such kind", { status: 404, reason: "NotFound" });
      const name = /^metadata\.name=(.+)$/.exec(fieldSelector)?.[1];
      const selected = name === undefined ? items : items.filter(({ metadata }) => metadata.name === name);
      return { items: selected, resourceVersion: "1" };
    },
  };
}

function object(kind: string, name: string, spec: Tree, owner?: string): KubeObject {
  const metadata = {
    name,
    namespace: "nim",
    uid: `uid-${name}`,
    ...(owner === undefined ? {} : { ownerReferences: [{ uid: owner }] }),
  };
  return kubeObject({ apiVersion: "v1", kind, metadata, spec }, "an object");
}

function of(
  lists: Readonly<Record<string, readonly KubeObject[]>>,
  objects: readonly KubeObject[],
  cascade: Cascade = "background",
): Promise<readonly Consequences[]> {
  return consequencesOf(apiOf(lists), objects, { namespace: "nim", cascade, signal });
}

const LLM = object("NIMService", "llm", {
  authSecret: "key",
  image: { pullSecrets: ["pull", "pull"] },
  storage: { pvc: { create: true, size: "9Gi" } },
});

test("what an object owns goes, what it only uses stays; kinds that there are not are none", async () => {
  const lists = {
    deployments: [object("Deployment", "llm", {}, "uid-llm"), object("Deployment", "other", {}, "uid-other")],
    persistentvolumeclaims: [object("PersistentVolumeClaim", "llm-pvc", {}, "uid-llm")],
  };
  const base = { kind: "NIMService", name: "llm", usedBy: [], deletedAt: "" };
  const owned = ["deployment/llm", "persistentvolumeclaim/llm-pvc"];
  expect(await of(lists, [LLM])).toEqual([
    { ...base, goes: owned, claims: ["persistentvolumeclaim/llm-pvc"], stays: ["secret/pull", "secret/key"] },
  ]);
  expect(await of(lists, [LLM], "orphan")).toEqual([
    { ...base, goes: [], claims: [], stays: [...owned, "secret/pull", "secret/key"] },
  ]);
  expect(await of({}, [LLM])).toEqual([
    { ...base, goes: [], claims: [], stays: ["persistentvolumeclaim/llm-pvc", "secret/pull", "secret/key"] },
  ]);
});

test("what an object names without its being there does not stay; what may not be looked at is told", async () => {
  const llm = object("NIMService", "llm", { authSecret: "key", storage: { nimCache: { name: "gone" } } });
  const lists = { nimcaches: [object("NIMCache", "other", {})] };
  expect((await of(lists, [llm])).map(({ stays }) => stays)).toEqual([["secret/key"]]);
  const all = { ...lists, secrets: [object("Secret", "key", {})] };
  expect((await of(all, [llm])).map(({ stays }) => stays)).toEqual([["secret/key"]]);
  expect((await of({ ...all, secrets: [] }, [llm])).map(({ stays }) => stays)).toEqual([[]]);
});

test("the services of a cache are named", async () => {
  const uses = (name: string, cache: string): KubeObject =>
    object("NIMService", name, { storage: { nimCache: { name: cache } } });
  const [found] = await of({ nimservices: [uses("a", "llama"), uses("b", "other"), uses("c", "llama")] }, [
    object("NIMCache", "llama", {}),
  ]);
  expect(found?.usedBy).toEqual(["nimservice/a", "nimservice/c"]);
});

test("no shape of objects does harm", async () => {
  await fc.assert(
    fc.asyncProperty(anyTree, anyTree, async (spec, references) => {
      const metadata = { name: "x", namespace: "nim", ...(isTreeMap(references) ? references : { uid: references }) };
      const odd = kubeObject(
        { apiVersion: "v1", kind: "NIMService", metadata: { ...metadata, name: "x" }, spec },
        "odd",
      );
      const [found] = await of({ deployments: [odd], nimservices: [odd] }, [odd, { ...odd, kind: "NIMCache" }]);
      expect(found?.name).toBe("x");
    }),
  );
});
