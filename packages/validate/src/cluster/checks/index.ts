import type { CheckName } from "../../check-names.ts";
import type { Check } from "../context.ts";
import { clusterAutoscaling } from "./cluster-autoscaling.ts";
import { gpuOperatorHealth, operatorHealth, platformHealth, workloadsReady } from "./component-health.ts";
import { draSupport } from "./dra-support.ts";
import { expectedResources } from "./expected-resources.ts";
import { gangScheduling } from "./gang-scheduling.ts";
import { gpusAllocatable } from "./gpus-allocatable.ts";
import { inferenceGateway } from "./inference-gateway.ts";
import { acceleratorMetrics, aiServiceMetrics, podAutoscaling } from "./metrics.ts";
import { nodeConstraints } from "./node-constraints.ts";
import { operatorVersion } from "./operator-version.ts";
import { releasesInstalled } from "./releases-installed.ts";
import { robustController } from "./robust-controller.ts";
import { secureAcceleratorAccess } from "./secure-access.ts";

/** The checks that look through the API, by the names that catalogs use. */
export const CLUSTER_CHECKS: Readonly<Record<CheckName, Check>> = {
  "accelerator-metrics": acceleratorMetrics,
  "ai-service-metrics": aiServiceMetrics,
  "cluster-autoscaling": clusterAutoscaling,
  "dra-support": draSupport,
  "expected-resources": expectedResources,
  "gang-scheduling": gangScheduling,
  "gpu-operator-health": gpuOperatorHealth,
  "gpu-operator-version": operatorVersion,
  "gpus-allocatable": gpusAllocatable,
  "inference-gateway": inferenceGateway,
  "node-constraints": nodeConstraints,
  "operator-health": operatorHealth,
  "platform-health": platformHealth,
  "pod-autoscaling": podAutoscaling,
  "releases-installed": releasesInstalled,
  "robust-controller": robustController,
  "secure-accelerator-access": secureAcceleratorAccess,
  "workloads-ready": workloadsReady,
};
