import { SlipwayError, type ErrorCode, type ErrorDetails } from "@slipway/base";

/** What the API server says beside its sentence (the Status object of the Kubernetes API). */
export interface KubeStatus {
  /** HTTP status. */
  readonly status: number;
  /** The server's one-word reason: `NotFound`, `Forbidden`, `AlreadyExists`, `Conflict`, `Invalid`, `Expired`, … */
  readonly reason: string;
  /** Seconds after which to try again (Retry-After, or `details.retryAfterSeconds`). */
  readonly retryAfterSeconds?: number | undefined;
}

/** A request that the API server refused, with the server's own reason and sentence. */
export class KubeApiError extends SlipwayError {
  readonly status: number;
  readonly reason: string;
  readonly retryAfterSeconds: number | undefined;

  constructor(message: string, status: KubeStatus, details: ErrorDetails = {}) {
    super(codeOf(status), message, details);
    this.status = status.status;
    this.reason = status.reason;
    this.retryAfterSeconds = status.retryAfterSeconds;
  }

  override at(place: Parameters<SlipwayError["at"]>[0]): KubeApiError {
    const { hint, cause, place: merged } = super.at(place);
    return new KubeApiError(this.message, this, { hint, cause, place: merged });
  }
}

/** The code that a status of the API server stands for. */
function codeOf({ status, reason }: KubeStatus): ErrorCode {
  if (status === 401 || status === 403) return "NOT_ALLOWED";
  if (status === 404) return "NOT_FOUND";
  if (status === 409) return "CONFLICT";
  if (status === 413) return "TOO_LARGE";
  if (status === 504 || reason === "Timeout") return "TIMED_OUT";
  if (status === 429 || status >= 500 || status === 410) return "UNAVAILABLE";
  return "INVALID_INPUT";
}

/** Whether the server says that there is no such object, or no such kind. */
export function isNotFound(error: unknown): boolean {
  return error instanceof KubeApiError && error.status === 404;
}

/** Whether the server refuses for lack of rights. */
export function isForbidden(error: unknown): boolean {
  return error instanceof KubeApiError && (error.status === 401 || error.status === 403);
}

/** Whether an object of the name is there already. */
export function isAlreadyExists(error: unknown): boolean {
  return error instanceof KubeApiError && error.status === 409 && error.reason === "AlreadyExists";
}

/** Whether somebody else changed the object meanwhile. */
export function isConflict(error: unknown): boolean {
  return error instanceof KubeApiError && error.status === 409 && error.reason !== "AlreadyExists";
}

/** Whether a resourceVersion or a continue token is too old: list anew. */
export function isExpired(error: unknown): boolean {
  return error instanceof KubeApiError && error.status === 410;
}
