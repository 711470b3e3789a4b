import { expect, test } from "vitest";
import { cache, crashing, object, pod, secret, service, told, waiting, warning } from "../testing/situation.ts";

const POD = "llama-6d4cf56db6-x7k2p";

test("a secret that the environment names and that does not exist", () => {
  const pods = [waiting("CreateContainerConfigError", 'secret "ngc-api-secret" not found')];
  expect(told(service({ pods }))).toMatchInlineSnapshot(`
    "[secret-missing] nimservice nim/llama: has a problem

    Cause:     The secret "ngc-api-secret" does not exist in namespace "nim".
    Next:      Make it; the key is asked for.
               kubectl nim secret ngc --only api -n nim

    Evidence:
      pod llama-6d4cf56db6-x7k2p, container llama-ctr: CreateContainerConfigError: secret "ngc-api-secret" not found
      nimservice nim/llama: NotReady
      condition Ready is False (NotReady): Waiting for deployment "llama" rollout to finish: 0 of 1 updated replicas are available...
      pod llama-6d4cf56db6-x7k2p: Pending, llama-ctr CreateContainerConfigError
    "
  `);
});

test("a secret of one's own that does not exist", () => {
  const pods = [waiting("CreateContainerConfigError", 'secret "team-key" not found')];
  expect(told(service({ pods }))).toMatchInlineSnapshot(`
    "[secret-missing] nimservice nim/llama: has a problem

    Cause:     The secret "team-key" does not exist in namespace "nim".
    Next:      Make it; the key is asked for.
               kubectl nim secret ngc team-key --only api -n nim

    Evidence:
      pod llama-6d4cf56db6-x7k2p, container llama-ctr: CreateContainerConfigError: secret "team-key" not found
      nimservice nim/llama: NotReady
      condition Ready is False (NotReady): Waiting for deployment "llama" rollout to finish: 0 of 1 updated replicas are available...
      pod llama-6d4cf56db6-x7k2p: Pending, llama-ctr CreateContainerConfigError
    "
  `);
});

test("a secret without the key", () => {
  const pods = [waiting("CreateContainerConfigError", "couldn't find key NGC_API_KEY in Secret nim/ngc-api-secret")];
  expect(told(service({ pods }))).toMatchInlineSnapshot(`
    "[secret-key-missing] nimservice nim/llama: has a problem

    Cause:     The secret "ngc-api-secret" has no key NGC_API_KEY.
    Next:      Put NGC_API_KEY into the secret; it is asked for.
               kubectl nim secret ngc --only api --replace -n nim

    Evidence:
      pod llama-6d4cf56db6-x7k2p, container llama-ctr: CreateContainerConfigError: couldn't find key NGC_API_KEY in Secret nim/ngc-api-secret
      nimservice nim/llama: NotReady
      condition Ready is False (NotReady): Waiting for deployment "llama" rollout to finish: 0 of 1 updated replicas are available...
      pod llama-6d4cf56db6-x7k2p: Pending, llama-ctr CreateContainerConfigError
    "
  `);
});

test("HF_TOKEN, which the operator takes from the authSecret", () => {
  const pods = [waiting("CreateContainerConfigError", "couldn't find key HF_TOKEN in Secret nim/ngc-api-secret")];
  const secrets = new Map([secret("hf-api-secret", "Opaque", ["HF_TOKEN"])]);
  expect(told(service({ pods, secrets }))).toMatchInlineSnapshot(`
    "[secret-key-missing] nimservice nim/llama: has a problem

    Cause:     The secret "ngc-api-secret" has no key HF_TOKEN.
    Next:      Put HF_TOKEN into the secret; it is asked for.
               kubectl nim secret hf ngc-api-secret --replace -n nim

    Evidence:
      pod llama-6d4cf56db6-x7k2p, container llama-ctr: CreateContainerConfigError: couldn't find key HF_TOKEN in Secret nim/ngc-api-secret
      nimservice nim/llama: NotReady
      condition Ready is False (NotReady): Waiting for deployment "llama" rollout to finish: 0 of 1 updated replicas are available...
      pod llama-6d4cf56db6-x7k2p: Pending, llama-ctr CreateContainerConfigError
    "
  `);
});

test("a ConfigMap that does not exist, a container that would be root, something else", () => {
  const texts = [
    'configmap "settings" not found',
    "container has runAsNonRoot and image will run as root",
    "cannot do it",
  ].map((text) =>
    told(service({ pods: [waiting("CreateContainerConfigError", text)] }))
      .split("\n")
      .slice(0, 5)
      .join("\n"),
  );
  expect(texts.join("\n")).toMatchInlineSnapshot(`
    "[config-map-missing] nimservice nim/llama: has a problem

    Cause:     The ConfigMap "settings" does not exist in namespace "nim".
    Next:      Make it, or take it out of the spec.
               kubectl create configmap settings --from-file=FILE -n nim
    [runs-as-root] nimservice nim/llama: has a problem

    Cause:     The image of container llama-ctr would run as root, and the pod forbids that: set spec.userID and spec.groupID.
    Next:      See the pod.
               kubectl describe pod llama-6d4cf56db6-x7k2p -n nim
    [container-not-created] nimservice nim/llama: has a problem

    Cause:     The kubelet cannot make container llama-ctr: cannot do it
    Next:      See the pod.
               kubectl describe pod llama-6d4cf56db6-x7k2p -n nim"
  `);
});

