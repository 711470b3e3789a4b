import { parseYaml, textAt, type TreeMap } from "@slipway/base";
import { runJobs, type Cluster, type JobEnding } from "@slipway/kube/testing";
import type { KubeClient } from "@slipway/kube";
import { expect, test } from "vitest";
import { withGpuCluster } from "../../testing/gpu-cluster.ts";
import { parseValidatorCatalog, type Validator } from "../../validators.ts";
import { JobRun, type JobRunOptions } from "./runner.ts";

const HEX = (digits: number): string => "0123456789abcdef".slice(0, digits);
const IDENTITY = {
  id: "20260102-030405-0123456789abcdef",
  namespace: "aicr-validation",
  serviceAccount: "aicr-validator-run",
  images: { version: "1.2.3" },
  imagePullSecrets: [],
};

function validator(lines = ""): Validator {
  const text = `validators: [{name: smi, phase: deployment, image: "ghcr.io/nvidia/v/deployment:latest", args: [smi], timeout: 2m, ${lines}}]`;
  const [first] = parseValidatorCatalog(text, "c.yaml").validators;
  if (first === undefined) throw new Error("no validator");
  return first;
}

const options = (more: Partial<JobRunOptions> = {}): JobRunOptions => ({
  identity: IDENTITY,
  ownAccount: false,
  allRights: true,
  snapshot: "kind: Snapshot\n",
  recipe: "kind: RecipeResult\n",
  validators: [validator()],
  ...more,
});

interface Run {
  readonly run: JobRun;
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
  readonly cluster: Cluster;
  readonly client: KubeClient;
}

/** A run over a cluster whose Jobs end as they are told; time passes with every look. */
async function withRun(
  ending: (job: TreeMap) => JobEnding | undefined,
  action: (run: Run) => Promise<void>,
  given: Partial<JobRunOptions> = {},
): Promise<void> {
  await withGpuCluster([], async ({ cluster, client }) => {
    const stop = runJobs(cluster, ending);
    const [warnings, infos]: [string[], string[]] = [[], []];
    let now = 0;
    const deps = {
      api: client,
      hex: HEX,
      warn: (sentence: string) => void warnings.push(sentence),
      info: (sentence: string) => void infos.push(sentence),
      now: () => now,
      sleep: (ms: number, signal: AbortSignal) => {
        now += ms * 20;
        signal.throwIfAborted();
        return new Promise<void>((resolve) => setTimeout(resolve, 1));
      },
    };
    try {
      await action({ run: new JobRun(deps, options(given)), warnings, infos, cluster, client });
    } finally {
      stop();
    }
  });
}

const never = new AbortController().signal;
const left = (cluster: Cluster): readonly string[] =>
  ["ConfigMap", "ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Job"].flatMap((kind) =>
    cluster.objects(kind).map((object) => `${kind} ${textAt(object, "metadata", "name")}`),
  );

const namespaces = (cluster: Cluster): readonly string[] =>
  cluster
    .objects("Namespace")
    .map((object) => textAt(object, "metadata", "name"))
    .filter((name) => name === "aicr-validation");

test("a run makes what its Jobs share, runs them, reads what they say, and leaves nothing", async () => {
  await withRun(
    () => ({ log: "looking\nall GPUs answer\n" }),
    async ({ run, cluster, warnings, infos }) => {
      await run.prepare(never);
      expect(left(cluster)).toEqual([
        "ConfigMap aicr-recipe-20260102-030405-0123456789abcdef",
        "ConfigMap aicr-snapshot-20260102-030405-0123456789abcdef",
        "ServiceAccount aicr-validator-run",
        "ClusterRoleBinding aicr-validator-20260102-030405-0123456789abcdef",
      ]);
      expect(await run.run(validator(), never)).toEqual({
        verdict: "passed",
        message: "all GPUs answer",
        lines: ["looking", "all GPUs answer"],
      });
      await run.report("deployment", "{}\n", never);
      await run.tidyUp();
      expect(left(cluster)).toEqual([]);
      expect([namespaces(cluster), infos]).toEqual([[], []]);
      expect(warnings).toEqual([
        expect.stringMatching(
          /^smi: the catalog states no permissions; .* cluster-admin, as --allow-cluster-admin says$/,
        ),
      ]);
    },
  );
});

