import { expect, test } from "vitest";
import { cache, condition, object, pod, service, told, unplaced, waiting } from "../testing/situation.ts";
import type { Facts, OperatorState } from "../facts.ts";

const GONE: OperatorState = {
  state: "missing",
  namespace: undefined,
  version: undefined,
  text: "no pod of it in any namespace",
};

function brief(...situations: readonly Facts[]): string {
  return situations.map((facts) => told(facts).split("\n").slice(0, 5).join("\n")).join("\n");
}

function deleted(facts: Facts, at: string, finalizers: readonly string[]): Facts {
  return { ...facts, object: object("NIMService", "llama", {}, { deletionTimestamp: at, finalizers }) };
}

test("all is well", () => {
  const running = pod(
    { ready: true, started: true, state: { running: {} }, restartCount: 1, lastState: { terminated: { exitCode: 1 } } },
    { status: { phase: "Running" } },
  );
  const status = {
    state: "Ready",
    conditions: [
      condition("Ready", "True", "Ready", 'deployment "llama" successfully rolled out\n'),
      condition("Failed", "False", "Ready", ""),
    ],
  };
  expect(told(service({ pods: [running] }, {}, status))).toMatchInlineSnapshot(`
    "[none] nimservice nim/llama: all is well

    State:     The service is ready.
    Next:      Talk to it.
               kubectl nim chat llama -n nim

    Evidence:
      nimservice nim/llama: Ready
      condition Ready is True (Ready): deployment "llama" successfully rolled out
      pod llama-6d4cf56db6-x7k2p: Running, llama-ctr running, 1 restart
    "
  `);
});

test("switched off", () => {
  expect(told(service({}, { replicas: 0 }))).toMatchInlineSnapshot(`
    "[scaled-to-zero] nimservice nim/llama: switched off

    State:     The service is switched off (0 replicas).
    Next:      Switch it on.
               kubectl nim scale llama --replicas 1 -n nim

    Evidence:
      nimservice nim/llama: NotReady
      condition Ready is False (NotReady): Waiting for deployment "llama" rollout to finish: 0 of 1 updated replicas are available...
    "
  `);
});

test("the operator does not run", () => {
  expect(told(service({ operator: GONE }, {}, {}))).toMatchInlineSnapshot(`
    "[operator-missing] nimservice nim/llama: has a problem

    Cause:     The NIM Operator does not run in this cluster, so nobody looks at the object.
    Next:      See what is missing, and install the operator.
               kubectl nim doctor -n nim

    Evidence:
      nimservice nim/llama: no state yet
      operator: no pod of it in any namespace
    "
  `);
});

test("the operator is not ready", () => {
  const operator: OperatorState = {
    state: "not ready",
    namespace: "nim-operator",
    version: undefined,
    text: "0 of 1 pod ready",
  };
  expect(brief(service({ operator }, {}, {}))).toMatchInlineSnapshot(`
    "[operator-not-ready] nimservice nim/llama: has a problem

    Cause:     The NIM Operator is not ready, so nobody looks at the object.
    Next:      Read the log of the operator.
               kubectl logs -n nim-operator -l app.kubernetes.io/name=k8s-nim-operator --tail=50"
  `);
});

test("a deletion that nobody finishes, one that is slow, and one that goes on", () => {
  const finalizers = ["finalizer.nimservice.apps.nvidia.com"];
  expect(
    brief(
      deleted(service({ operator: GONE }), "2026-01-02T02:04:05Z", finalizers),
      deleted(service(), "2026-01-02T02:04:05Z", finalizers),
      deleted(service(), "2026-01-02T03:04:00Z", finalizers),
    ),
  ).toMatchInlineSnapshot(`
    "[deletion-stuck] nimservice nim/llama: has a problem

    Cause:     It cannot go: the NIM Operator must take its finalizer away, and the operator is missing.
    Next:      Start the operator again, or take the finalizer away by force (what the operator made may stay behind).
               kubectl nim delete nimservice llama --force -n nim
    [deletion-slow] nimservice nim/llama: has a problem

    Cause:     It has been waiting for 3600 s for its finalizers to be taken away.
    Next:      Read the log of the operator.
               kubectl logs -n nim-operator -l app.kubernetes.io/name=k8s-nim-operator --tail=50
    [being-deleted] nimservice nim/llama: under way

    State:     It is being deleted.
    Next:      Wait until it is gone.
               kubectl wait --for=delete nimservice/llama -n nim"
  `);
});

