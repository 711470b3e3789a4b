import { own } from "@slipway/base";
import type { KubeObject } from "@slipway/kube";

/**
 * What becomes of a NIMCache or a NIMService:
 * - `image-pull-error`: its image cannot be pulled;
 * - `missing-secret-key`: its secret lacks the key that the container reads;
 * - `crash`, `out-of-memory`: its container ends again and again, with exit status 1, or for want of memory;
 * - `unschedulable`: it asks for more GPUs than any node has;
 * - `slow`: it runs, and does not become ready;
 * - `fail`: the caching job fails, or the deployment cannot be made;
 * - `reconcile-error`: the operator itself comes no further.
 */
export type Play = (typeof PLAYS)[number];

const PLAYS = [
  "image-pull-error",
  "missing-secret-key",
  "crash",
  "out-of-memory",
  "unschedulable",
  "slow",
  "fail",
  "reconcile-error",
] as const;

/** Annotation of a NIMCache or a NIMService, and of the pods made for it, that names a {@link Play}. */
export const PLAY_ANNOTATION = "sim.slipway.dev/nim";
/** Annotation of pods: what their kubelet says. */
export const MESSAGE_ANNOTATION = "sim.slipway.dev/message";

/** Says what becomes of an object; all goes well where it says nothing. */
export type Script = (object: KubeObject) => Play | undefined;

/** The script that reads {@link PLAY_ANNOTATION}; a word that is none of its plays counts as nothing. */
export const annotationScript: Script = (object) => {
  const word = own(object.metadata.annotations ?? {}, PLAY_ANNOTATION);
  return PLAYS.find((play) => play === word);
};
