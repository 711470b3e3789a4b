import { isForbidden } from "@slipway/kube";

/** Why the server answers a write with 403: for lack of rights, because a quota is used up, or because a webhook or policy says no. */
export type Refusal = "rights" | "quota" | "admission";

/** Tells refusals apart by the server's sentence; nothing for an error that is none. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (!isForbidden(error) || !(error instanceof Error)) return undefined;
  if (error.message.includes("exceeded quota")) return "quota";
  return /admission webhook|denied the request|ValidatingAdmissionPolicy/.test(error.message) ? "admission" : "rights";
}