test("the Job is that of release 0.11.1, with the catalog's resources and no rights on its node", async () => {
  await withRun(
    () => ({}),
    async ({ run, cluster }) => {
      await run.prepare(never);
      await run.run(validator("resources: {cpu: 250m, memory: 128Mi}, env: [{name: A, value: b}]"), never);
      const [job] = cluster.objects("Job");
      expect({ spec: job?.["spec"] }).toEqual(
        parseYaml(`spec:
  activeDeadlineSeconds: 120
  backoffLimit: 0
  template:
    metadata:
      labels:
        aicr.nvidia.com/validator: smi
        app.kubernetes.io/component: validation
        app.kubernetes.io/name: aicr
    spec:
      affinity:
        nodeAffinity:
          preferredDuringSchedulingIgnoredDuringExecution:
            - preference:
                matchExpressions:
                  - key: nvidia.com/gpu.present
                    operator: DoesNotExist
              weight: 100
      containers:
        - args:
            - smi
          env:
            - name: AICR_SNAPSHOT_PATH
              value: /data/snapshot/snapshot.yaml
            - name: AICR_RECIPE_PATH
              value: /data/recipe/recipe.yaml
            - name: AICR_VALIDATOR_NAME
              value: smi
            - name: AICR_VALIDATOR_PHASE
              value: deployment
            - name: AICR_RUN_ID
              value: 20260102-030405-0123456789abcdef
            - name: AICR_NAMESPACE
              valueFrom:
                fieldRef:
                  fieldPath: metadata.namespace
            - name: A
              value: b
          image: ghcr.io/nvidia/v/deployment:v1.2.3
          imagePullPolicy: IfNotPresent
          name: validator
          resources:
            limits:
              cpu: 250m
              memory: 128Mi
            requests:
              cpu: 250m
              memory: 128Mi
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop:
                - ALL
          terminationMessagePath: /dev/termination-log
          terminationMessagePolicy: File
          volumeMounts:
            - mountPath: /data/snapshot
              name: snapshot
              readOnly: true
            - mountPath: /data/recipe
              name: recipe
              readOnly: true
      restartPolicy: Never
      securityContext:
        seccompProfile:
          type: RuntimeDefault
      serviceAccountName: aicr-validator-run
      terminationGracePeriodSeconds: 30
      tolerations:
        - operator: Exists
      volumes:
        - configMap:
            name: aicr-snapshot-20260102-030405-0123456789abcdef
          name: snapshot
        - configMap:
            name: aicr-recipe-20260102-030405-0123456789abcdef
          name: recipe
  ttlSecondsAfterFinished: 3600
`),
      );
      expect(job?.["metadata"]).toMatchObject({
        name: "aicr-smi-01234567",
        namespace: "aicr-validation",
        labels: {
          "aicr.nvidia.com/job-type": "validation",
          "aicr.nvidia.com/phase": "deployment",
          "aicr.nvidia.com/run-id": "20260102-030405-0123456789abcdef",
          "aicr.nvidia.com/validator": "smi",
          "app.kubernetes.io/component": "validation",
          "app.kubernetes.io/managed-by": "aicr",
          "app.kubernetes.io/name": "aicr",
        },
      });
    },
  );
});

test.each([
  [1, "driver is gone\n", { verdict: "failed", message: "driver is gone" }],
  [1, "", { verdict: "failed", message: "the container says that it failed" }],
  [2, "no GPUs\n", { verdict: "skipped", message: "no GPUs" }],
  [137, "Killed\n", { verdict: "error", message: "the container ended with 137: Killed" }],
])("the container ends with %i", async (exitCode, log, outcome) => {
  await withRun(
    () => ({ exitCode, log }),
    async ({ run }) => {
      await run.prepare(never);
      expect(await run.run(validator(), never)).toMatchObject(outcome);
    },
  );
});

test("checks that say what they need get no more than that; an account of the user's own gets nothing", async () => {
  const needs = validator('permissions: [{apiGroups: [""], resources: [nodes], verbs: [list]}]');
  await withRun(
    () => ({}),
    async ({ run, cluster, warnings }) => {
      await run.prepare(never);
      const [role] = cluster.objects("ClusterRole");
      expect(role?.["rules"]).toEqual([{ apiGroups: [""], resources: ["nodes"], verbs: ["list"] }]);
      expect(cluster.objects("ClusterRoleBinding")[0]).toMatchObject({
        roleRef: { name: `aicr-validator-${IDENTITY.id}` },
      });
      expect(warnings).toEqual([]);
      await run.tidyUp();
      expect(left(cluster)).toEqual([]);
    },
    { validators: [needs] },
  );
  await withRun(
    () => ({}),
    async ({ run, cluster }) => {
      await run.prepare(never);
      expect(left(cluster).map((line) => line.split(" ")[0])).toEqual(["ConfigMap", "ConfigMap"]);
    },
    { ownAccount: true },
  );
});

