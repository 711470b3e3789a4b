import { isTreeMap, listAt, mapAt, numberAt, textAt, valueAt, type TreeMap } from "@slipway/base";
import { nameOf, type KubeObject } from "@slipway/kube";
import { OPERATOR_NAME } from "@slipway/serving";
import { claimOf, played } from "../cache/objects.ts";
import { ownedBy, type Labels } from "../context.ts";
import type { Play } from "../script.ts";
import { textMapAt } from "../text-map.ts";

const PORT = 8000;
const MODEL_STORE = "/model-store";

/** Labels of what belongs to a service. */
export function serviceLabels(service: KubeObject): Labels {
  const name = nameOf(service);
  return {
    "app.kubernetes.io/name": name,
    "app.kubernetes.io/instance": name,
    "app.kubernetes.io/part-of": "nim-service",
    "app.kubernetes.io/managed-by": OPERATOR_NAME,
    "app.kubernetes.io/operator-version": "",
    ...textMapAt(service, "spec", "labels"),
  };
}

/** The port on which a service is reached. */
export function servicePort(service: KubeObject): number {
  return numberAt(service, "spec", "expose", "service", "port") ?? PORT;
}

/** `repository:tag` */
export function imageOf(service: KubeObject): string {
  const image = mapAt(service, "spec", "image");
  return `${textAt(image, "repository")}:${textAt(image, "tag")}`;
}

/** Whether the number of pods is left to an autoscaler. */
export function isScaled(service: KubeObject): boolean {
  return valueAt(service, "spec", "scale", "enabled") === true;
}

/** The claim that a service has made. */
export function serviceClaim(service: KubeObject): KubeObject {
  const labels = {
    app: OPERATOR_NAME,
    "app.kubernetes.io/name": nameOf(service),
    "app.kubernetes.io/managed-by": OPERATOR_NAME,
  };
  return claimOf(service, serviceClaimName(service), labels);
}

function serviceClaimName(service: KubeObject): string {
  return textAt(service, "spec", "storage", "pvc", "name") || `${nameOf(service)}-pvc`;
}

/** The account under which a service runs. */
export function serviceAccount(service: KubeObject): KubeObject {
  const metadata = ownedBy(service, { name: nameOf(service), labels: serviceLabels(service) });
  return { apiVersion: "v1", kind: "ServiceAccount", metadata };
}

/** The Kubernetes service before a service. */
export function clusterService(service: KubeObject): KubeObject {
  const wanted = mapAt(service, "spec", "expose", "service");
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: ownedBy(service, {
      name: textAt(wanted, "name") || nameOf(service),
      labels: serviceLabels(service),
    }),
    spec: {
      type: textAt(wanted, "type") || "ClusterIP",
      selector: { app: nameOf(service) },
      ports: [{ name: "api", port: servicePort(service), targetPort: "api", protocol: "TCP" }],
    },
  };
}

/** The autoscaler of a service. */
export function autoscaler(service: KubeObject): KubeObject {
  const name = nameOf(service);
  const { maxReplicas = 1, minReplicas = 1, metrics } = mapAt(service, "spec", "scale", "hpa");
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: ownedBy(service, { name, labels: serviceLabels(service) }),
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
      minReplicas,
      maxReplicas,
      ...(metrics === undefined ? {} : { metrics }),
    },
  };
}

/** Where the files of a model are, and under which profile they are read. */
export interface ModelPlace {
  readonly claim: string | undefined;
  readonly profile: string;
}

/** The Deployment of a service. */
export function deployment(
  service: KubeObject,
  place: ModelPlace,
  script: { readonly play: Play | undefined; readonly message: string },
): KubeObject {
  const name = nameOf(service);
  const labels = serviceLabels(service);
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: ownedBy(service, { name, labels }),
    spec: {
      ...(isScaled(service) ? {} : { replicas: numberAt(service, "spec", "replicas") ?? 1 }),
      selector: { matchLabels: { app: name } },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "25%", maxSurge: 0 } },
      template: {
        metadata: {
          labels: { app: name, ...labels },
          annotations: { ...mapAt(service, "spec", "annotations"), ...played(script.play, script.message) },
        },
        spec: podSpec(service, place, script.play),
      },
    },
  };
}

