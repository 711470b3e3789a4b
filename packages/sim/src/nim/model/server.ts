import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { compactJson, messageOf, type TreeMap } from "@slipway/base";
import { systemTimer } from "@slipway/kube";
import { Refusal, chunksOf, questionOf, tokensOf, wholeOf, type Question, type Reply } from "./completion.ts";

/** What goes wrong with a request. */
export type ModelFault =
  /** It is refused. */
  | { readonly status: number; readonly message: string }
  /** The connection breaks after so many pieces of the answer. */
  | { readonly cutAfter: number }
  /** There is no answer, ever. */
  | { readonly hangs: true };

/** A request to a model server. */
export interface ModelCall {
  readonly method: string;
  /** Path, without a query. */
  readonly path: string;
  readonly body: string;
}

/** How a model answers. */
export interface ModelServerOptions {
  /** Names by which models are asked. */
  readonly models: readonly string[];
  /** All at once unless given. */
  readonly tokensPerSecond?: number;
  /** Milliseconds until the first piece of an answer. */
  readonly firstTokenMs?: number;
  /** What is answered; a sentence that repeats the question unless given. */
  readonly answer?: (question: Question) => string;
  /** Whether the model is loaded; it is unless told. */
  readonly isReady?: () => boolean;
  readonly fault?: (call: ModelCall) => ModelFault | undefined;
}

/** A server of models on loopback that speaks as a NIM does. */
export interface ModelServer {
  readonly url: string;
  readonly port: number;
  /** What was asked, in order. */
  readonly calls: readonly ModelCall[];
  close(): Promise<void>;
}

/** Milliseconds since 1970 of the release that models say they are of; the same in every run. */
const CREATED = 1_735_689_600;

/**
 * Serves models through the OpenAI API: `/v1/models`, `/v1/chat/completions` and `/v1/completions`, streamed and not,
 * and the health of a NIM, `/v1/health/live` and `/v1/health/ready`.
 */
export async function startModelServer(options: ModelServerOptions): Promise<ModelServer> {
  const calls: ModelCall[] = [];
  const stop = new AbortController();
  const server = createServer((request, response) => {
    void serve({ options, calls, signal: stop.signal }, request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    calls,
    close: async () => {
      stop.abort();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

interface Serving {
  readonly options: ModelServerOptions;
  readonly calls: ModelCall[];
  readonly signal: AbortSignal;
}

async function serve(serving: Serving, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = "GET", url = "/" } = request;
  const path = new URL(url, "http://model").pathname;
  try {
    const call = { method, path, body: await bodyOf(request) };
    serving.calls.push(call);
    const cutAfter = piecesUntil(serving.options.fault?.(call));
    if (cutAfter !== undefined) await answer(serving, call, response, cutAfter);
  } catch (error) {
    const refusal = error instanceof Refusal ? error : new Refusal(500, messageOf(error));
    if (!response.headersSent) send(response, refusal.status, refusal.body());
  }
}

/** @returns how many pieces of an answer are sent before the connection breaks; nothing for no answer at all */
function piecesUntil(fault: ModelFault | undefined): number | undefined {
  if (fault === undefined) return Infinity;
  if ("status" in fault) throw new Refusal(fault.status, fault.message);
  return "hangs" in fault ? undefined : fault.cutAfter;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) if (chunk instanceof Uint8Array) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function answer(serving: Serving, call: ModelCall, response: ServerResponse, cutAfter: number): Promise<void> {
  const { models, isReady = () => true } = serving.options;
  switch (`${call.method} ${call.path}`) {
    case "GET /v1/models":
      return send(response, 200, {
        object: "list",
        data: models.map((id) => ({ id, object: "model", created: CREATED, owned_by: "system", root: id })),
      });
    case "GET /v1/health/live":
      return send(response, 200, { object: "health.response", message: "Service is live.", status: "live" });
    case "GET /v1/health/ready":
      return isReady()
        ? send(response, 200, { object: "health.response", message: "Service is ready.", status: "ready" })
        : send(response, 503, { object: "health.response", message: "Service is not ready.", status: "not-ready" });
    case "POST /v1/chat/completions":
      return await complete(serving, questionOf("chat", call.body, models), response, cutAfter);
    case "POST /v1/completions":
      return await complete(serving, questionOf("text", call.body, models), response, cutAfter);
    default:
      throw new Refusal(404, "Not Found");
  }
}

async function complete(
  { options, signal, calls }: Serving,
  question: Question,
  response: ServerResponse,
  cutAfter: number,
): Promise<void> {
  const { firstTokenMs = 0, tokensPerSecond = Infinity, answer: say = repeat } = options;
  const all = tokensOf(say(question));
  const tokens = all.slice(0, question.maxTokens);
  const reply: Reply = {
    id: `${question.kind === "chat" ? "chatcmpl" : "cmpl"}-${calls.length}`,
    created: CREATED,
    question,
    tokens,
    isCut: tokens.length < all.length,
  };
  const closed = new AbortController();
  response.once("close", () => closed.abort());
  const stop = AbortSignal.any([signal, closed.signal]);
  const pace = { pauseMs: 1000 / tokensPerSecond, cutAfter, signal: stop };
  if (firstTokenMs > 0) await systemTimer.sleep(firstTokenMs, stop);
  if (question.isStreamed) return await stream(reply, response, pace);
  await pauseOf(pace, tokens.length);
  if (cutAfter === Infinity) send(response, 200, wholeOf(reply));
  else response.destroy();
}

/** How fast an answer comes, and how much of it. */
interface Pace {
  /** Between two pieces. */
  readonly pauseMs: number;
  readonly cutAfter: number;
  readonly signal: AbortSignal;
}

async function pauseOf({ pauseMs, signal }: Pace, pieces: number): Promise<void> {
  if (pauseMs > 0) await systemTimer.sleep(pauseMs * pieces, signal);
}

async function stream(reply: Reply, response: ServerResponse, pace: Pace): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" });
  let sent = 0;
  for (const chunk of chunksOf(reply)) {
    if (pace.signal.aborted) return;
    if (sent++ >= pace.cutAfter) return void response.destroy();
    const text = `data: ${compactJson(chunk)}\n\n`;
    await new Promise<void>((resolve) => void response.write(text, () => resolve()));
    await pauseOf(pace, 1);
  }
  response.end("data: [DONE]\n\n");
}

function repeat({ model, prompt }: Question): string {
  return `I am ${model}, played by a simulator. You said: ${prompt}`;
}

function send(response: ServerResponse, status: number, body: TreeMap): void {
  response.writeHead(status, { "content-type": "application/json" }).end(compactJson(body));
}
