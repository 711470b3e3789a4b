import { textAt } from "@slipway/base";
import { expect, test } from "vitest";
import { inNimCluster } from "../testing/nim.ts";

const SERVICE =
  "create nimservice llm --image-repository=nvcr.io/nim/meta/llama3-8b-instruct --tag=1.0.3 --pvc-storage-name=models";
const CACHE =
  "create nimcache llama --nim-source=ngc --model-puller=nvcr.io/nim/meta/llama3-8b-instruct --pvc-create --pvc-size=9Gi";

const YAML = `apiVersion: apps.nvidia.com/v1alpha1
kind: NIMService
metadata:
  name: llm
  namespace: nim
spec:
  authSecret: ngc-api-secret
  expose:
    service:
      port: 8000
      type: ClusterIP
  image:
    pullPolicy: IfNotPresent
    pullSecrets:
    - ngc-secret
    repository: nvcr.io/nim/meta/llama3-8b-instruct
    tag: 1.0.3
  inferencePlatform: standalone
  replicas: 1
  resources:
    limits:
      nvidia.com/gpu: "1"
  storage:
    pvc:
      create: false
      name: models
`;

const seen = (exit: number, out: string, err = "") => ({ exit, out, err });

test("a service is created with one strict request, and no other", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    expect(await run(SERVICE)).toEqual(seen(0, 'NIMService "llm" created in namespace "nim"\n'));
    expect(cluster.requests.map(({ method, path, query }) => `${method} ${path}?${query}`)).toEqual([
      "POST /apis/apps.nvidia.com/v1alpha1/namespaces/nim/nimservices?fieldManager=kubectl-nim&fieldValidation=Strict",
    ]);
  });
});

test("a cache is created, with a warning for a puller that may be any", async () => {
  await inNimCluster(async ({ run }) => {
    expect(await run(CACHE)).toEqual(
      seen(
        0,
        'NIMCache "llama" created in namespace "nim"\n',
        "warning: --model-puller names no tag, so that latest is pulled, which NGC may not have: nvcr.io/nim/meta/llama3-8b-instruct:TAG\n",
      ),
    );
  });
});

test("a dry run here asks nobody, one of the server stores nothing", async () => {
  await inNimCluster(async ({ cluster, both }) => {
    expect(await both(`${SERVICE} --dry-run=client`)).toEqual(
      seen(0, 'NIMService "llm" created in namespace "nim" (dry run)\n'),
    );
    expect(await both(`${SERVICE} --dry-run=client -o yaml`)).toEqual(seen(0, YAML));
    expect(cluster.requests).toEqual([]);
    expect(await both(`${SERVICE} --dry-run=server`)).toEqual(
      seen(0, 'NIMService "llm" created in namespace "nim" (server dry run)\n'),
    );
    expect(await both(`${SERVICE} --dry-run=server -o name`)).toEqual(seen(0, "nimservice.apps.nvidia.com/llm\n"));
    expect(await both(`${SERVICE} --dry-run=server -o jsonpath={.spec.image.tag}`)).toEqual(seen(0, "1.0.3"));
    expect(cluster.objects("NIMService")).toEqual([]);
  });
});

test("a dry run here needs no kubeconfig, unless one is named", async () => {
  await inNimCluster(async ({ run }) => {
    const env = { KUBECONFIG: "/nowhere" };
    const { exit, out } = await run(`${SERVICE} --dry-run=client -n mine -o jsonpath={.metadata.namespace}`, { env });
    expect({ exit, out }).toEqual({ exit: 0, out: "mine" });
    expect((await run(`${SERVICE} --dry-run=client --kubeconfig=/nowhere`, { env })).exit).toBe(3);
    expect((await run(`${SERVICE} --dry-run=server`, { env })).exit).toBe(3);
  });
});

test("an object from standard input is laid under the flags", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    const line = "create nimservice llm --from-file=- --tag=2.0 -n nim";
    expect(await run(line, { stdin: `${YAML}  priorityClassName: high\n` })).toEqual(
      seen(0, 'NIMService "llm" created in namespace "nim"\n'),
    );
    const [object] = cluster.objects("NIMService", "nim");
    expect([textAt(object, "spec", "image", "tag"), textAt(object, "spec", "priorityClassName")]).toEqual([
      "2.0",
      "high",
    ]);
  });
});

test("what is there already, a namespace that is not, a missing operator, missing rights: each says what to do", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    await run(SERVICE);
    expect(await run(SERVICE)).toEqual(
      seen(
        2,
        "",
        'error: NIMService "llm" exists already in namespace "nim"\n' +
          "  Look at it with kubectl nim status nimservice llm -n nim, delete it first, or choose another name.\n",
      ),
    );
    expect(await run(`${SERVICE} -n nope`)).toEqual(
      seen(
        3,
        "",
        'error: the cluster has no namespace "nope"\n  Make it with kubectl create namespace nope, or name another with -n.\n',
      ),
    );
    expect(await run(`${SERVICE} --replicas=0`)).toEqual(
      seen(
        3,
        "",
        "error: the cluster has no nimservices.apps.nvidia.com: is the NIM Operator installed?\n" +
          "  Install the NIM Operator (docs.nvidia.com/nim-operator). kubectl nim doctor says what is missing.\n",
      ),
    );
    cluster.allow(() => false);
    expect(await run(`${SERVICE} --replicas=0`)).toEqual(
      seen(
        4,
        "",
        'error: NIMService nim/llm: nimservices.apps.nvidia.com is forbidden: User "system:anonymous" cannot create resource ' +
          '"nimservices" in API group "apps.nvidia.com" in the namespace "nim"\n' +
          "  See what you may do with kubectl auth can-i create nimservices.apps.nvidia.com -n nim.\n",
      ),
    );
  });
});

test("a cluster without the kinds says whose they are", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    cluster.fault({ when: ({ method }) => method === "POST", reason: "NotFound" });
    const { exit, err } = await run(SERVICE);
    expect({ exit, err }).toEqual({
      exit: 3,
      err:
        "error: the cluster has no NIMService kind: is the NIM Operator installed?\n" +
        "  kubectl nim doctor says what is missing.\n",
    });
  });
});