test("too little memory", () => {
  expect(told(service({ pods: [crashing(137, "OOMKilled")] }))).toMatchInlineSnapshot(`
    "[out-of-memory] nimservice nim/llama: has a problem

    Cause:     Container llama-ctr of pod llama-6d4cf56db6-x7k2p wanted more memory than its limit and was ended (OOMKilled).
    Next:      Raise the limit (main memory, not that of the GPU).
               kubectl patch nimservice llama --type=merge -p '{"spec":{"resources":{"limits":{"memory":"64Gi"}}}}' -n nim

    Evidence:
      pod llama-6d4cf56db6-x7k2p, container llama-ctr: OOMKilled, exit status 137, 4 restarts
      nimservice nim/llama: NotReady
      condition Ready is False (NotReady): Waiting for deployment "llama" rollout to finish: 0 of 1 updated replicas are available...
      pod llama-6d4cf56db6-x7k2p: Running, llama-ctr CrashLoopBackOff, 4 restarts
    "
  `);
});

test("too little memory for what fills a cache", () => {
  const pods = [
    pod({ state: { terminated: { exitCode: 137, reason: "OOMKilled" } } }, { status: { phase: "Failed" } }),
  ];
  expect(told(cache({ pods }))).toMatchInlineSnapshot(`
    "[out-of-memory] nimcache nim/llama-cache: has a problem

    Cause:     Container llama-ctr of pod llama-6d4cf56db6-x7k2p wanted more memory than its limit and was ended (OOMKilled).
    Next:      Raise spec.resources.memory; then delete the cache and create it again, because its spec cannot be changed and its Job is not repeated.
               kubectl nim delete nimcache llama-cache -n nim

    Evidence:
      pod llama-6d4cf56db6-x7k2p, container llama-ctr: OOMKilled, exit status 137, 0 restarts
      nimcache nim/llama-cache: Started
      condition NIM_CACHE_JOB_CREATED is True (JobCreated): The Job to cache NIM has been created
      pod llama-6d4cf56db6-x7k2p: Failed, llama-ctr ended with 137
    "
  `);
});

test("a model that takes longer to load than the startup probe waits", () => {
  const events = [
    warning(
      "Pod",
      POD,
      "Unhealthy",
      'Startup probe failed: Get "http://10.0.0.7:8000/v1/health/ready": dial tcp: connection refused',
      120,
    ),
    {
      ...warning("Pod", POD, "Killing", "Container llama-ctr failed startup probe, will be restarted"),
      type: "Normal",
    },
  ];
  expect(told(service({ pods: [crashing(137)], events }))).toMatchInlineSnapshot(`
    "[startup-too-slow] nimservice nim/llama: has a problem

    Cause:     Container llama-ctr had not loaded its model when its startup probe gave up, and was started again.
    Next:      Give it more time, or keep the model in a cache (kubectl nim create nimcache), so that it is not downloaded at each start.
               kubectl patch nimservice llama --type=merge -p '{"spec":{"startupProbe":{"enabled":true,"probe":{"httpGet":{"path":"/v1/health/ready","port":"api"},"periodSeconds":10,"failureThreshold":360}}}}' -n nim

    Evidence:
      event Killing: Container llama-ctr failed startup probe, will be restarted
      event Unhealthy: Startup probe failed: Get "http://10.0.0.7:8000/v1/health/ready": dial tcp: connection refused
      nimservice nim/llama: NotReady
      condition Ready is False (NotReady): Waiting for deployment "llama" rollout to finish: 0 of 1 updated replicas are available...
      pod llama-6d4cf56db6-x7k2p: Running, llama-ctr CrashLoopBackOff, 4 restarts
    "
  `);
});

test("a program that ends with an error that nothing explains", () => {
  const logs = [{ pod: POD, container: "llama-ctr", lines: ["Traceback (most recent call last):", "ValueError: bad"] }];
  expect(told(service({ pods: [crashing(1)], logs }))).toMatchInlineSnapshot(`
    "[container-ends] nimservice nim/llama: has a problem

    Cause:     Container llama-ctr ends with exit status 1.
    Next:      Read the log.
               kubectl nim log stream nimservice llama --previous --no-follow -n nim

    Evidence:
      pod llama-6d4cf56db6-x7k2p, container llama-ctr: Error, exit status 1, 4 restarts
      log of pod llama-6d4cf56db6-x7k2p: Traceback (most recent call last):
      log of pod llama-6d4cf56db6-x7k2p: ValueError: bad
      nimservice nim/llama: NotReady
      condition Ready is False (NotReady): Waiting for deployment "llama" rollout to finish: 0 of 1 updated replicas are available...
      pod llama-6d4cf56db6-x7k2p: Running, llama-ctr CrashLoopBackOff, 4 restarts
    "
  `);
});

