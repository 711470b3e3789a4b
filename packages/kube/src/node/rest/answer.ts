import { SlipwayError, isTreeMap, kindOf, own, type Tree, type TreeMap } from "@slipway/base";
import { isKubeObject, kubeObject, type KubeList, type KubeObject } from "../../objects.ts";
import { apiVersionOf, type Resource } from "../../resources.ts";
import { MAX_ANSWER, readText } from "../http/read-body.ts";
import { strangerError } from "../http/refusal.ts";
import type { Transport, TransportRequest, TransportResponse } from "../transport.ts";
import { readJson } from "./json.ts";

/** How often a read is sent whose answer breaks off in its middle. */
const MOST_READS = 4;

/**
 * The JSON of an answer. Errors as {@link textOf}; UNAVAILABLE for an answer that is no JSON.
 *
 * @param onText given the text before it is taken apart, during which nothing else can be done
 */
export async function jsonOf(
  transport: Transport,
  request: TransportRequest,
  onText?: (text: string) => Promise<void>,
): Promise<Tree> {
  const { text, response } = await textOf(transport, request);
  refuseOtherThanJson(transport, request, response);
  await onText?.(text);
  return readJson(text, describe(request));
}

/** An answer, and all that it says. */
export interface TextAnswer {
  readonly text: string;
  readonly response: TransportResponse;
}

/** The text of an answer. A read whose answer breaks off in its middle is sent again, within the request's time. */
export async function textOf(transport: Transport, request: TransportRequest): Promise<TextAnswer> {
  const start = performance.now();
  for (let count = 1; ; count++) {
    const response = await transport.request({
      ...request,
      timeoutMs: count === 1 ? request.timeoutMs : timeLeft(transport, request, start),
    });
    try {
      return { text: await readText(response, MAX_ANSWER), response };
    } catch (error) {
      const isCut = error instanceof SlipwayError && error.code === "UNAVAILABLE";
      if (!isCut || request.method !== "GET" || count >= MOST_READS) throw error;
    }
  }
}

function timeLeft(
  { usualTimeoutMs }: Transport,
  { timeoutMs = usualTimeoutMs }: TransportRequest,
  start: number,
): number {
  return timeoutMs === 0 ? 0 : Math.max(1, timeoutMs - (performance.now() - start));
}

/** The object of an answer. */
export async function objectOf(transport: Transport, request: TransportRequest): Promise<KubeObject> {
  return kubeObject(await jsonOf(transport, request), `the answer to ${describe(request)}`);
}

/** Where lists of custom resources say what asks for the next page: at their end. A key at another place cannot match. */
const CONTINUE = /"metadata":\{"continue":"([\w.=+/-]+)"[^{}]*\}\}\s*$/;
/** More than such an end is long. */
const END = 4096;

/** What asks for the next page, found without taking the text apart; nothing where there is none, or it stands elsewhere. */
export function continueOf(text: string): string | undefined {
  return CONTINUE.exec(text.slice(-END))?.[1];
}

/** What a request is called in messages. */
export function describe({ method, path }: TransportRequest): string {
  return `${method} ${path}`;
}

/** Throws UNAVAILABLE for an answer that no API server gives. */
export function refuseOtherThanJson(
  { connection: { server } }: Transport,
  { method, path }: TransportRequest,
  { status, headers }: TransportResponse,
): void {
  if (isJson(headers)) return;
  throw strangerError({ method, path, server, status, headers, text: "" });
}

/** Whether an answer says that it is JSON. */
export function isJson(headers: TransportResponse["headers"]): boolean {
  return /^application\/([\w.-]+\+)?json(;|$)/.test(headers["content-type"] ?? "");
}

/**
 * A page as the API server sends it. Its items say neither apiVersion nor kind, because the list does; here they do.
 *
 * @param metadataOnly leaves nothing but metadata, also where the server sent all of the object
 * @throws SlipwayError INVALID_INPUT when it is no list
 */
export function pageOf(value: Tree, resource: Resource, metadataOnly: boolean, what: string): KubeList {
  const map = mapOf(value, what);
  const items = own(map, "items") ?? [];
  if (!Array.isArray(items))
    throw new SlipwayError("INVALID_INPUT", `the answer to ${what}: expected a list of items, found ${kindOf(items)}`);
  const metadata = mapOf(own(map, "metadata") ?? {}, what);
  const next = own(metadata, "continue");
  const remaining = own(metadata, "remainingItemCount");
  const version = own(metadata, "resourceVersion");
  const head = { apiVersion: apiVersionOf(resource), kind: resource.kind };
  return {
    items: items.map((item: Tree) => itemOf(item, head, metadataOnly, what)),
    resourceVersion: typeof version === "string" ? version : "",
    ...(typeof next === "string" && next !== "" ? { continue: next } : {}),
    ...(typeof remaining === "number" ? { remainingItemCount: remaining } : {}),
  };
}

function itemOf(
  item: Tree,
  head: { readonly apiVersion: string; readonly kind: string },
  metadataOnly: boolean,
  what: string,
): KubeObject {
  const map = mapOf(item, what);
  // Custom resources say what they are; there may be thousands, and no copy is needed.
  const isWhole = own(map, "kind") === head.kind && own(map, "apiVersion") === head.apiVersion;
  if (isWhole && !metadataOnly && isKubeObject(map)) return map;
  const object = metadataOnly ? { ...head, metadata: own(map, "metadata") ?? null } : { ...map, ...head };
  if (isKubeObject(object)) return object;
  throw new SlipwayError("INVALID_INPUT", `the answer to ${what}: an item has no metadata`);
}

function mapOf(value: Tree, what: string): TreeMap {
  if (isTreeMap(value)) return value;
  throw new SlipwayError("INVALID_INPUT", `the answer to ${what}: expected a map, found ${kindOf(value)}`);
}