test("the cache that the service waits for does not exist", () => {
  const status = {
    state: "Failed",
    conditions: [condition("Failed", "True", "NIMCacheNotFound", "NIMCache llama-cache not found")],
  };
  expect(told(service({ cache: { name: "llama-cache", facts: { state: "missing" } } }, {}, status)))
    .toMatchInlineSnapshot(`
    "[cache-missing] nimservice nim/llama: has a problem

    Cause:     The service takes its model from the NIMCache "llama-cache", which does not exist in namespace "nim".
    Next:      Create it, with the image of the NIM in place of IMAGE and a size that holds the model; the service goes on by itself.
               kubectl nim create nimcache llama-cache --nim-source=ngc --model-puller=IMAGE --pvc-create=true --pvc-size=200Gi -n nim

    Evidence:
      nimservice nim/llama: Failed
      condition Failed is True (NIMCacheNotFound): NIMCache llama-cache not found
    "
  `);
});

test("the cache that the service waits for has a problem, which is the cause", () => {
  const message = "0/1 nodes are available: 1 Insufficient nvidia.com/gpu.";
  const facts = { state: "found" as const, value: cache({ pods: [unplaced(message)] }) };
  const status = {
    state: "NotReady",
    conditions: [condition("Ready", "False", "NIMCacheNotReady", "NIMCache llama-cache not ready")],
  };
  expect(told(service({ cache: { name: "llama-cache", facts } }, {}, status))).toMatchInlineSnapshot(`
    "[cache-has-a-problem] nimservice nim/llama: has a problem

    Cause:     The service waits for the NIMCache "llama-cache": The pod asks for 2 GPUs on one node, and no node that it may run on has so many free.
    Next:      Stop something that uses GPUs, or wait: the pod is placed as soon as there are enough.
               kubectl get nimservices --all-namespaces

    Evidence:
      nimservice nim/llama: NotReady
      condition Ready is False (NIMCacheNotReady): NIMCache llama-cache not ready
      pod llama-6d4cf56db6-x7k2p is not placed: 0/1 nodes are available: 1 Insufficient nvidia.com/gpu.
      nimcache nim/llama-cache: Started
      condition NIM_CACHE_JOB_CREATED is True (JobCreated): The Job to cache NIM has been created
      pod llama-6d4cf56db6-x7k2p: Pending
    "
  `);
});

test("the cache is being filled", () => {
  const facts = {
    state: "found" as const,
    value: cache({ pods: [pod({ state: { running: {} } }, { status: { phase: "Running" } })] }),
  };
  expect(brief(service({ cache: { name: "llama-cache", facts } }))).toMatchInlineSnapshot(`
    "[cache-not-ready] nimservice nim/llama: under way

    State:     The service waits for the NIMCache "llama-cache": Container llama-ctr downloads the model.
    Next:      Wait, and follow the log.
               kubectl nim log stream nimcache llama-cache -n nim"
  `);
});

