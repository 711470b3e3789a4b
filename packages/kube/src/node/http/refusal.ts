import { SlipwayError, isTreeMap, own, type Tree, type TreeMap } from "@slipway/base";
import { KubeApiError } from "../../errors.ts";
import { accessQuestion } from "./access-question.ts";

/** An answer that is no success, with as much of its body as errors have. */
export interface Refusal {
  readonly method: string;
  readonly path: string;
  readonly server: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** The Kubernetes API's words for a status, for answers that come without one. */
const REASONS: Readonly<Record<number, string>> = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  405: "MethodNotAllowed",
  406: "NotAcceptable",
  409: "Conflict",
  410: "Gone",
  413: "RequestEntityTooLarge",
  415: "UnsupportedMediaType",
  422: "Invalid",
  429: "TooManyRequests",
  500: "InternalError",
  503: "ServiceUnavailable",
  504: "Timeout",
};
const MOST_SIGNS = 2000;

/** The error that an answer stands for: a `KubeApiError`, or UNAVAILABLE when it is no API server that answers. */
export function refusalError(refusal: Refusal): SlipwayError {
  const { status, headers, text } = refusal;
  // What stands in front of a server that is down answers with a page of its own.
  if (status < 400 || (status < 500 && isWebPage(headers))) return strangerError(refusal);
  const object = statusObject(text);
  if (object !== undefined) return statusError(object, status, refusal);
  const said = isWebPage(headers) ? "" : firstLine(text);
  const message = said === "" ? `the server answered ${status}` : `the server answered ${status}: ${said}`;
  const retryAfterSeconds = retryAfterOf(headers, undefined);
  const reason = REASONS[status] ?? "";
  const hint = WANTS_TLS.test(said)
    ? "The server in the kubeconfig must start with https://."
    : hintOf(status, refusal);
  return new KubeApiError(message, { status, reason, retryAfterSeconds }, { hint });
}

/** What Go's servers say to somebody who speaks plain HTTP to them. */
const WANTS_TLS = /HTTP request to an HTTPS server/;

/** The error that a Status object stands for, in an answer or in a watch. */
export function statusError(object: TreeMap, fallback: number, refusal?: Refusal): KubeApiError {
  const code = own(object, "code");
  const status = typeof code === "number" && code > 0 ? code : fallback;
  const message = textAt(object, "message");
  const reason = textAt(object, "reason") || (REASONS[status] ?? "");
  const retryAfterSeconds = retryAfterOf(refusal?.headers ?? {}, object);
  return new KubeApiError(
    (message || reason || `the server answered ${status}`).slice(0, MOST_SIGNS),
    { status, reason, retryAfterSeconds },
    { hint: refusal === undefined ? undefined : hintOf(status, refusal) },
  );
}

/** For an answer that no API server gives. */
export function strangerError({ method, path, server, status, headers }: Refusal): SlipwayError {
  const target = headers["location"];
  const what =
    status >= 300 && status < 400 && target !== undefined
      ? `a redirect to ${target.split("?")[0] ?? ""}`
      : `${headers["content-type"] ?? "something"} that no API server sends (status ${status})`;
  return new SlipwayError("UNAVAILABLE", `${method} ${path}: ${server} answered with ${what}`, {
    hint: "Is the server in the kubeconfig an API server, and not a console or a login page in front of it?",
  });
}

function isWebPage(headers: Refusal["headers"]): boolean {
  return (headers["content-type"] ?? "").startsWith("text/html");
}

function hintOf(status: number, { method, path, server }: Refusal): string | undefined {
  if (status === 401)
    return `${server} does not take these credentials; log in again, or look at \`kubectl auth whoami\`.`;
  if (status === 403) {
    const question = accessQuestion(method, path);
    return question === undefined ? undefined : `Check with: kubectl auth can-i ${question}`;
  }
  return status === 429 ? "The server is overloaded; try again later." : undefined;
}

function retryAfterOf(headers: Refusal["headers"], object: TreeMap | undefined): number | undefined {
  const header = headers["retry-after"];
  if (header !== undefined && /^\d{1,6}$/.test(header)) return Number(header);
  const details = object === undefined ? undefined : own(object, "details");
  const seconds = isTreeMap(details) ? own(details, "retryAfterSeconds") : undefined;
  return typeof seconds === "number" && seconds >= 0 ? seconds : undefined;
}

function statusObject(text: string): TreeMap | undefined {
  try {
    const value: Tree = JSON.parse(text);
    return isTreeMap(value) && own(value, "kind") === "Status" ? value : undefined;
  } catch {
    return undefined;
  }
}

function textAt(object: TreeMap, key: string): string {
  const value = own(object, key);
  return typeof value === "string" ? value : "";
}

function firstLine(text: string): string {
  return (text.trim().split("\n")[0] ?? "").trim().slice(0, 300);
}