function podSpec(service: KubeObject, { claim, profile }: ModelPlace, play: Play | undefined): TreeMap {
  const name = nameOf(service);
  const runtimeClassName = textAt(service, "spec", "runtimeClassName");
  const volume = claim === undefined ? { emptyDir: {} } : { persistentVolumeClaim: { claimName: claim } };
  return {
    serviceAccountName: name,
    nodeSelector: mapAt(service, "spec", "nodeSelector"),
    tolerations: listAt(service, "spec", "tolerations"),
    ...(runtimeClassName === "" ? {} : { runtimeClassName }),
    imagePullSecrets: listAt(service, "spec", "image", "pullSecrets").map((secret) => ({ name: secret })),
    containers: [
      {
        name: `${name}-ctr`,
        image: imageOf(service),
        imagePullPolicy: textAt(service, "spec", "image", "pullPolicy") || "IfNotPresent",
        ports: [{ name: "api", containerPort: servicePort(service), protocol: "TCP" }],
        env: environment(service, profile),
        resources: resourcesOf(service, play),
        ...probes(),
        volumeMounts: [{ name: "model-store", mountPath: MODEL_STORE }],
      },
    ],
    volumes: [{ name: "model-store", ...volume }],
  };
}

/** No machine has so many. */
const TOO_MANY_GPUS = "64";

function resourcesOf(service: KubeObject, play: Play | undefined): TreeMap {
  const { limits, requests } = mapAt(service, "spec", "resources");
  const more = play === "unschedulable" ? { "nvidia.com/gpu": TOO_MANY_GPUS } : {};
  return {
    limits: { ...(isTreeMap(limits) ? limits : {}), ...more },
    requests: { ...(isTreeMap(requests) ? requests : {}), ...more },
  };
}

function environment(service: KubeObject, profile: string): readonly TreeMap[] {
  const port = String(servicePort(service));
  const secret = textAt(service, "spec", "authSecret");
  const own = [
    { name: "NIM_CACHE_PATH", value: MODEL_STORE },
    { name: "NIM_SERVER_PORT", value: port },
    { name: "NIM_HTTP_API_PORT", value: port },
    { name: "NIM_JSONL_LOGGING", value: "1" },
    { name: "NIM_LOG_LEVEL", value: "INFO" },
    ...(secret === ""
      ? []
      : [{ name: "NGC_API_KEY", valueFrom: { secretKeyRef: { name: secret, key: "NGC_API_KEY" } } }]),
    ...(profile === "" ? [] : [{ name: "NIM_MODEL_PROFILE", value: profile }]),
  ];
  const given = listAt(service, "spec", "env").filter(isTreeMap);
  const names = new Set(given.map((entry) => textAt(entry, "name")));
  return [...own.filter(({ name }) => !names.has(name)), ...given];
}

function probes(): TreeMap {
  const get = (path: string): TreeMap => ({ httpGet: { path, port: "api" } });
  return {
    livenessProbe: get("/v1/health/live"),
    readinessProbe: get("/v1/health/ready"),
    startupProbe: { ...get("/v1/health/ready"), failureThreshold: 120, periodSeconds: 10 },
  };
}

/** KServe's object for a service. */
export function inferenceService(service: KubeObject, place: ModelPlace): KubeObject {
  const name = nameOf(service);
  return {
    apiVersion: "serving.kserve.io/v1beta1",
    kind: "InferenceService",
    metadata: ownedBy(service, { name, labels: { app: name, ...serviceLabels(service) } }),
    spec: { predictor: { labels: { app: name }, ...podSpec(service, place, undefined) } },
  };
}