test("a pod that the node has put out", () => {
  const status = { phase: "Failed", reason: "Evicted", message: "The node was low on resource: ephemeral-storage." };
  const pods = [object("Pod", POD, { status })];
  expect(told(service({ pods }))).toMatchInlineSnapshot(`
    "[evicted] nimservice nim/llama: has a problem

    Cause:     Pod llama-6d4cf56db6-x7k2p was ended by its node (Evicted): The node was low on resource: ephemeral-storage.
    Next:      Free the disk of the node, or keep the model on a volume claim.
               kubectl describe pod llama-6d4cf56db6-x7k2p -n nim

    Evidence:
      nimservice nim/llama: NotReady
      condition Ready is False (NotReady): Waiting for deployment "llama" rollout to finish: 0 of 1 updated replicas are available...
      pod llama-6d4cf56db6-x7k2p: Failed
    "
  `);
});

test.each([
  ["hugging-face-gated", "huggingface_hub.errors.GatedRepoError: 403 Client Error."],
  ["hugging-face-refused", "401 Client Error: Unauthorized for url: https://huggingface.co/api/models/meta-llama"],
  ["ngc-refused", "Error: Authentication Error. Invalid API key for NGC"],
  ["no-profile-fits", "ERROR nim_sdk: Could not find a profile that is currently runnable with the detected hardware"],
  ["gpu-memory", "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 1.96 GiB."],
  ["gpu-memory", "ValueError: No available memory for the cache blocks."],
  ["driver-too-old", "CUDA driver version is insufficient for CUDA runtime version"],
  ["no-gpu-in-container", "RuntimeError: No CUDA-capable device is detected"],
  ["shared-memory-full", "Bus error (core dumped)"],
  ["volume-full", "OSError: [Errno 28] No space left on device: '/model-store/ngc/hub'"],
  ["volume-not-writable", "PermissionError: [Errno 13] Permission denied: '/model-store/ngc'"],
  ["model-not-found", "Error: The model meta/llama-9 version 1.0 does not exist"],
  ["download-unreachable", "curl: (6) Could not resolve host: api.ngc.nvidia.com"],
  ["container-ends", "something that nobody has seen before"],
])("%s, as the log says: %s", (cause, line) => {
  const logs = [{ pod: POD, container: "llama-ctr", lines: ["INFO starting", line, "exit 1"] }];
  const report = told(service({ pods: [crashing(1)], logs }));
  expect([report.slice(1, report.indexOf("]")), report.includes(`  log of pod ${POD}`), report.includes(line)]).toEqual(
    [cause, true, true],
  );
});

test("a sign in the log, told whole", () => {
  const logs = [{ pod: POD, container: "llama-ctr", lines: ["torch.OutOfMemoryError: CUDA out of memory."] }];
  expect(told(service({ pods: [crashing(1)], logs }))).toMatchInlineSnapshot(`
    "[gpu-memory] nimservice nim/llama: has a problem

    Cause:     The model does not fit into the memory of the GPUs that it was given.
    Next:      Give it more GPUs or a profile with less precision, or shorten the context with NIM_MAX_MODEL_LEN.
               kubectl patch nimservice llama --type=merge -p '{"spec":{"resources":{"limits":{"nvidia.com/gpu":"2"}}}}' -n nim

    Evidence:
      log of pod llama-6d4cf56db6-x7k2p, container llama-ctr: torch.OutOfMemoryError: CUDA out of memory.
      nimservice nim/llama: NotReady
      condition Ready is False (NotReady): Waiting for deployment "llama" rollout to finish: 0 of 1 updated replicas are available...
      pod llama-6d4cf56db6-x7k2p: Running, llama-ctr CrashLoopBackOff, 4 restarts
    "
  `);
});

test("what broke while a cache was filled does not count when it is filled", () => {
  const pods = [
    pod({ state: { terminated: { exitCode: 1, reason: "Error" } } }, { status: { phase: "Failed", reason: "Error" } }),
  ];
  expect(told(cache({ pods }, {}, { state: "Ready", pvc: "llama-cache-pvc" }))).toMatchInlineSnapshot(`
    "[none] nimcache nim/llama-cache: all is well

    State:     The cache is filled.
    Next:      Use it.
               kubectl nim create nimservice NAME --nimcache-storage-name=llama-cache -n nim

    Evidence:
      nimcache nim/llama-cache: Ready
      pod llama-6d4cf56db6-x7k2p: Failed, llama-ctr ended with 1
    "
  `);
});
