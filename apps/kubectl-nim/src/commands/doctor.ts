import { RESOURCES } from "@slipway/kube";
import type { Command } from "@slipway/terminal";
import type { NimDeps } from "../deps.ts";
import { DOCTOR_FLAGS } from "../flags/doctor-flags.ts";
import { completeNames } from "../actions/complete.ts";

/** `kubectl nim doctor`: is everything there that NIM needs? */
export function doctorCommand(deps: NimDeps): Command {
  return {
    description:
      "Checks what NIM needs of the cluster and of the namespace: the operator with its definitions and webhook, the GPU " +
      "Operator, GPUs and how many are free, node labels, storage class, secrets and their keys, quota, your own rights. " +
      "Each line that is not ok says what to do. Nothing is changed, and no value of a secret is shown or kept. Exit status " +
      "1 when a check failed.",
    flags: [
      { ...DOCTOR_FLAGS.storageClass, completion: completeNames(deps, RESOURCES.storageClasses) },
      DOCTOR_FLAGS.output,
    ],
    examples: [
      { meaning: "before the first service", command: "kubectl nim doctor -n nim" },
      {
        meaning: "only what is not ok",
        command: `kubectl nim doctor -o json | jq '.checks[] | select(.status != "ok")'`,
      },
    ],
    run: async (context) => (await import("./run-doctor.ts")).doctor(deps, context),
  };
}