test("a Job that does not end is given up with what its pod waits for; an image that is not there, after a minute", async () => {
  await withRun(
    () => undefined,
    async ({ run }) => {
      await run.prepare(never);
      await expect(run.run(validator(), never)).rejects.toMatchObject({
        code: "TIMED_OUT",
        message: "no result within 2m",
      });
    },
  );
  await withRun(
    () => undefined,
    async ({ run, cluster }) => {
      await run.prepare(never);
      cluster.onCreate("Job", (job) => {
        const name = textAt(job, "metadata", "name");
        const labels = { "batch.kubernetes.io/job-name": name };
        const waiting = { reason: "ImagePullBackOff", message: "not found" };
        cluster.put({
          apiVersion: "v1",
          kind: "Pod",
          metadata: { name: `${name}-1`, namespace: "aicr-validation", labels },
          status: { phase: "Pending", containerStatuses: [{ name: "validator", state: { waiting } }] },
        });
      });
      await expect(run.run({ ...validator(), timeoutMs: 1_800_000 }, never)).rejects.toMatchObject({
        code: "UNAVAILABLE",
        message: "Pod aicr-validation/aicr-smi-01234567-1: container validator: ImagePullBackOff: not found",
        hint: expect.stringContaining("--image-pull-secret"),
      });
    },
  );
});

test("Ctrl-C ends the wait, and what was made is taken away", async () => {
  const stop = new AbortController();
  const onJob = (): undefined => {
    stop.abort(new Error("interrupted"));
    return undefined;
  };
  await withRun(onJob, async ({ run, cluster }) => {
    await run.prepare(stop.signal);
    await expect(run.run(validator(), stop.signal)).rejects.toThrow(/interrupted|abort/i);
    await run.tidyUp();
    expect(left(cluster)).toEqual([]);
  });
});

test("what cannot be deleted is named with how to do it", async () => {
  await withRun(
    () => ({}),
    async ({ run, cluster, warnings }) => {
      await run.prepare(never);
      cluster.allow(({ verb, resource }) => verb !== "delete" || resource !== "configmaps");
      await run.tidyUp();
      expect(warnings.filter((warning) => warning.startsWith("left behind"))).toEqual(
        ["recipe", "snapshot"].map((what): unknown =>
          expect.stringMatching(
            new RegExp(`kubectl delete configmaps aicr-${what}-${IDENTITY.id} -n aicr-validation$`),
          ),
        ),
      );
    },
  );
});

test("a namespace that others use stays, and so does one that was there", async () => {
  await withRun(
    () => ({}),
    async ({ run, cluster, infos }) => {
      await run.prepare(never);
      cluster.put({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "mine", namespace: "aicr-validation" } });
      await run.tidyUp();
      expect([namespaces(cluster), infos]).toEqual([
        ["aicr-validation"],
        ["the namespace aicr-validation stays: ConfigMap mine is in it"],
      ]);
    },
  );
  await withRun(
    () => ({}),
    async ({ run, cluster, infos }) => {
      cluster.put({ apiVersion: "v1", kind: "Namespace", metadata: { name: "aicr-validation" } });
      await run.prepare(never);
      await run.tidyUp();
      expect([namespaces(cluster), infos]).toEqual([["aicr-validation"], []]);
    },
  );
});

test("what the server refused to make is not said to be left behind", async () => {
  await withRun(
    () => ({}),
    async ({ run, cluster, warnings, infos }) => {
      cluster.allow(({ resource, verb }) => resource !== "configmaps" || verb === "list");
      await expect(run.prepare(never)).rejects.toMatchObject({ code: "NOT_ALLOWED" });
      await run.tidyUp();
      expect([left(cluster), namespaces(cluster), infos]).toEqual([[], [], []]);
      expect(warnings.filter((warning) => warning.startsWith("left behind"))).toEqual([]);
    },
  );
});

test("without the switch a container whose needs are not stated gets no rights", async () => {
  await withRun(
    () => ({}),
    async ({ run, cluster }) => {
      await run.prepare(never);
      expect(cluster.objects("ClusterRole")[0]?.["rules"]).toEqual([]);
    },
    { allRights: false },
  );
});

test("documents that no ConfigMap holds are refused before anything is made", async () => {
  await withRun(
    () => ({}),
    async ({ run, cluster }) => {
      await expect(run.prepare(never)).rejects.toMatchObject({
        code: "TOO_LARGE",
        message: "the snapshot has 1100000 bytes, more than a ConfigMap holds (1 MiB)",
      });
      expect(cluster.writes).toEqual([]);
    },
    { snapshot: "x".repeat(1_100_000) },
  );
});
