import type { Case } from "../case.ts";
import type { Finding, NextStep } from "../diagnosis.ts";
import { kubectl, patchSpec, remakeCache } from "../advice.ts";
import { authSecretName } from "../references.ts";
import { shellWord } from "../../shell.ts";
import type { Rule } from "./rule.ts";

interface Sign {
  readonly cause: string;
  readonly pattern: RegExp;
  readonly summary: (found: Case, match: RegExpExecArray) => string;
  readonly next: (found: Case) => NextStep;
}

/** What the programs in NIM containers say before they end, most specific first. */
const SIGNS: readonly Sign[] = [
  {
    cause: "hugging-face-gated",
    pattern: /gated repo|GatedRepoError|access to model .* is restricted/i,
    summary: () => "The model at Hugging Face is gated, and the account of the token has not been given access.",
    next: () => ({ text: "Ask for access on the page of the model with the account of the token, then restart." }),
  },
  {
    cause: "hugging-face-refused",
    pattern:
      /(?:\b401\b|unauthorized|invalid (?:user )?token).*(?:huggingface|hf_|HF_TOKEN)|(?:huggingface|HF_TOKEN).*(?:\b401\b|unauthorized)/i,
    summary: () => "Hugging Face does not accept the token.",
    next: (found) => ({
      text: "Put a valid token into the secret.",
      command: kubectl("nim secret hf --replace", found),
    }),
  },
  {
    cause: "ngc-refused",
    pattern:
      /authentication (?:error|failed)|invalid api ?key|api ?key.*(?:invalid|not valid|expired)|(?:ngc|nvidia).*(?:\b401\b|\b403\b|unauthorized|forbidden)|(?:\b401\b|\b403\b).*(?:ngc|nvidia)/i,
    summary: (found) =>
      `NGC does not accept the key in the secret "${authSecretName(found) || "ngc-api-secret"}", or does not let it have the model.`,
    next: (found) => ({
      text: "Put a key that may have the model into the secret, then restart the pods.",
      command: kubectl("nim secret ngc --replace", found),
    }),
  },
  {
    cause: "no-profile-fits",
    pattern:
      /could not find (?:a )?(?:valid )?profile|no (?:compatible|valid|suitable|runnable) profiles?|profile .* (?:is not compatible|is incompatible|not found)/i,
    summary: () => "None of the model's profiles runs on the GPUs that the container has.",
    next: (found) => ({
      text: "See which profiles there are and which of them fit this cluster.",
      command: kubectl(`nim profiles ${shellWord(found.cache?.name ?? found.name)}`, found),
    }),
  },
  {
    cause: "gpu-memory",
    pattern:
      /CUDA out of memory|OutOfMemoryError|not enough (?:gpu )?memory.*(?:gpu|kv cache)|No available memory for the cache blocks|max seq len .* is larger than the maximum number of tokens/i,
    summary: () => "The model does not fit into the memory of the GPUs that it was given.",
    next: (found) =>
      found.kind === "NIMService"
        ? {
            text: "Give it more GPUs or a profile with less precision, or shorten the context with NIM_MAX_MODEL_LEN.",
            command: patchSpec(found, { resources: { limits: { "nvidia.com/gpu": "2" } } }),
          }
        : remakeCache(found, "Choose a smaller profile"),
  },
  {
    cause: "driver-too-old",
    pattern:
      /driver version is insufficient|unsupported (?:display )?driver|requires? (?:nvidia )?driver|forward compatibility was attempted/i,
    summary: () => "The NVIDIA driver of the node is too old for the image.",
    next: () => ({
      text: "Update the driver (GPU operator), or take an older image.",
      command: "kubectl get nodes -L nvidia.com/cuda.driver-version.full,nvidia.com/gpu.product",
    }),
  },
  {
    cause: "no-gpu-in-container",
    pattern:
      /no cuda-capable device|no nvidia gpus? (?:were )?(?:found|detected)|nvidia driver was not detected|libcuda\.so\S*: cannot open|found no nvidia driver/i,
    summary: () => "The container sees no GPU.",
    next: (found) => ({
      text: "Check that the service asks for GPUs, and that the NVIDIA runtime is set up on the node.",
      command: kubectl("nim doctor", found),
    }),
  },
  {
    cause: "shared-memory-full",
    pattern:
      /\/dev\/shm|bus error|shared memory.*(?:full|insufficient|no space)|unable to (?:mmap|allocate) .*shared memory/i,
    summary: () => "The shared memory of the container (/dev/shm) is too small.",
    next: (found) => ({
      text: "Enlarge it.",
      command: patchSpec(found, { storage: { sharedMemorySizeLimit: "16Gi" } }),
    }),
  },
  {
    cause: "volume-full",
    pattern: /no space left on device|disk quota exceeded/i,
    summary: (found) =>
      `The volume ${found.claim === undefined ? "for the model" : `of the claim "${found.claim.name}"`} is full.`,
    next: (found) => enlarge(found),
  },
  {
    cause: "volume-not-writable",
    pattern:
      /(?:permission denied|read-only file system|EACCES|EROFS).*(?:\/model-store|\/opt\/nim|cache)|(?:\/model-store|\/opt\/nim|cache).*(?:permission denied|read-only file system)/i,
    summary: () => "The container may not write to the volume: its files belong to another user or group.",
    next: (found) =>
      found.kind === "NIMService"
        ? { text: "Run it as the owner of the files.", command: patchSpec(found, { userID: 1000, groupID: 2000 }) }
        : remakeCache(found, "Set spec.userID and spec.groupID to the owner of the files"),
  },
  {
    cause: "model-not-found",
    pattern:
      /(?:model|repository|repo|revision|file).{0,200}(?:not found|does not exist|\b404\b)|\b404\b.*(?:not found|client error)/i,
    summary: () => "What the model is downloaded from has no such model, version or revision.",
    next: (found) =>
      found.kind === "NIMCache"
        ? remakeCache(found, "Correct the model's name and version")
        : {
            text: "Correct the model's name.",
            command: kubectl(`get nimservice ${shellWord(found.name)} -o yaml`, found),
          },
  },
  {
    cause: "download-unreachable",
    pattern:
      /(?:could not|failed to|cannot) resolve|name or service not known|temporary failure in name resolution|connection (?:refused|timed out|reset)|network is unreachable|max retries exceeded|certificate verify failed/i,
    summary: (_, [said]) => `The container does not reach what it downloads the model from (${said}).`,
    next: (found) => ({
      text: "Check name service, network policies and the proxy (spec.proxy); without a way out, use a mirror.",
      command: kubectl("get networkpolicies", found),
    }),
  },
];

function enlarge(found: Case): NextStep {
  const name = found.claim?.name;
  if (name === undefined) return { text: "Give it a larger volume." };
  return {
    text: "Enlarge the claim (the storage class must allow it).",
    command: kubectl(
      `patch pvc ${shellWord(name)} -p '{"spec":{"resources":{"requests":{"storage":"500Gi"}}}}'`,
      found,
    ),
  };
}

/** What the last lines of a container that has ended say. The last sign in time would be a consequence: the first counts. */
export const logSign: Rule = (found) => {
  for (const { pod, container, lines } of found.logs) {
    for (const { cause, pattern, summary, next } of SIGNS) {
      const line = lines.find((text) => pattern.test(text));
      const match = line === undefined ? null : pattern.exec(line);
      if (line === undefined || match === null) continue;
      const finding: Finding = {
        cause,
        verdict: "problem",
        summary: summary(found, match),
        next: next(found),
        evidence: [`log of pod ${pod}, container ${container}: ${line.trim()}`],
      };
      return finding;
    }
  }
  return undefined;
};