test("a profile that the cache does not hold", () => {
  const profiles = [{ name: "4f904d571fe60ff24695b5ee2aa42da58cb460787a968f1e8a09f5a7e862728d" }];
  const filled = cache({}, {}, { state: "Ready", profiles });
  const spec = { storage: { nimCache: { name: "llama-cache", profile: "tensorrt_llm-h100-fp8-tp2" } } };
  expect(told(service({ cache: { name: "llama-cache", facts: { state: "found", value: filled } } }, spec)))
    .toMatchInlineSnapshot(`
    "[profile-not-cached] nimservice nim/llama: has a problem

    Cause:     The service asks for the profile "tensorrt_llm-h100-fp8-tp2", which the cache "llama-cache" does not hold.
    Next:      See which it holds (kubectl nim profiles llama-cache), and name one.
               kubectl patch nimservice llama --type=merge -p '{"spec":{"storage":{"nimCache":{"profile":"4f904d571fe60ff24695b5ee2aa42da58cb460787a968f1e8a09f5a7e862728d"}}}}' -n nim

    Evidence:
      cache llama-cache holds 4f904d571fe60ff24695b5ee2aa42da58cb460787a968f1e8a09f5a7e862728d
      nimservice nim/llama: NotReady
      condition Ready is False (NotReady): Waiting for deployment "llama" rollout to finish: 0 of 1 updated replicas are available...
    "
  `);
});

test("what is under way", () => {
  expect(
    brief(
      service({ pods: [pod({ state: { running: {} } }, { status: { phase: "Running" } })] }),
      service({ pods: [waiting("ContainerCreating", "")] }),
      service({
        pods: [waiting("ContainerCreating", "")],
        events: [
          {
            kind: "Pod",
            name: "llama-6d4cf56db6-x7k2p",
            type: "Normal",
            reason: "Pulling",
            message: "Pulling image",
            count: 1,
            at: 1,
          },
        ],
      }),
      cache({ pods: [object("Pod", "llama-cache-job-abc", { status: { phase: "Pending" } })] }),
      service({ now: new Date("2026-01-02T02:44:15Z") }, {}, {}),
    ),
  ).toMatchInlineSnapshot(`
    "[model-loading] nimservice nim/llama: under way

    State:     Container llama-ctr runs and is not ready yet: it loads the model, which takes up to 20 minutes.
    Next:      Wait, and follow the log.
               kubectl nim log stream nimservice llama -n nim
    [pod-starting] nimservice nim/llama: under way

    State:     Pod llama-6d4cf56db6-x7k2p is being started.
    Next:      Wait, and follow the log.
               kubectl nim log stream nimservice llama -n nim
    [image-pulling] nimservice nim/llama: under way

    State:     The image nvcr.io/nim/meta/llama-3.1-8b-instruct:1.8.6 is being pulled.
    Next:      Wait, and follow the log.
               kubectl nim log stream nimservice llama -n nim
    [caching] nimcache nim/llama-cache: under way

    State:     The cache is being filled (Started).
    Next:      Wait, and follow the log.
               kubectl nim log stream nimcache llama-cache -n nim
    [just-created] nimservice nim/llama: under way

    State:     It was made a moment ago, and the operator has not said anything about it yet.
    Next:      Ask again in a minute.
               kubectl nim explain nimservice/llama -n nim"
  `);
});

