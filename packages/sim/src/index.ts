export type { ControlPlane, ControlPlaneOptions } from "./control-plane/control-plane.ts";
export { PARTS, type PartName } from "./control-plane/part.ts";
export { controlPlanePrograms, type ControlPlanePrograms } from "./control-plane/programs.ts";
export { startControlPlane } from "./control-plane/start.ts";
export { createGpuNodes, gpuNodes, type GpuModel, type NodeOptions } from "./kwok/nodes.ts";
export { createPods, loadPods, type PodOptions } from "./kwok/pods.ts";
export { seedPods } from "./kwok/seed.ts";
export { KWOK_RESOURCES, everyPodPort, jobStage, logLine, podLogs, podPort, waitingStage } from "./kwok/steer.ts";
export { inferenceServiceDefinition, nimDefinitions } from "./nim/definitions.ts";
export { GENERATIONS, type Generation } from "./nim/definitions/generation.ts";
export { operatorInstallation } from "./nim/installation.ts";
export { runNimOperator, type NimOperator, type NimOperatorOptions } from "./nim/operator.ts";
export { PLAY_ANNOTATION, type Play, type Script } from "./nim/script.ts";
export { manifestText, profilesOf, type Profile } from "./nim/manifest.ts";
export { nimStages } from "./nim/stages.ts";
export { provideVolumes, storageClass, type VolumeProvider } from "./kwok/volumes.ts";
export {
  startModelServer,
  type ModelCall,
  type ModelFault,
  type ModelServer,
  type ModelServerOptions,
} from "./nim/model/server.ts";