test("what the operator says", () => {
  expect(
    brief(
      service({}, {}, {}),
      cache(
        {},
        {},
        {
          state: "NotReady",
          conditions: [
            condition(
              "NIM_CACHE_RECONCILE_FAILED",
              "True",
              "ReconcileFailed",
              "quantities must match the regular expression",
            ),
          ],
        },
      ),
      cache(
        {},
        {},
        {
          state: "Failed",
          conditions: [condition("NIM_CACHE_JOB_COMPLETED", "False", "JobFailed", "The Job to cache NIM has failed")],
        },
      ),
      service(
        {},
        {},
        { state: "Failed", conditions: [condition("Failed", "True", "DRAResourcesUnsupported", "DRA is not there")] },
      ),
      service(
        {},
        {},
        {
          state: "Failed",
          conditions: [condition("Failed", "True", "ServiceFailed", 'services "llama" is forbidden')],
        },
      ),
      service(
        {},
        {},
        {
          state: "NotReady",
          conditions: [condition("Ready", "False", "NotReady", 'deployment "llama" exceeded its progress deadline')],
        },
      ),
      service(
        {},
        {},
        {
          state: "Failed",
          conditions: [
            condition(
              "Failed",
              "True",
              "InferenceServiceFailed",
              'no matches for kind "InferenceService" in version "serving.kserve.io/v1beta1"',
            ),
          ],
        },
      ),
      service({ secrets: new Map([["ngc-api-secret", { state: "missing" }]]) }),
      service({
        workload: object("InferenceService", "llama", {
          status: { conditions: [condition("PredictorReady", "False", "RevisionMissing", "revision is missing")] },
        }),
      }),
      service({ gaps: ['events is forbidden: User "jane" cannot list resource "events"'] }),
    ),
  ).toMatchInlineSnapshot(`
    "[not-seen] nimservice nim/llama: has a problem

    Cause:     The operator runs and has not said anything about it for more than two minutes.
    Next:      Read the log of the operator.
               kubectl logs -n nim-operator -l app.kubernetes.io/name=k8s-nim-operator --tail=50
    [reconcile-failed] nimcache nim/llama-cache: has a problem

    Cause:     The operator cannot do what the spec asks for: quantities must match the regular expression
    Next:      Read the log of the operator.
               kubectl logs -n nim-operator -l app.kubernetes.io/name=k8s-nim-operator --tail=50
    [caching-failed] nimcache nim/llama-cache: has a problem

    Cause:     The Job that fills the cache has failed, and its pods with their logs are gone (they are kept for 10 minutes).
    Next:      Correct what you know to be wrong, and read the log this time; then delete the cache and create it again, because its spec cannot be changed and its Job is not repeated.
               kubectl nim delete nimcache llama-cache -n nim
    [dra-unsupported] nimservice nim/llama: has a problem

    Cause:     The spec asks for GPUs through dynamic resource allocation, which this cluster does not have.
    Next:      Use a cluster of Kubernetes 1.33 or newer with the DRA driver of NVIDIA, or ask for GPUs by resources.limits.
               kubectl get deviceclasses
    [reported-failure] nimservice nim/llama: has a problem

    Cause:     The operator reports a failure: services "llama" is forbidden
    Next:      Read the log of the operator.
               kubectl logs -n nim-operator -l app.kubernetes.io/name=k8s-nim-operator --tail=50
    [no-progress] nimservice nim/llama: has a problem

    Cause:     The Deployment has made no progress for too long.
    Next:      See what it waits for.
               kubectl describe deployment llama -n nim
    [kserve-missing] nimservice nim/llama: has a problem

    Cause:     The service is to run on KServe, and KServe is not installed.
    Next:      Install KServe, or let the operator itself run the service.
               kubectl patch nimservice llama --type=merge -p '{"spec":{"inferencePlatform":"standalone"}}' -n nim
    [secret-missing] nimservice nim/llama: has a problem

    Cause:     The secret "ngc-api-secret" does not exist in namespace "nim".
    Next:      Make it; the key is asked for.
               kubectl nim secret ngc --only api -n nim
    [kserve-not-ready] nimservice nim/llama: has a problem

    Cause:     KServe does not get the service up: revision is missing
    Next:      See what KServe says.
               kubectl describe inferenceservice llama -n nim
    [unknown] nimservice nim/llama: not ready, cause unknown

    Cause:     It is not ready (NotReady), and nothing that can be seen says why.
    Next:      Collect everything for support.
               kubectl nim log collect -n nim"
  `);
});

test("nothing is known, and everything has another shape than it should", () => {
  const odd = object("NIMService", "llama", { spec: "text", status: ["list"] });
  const pods = [object("Pod", "p", { spec: { containers: "none" }, status: { containerStatuses: [null, "x", {}] } })];
  expect(told(service({ object: odd, pods, gaps: ["secrets must not be read"] }))).toMatchInlineSnapshot(`
    "[not-seen] nimservice nim/llama: has a problem

    Cause:     The operator runs and has not said anything about it for more than two minutes.
    Next:      Read the log of the operator.
               kubectl logs -n nim-operator -l app.kubernetes.io/name=k8s-nim-operator --tail=50

    Evidence:
      nimservice nim/llama: no state yet
      pod p: no phase
      not seen: secrets must not be read
    "
  `);
});
