import { SlipwayError, compactJson, listAt, numberAt, textAt, type Tree, type TreeMap } from "@slipway/base";
import { createParser } from "eventsource-parser";
import { ModelRefusal, chunksOf, jsonOf, send, textOf, type Endpoint } from "./endpoint.ts";
import { knownPaths } from "./models.ts";

/** One turn of a conversation. */
export interface Message {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

/** What a model is asked. */
export interface Question {
  readonly model: string;
  readonly messages: readonly Message[];
  readonly maxTokens?: number | undefined;
  readonly temperature?: number | undefined;
  /** Whether the answer comes piece by piece. */
  readonly stream: boolean;
}

/** What comes back: text, thoughts that are no part of the answer, and at the end why it ended and how much it was. */
export type AnswerEvent =
  | { readonly kind: "text" | "thought"; readonly text: string }
  | { readonly kind: "end"; readonly reason: string }
  | { readonly kind: "usage"; readonly promptTokens: number; readonly completionTokens: number };

/** Most characters of one event of a stream. */
const MOST_SIGNS = 4 * 1024 * 1024;

/**
 * Asks a model, by chat completion; a server that has none is asked to complete the text.
 *
 * @throws ModelRefusal with the server's own words; SlipwayError NOT_FOUND, with what the server has, when it does neither;
 * UNAVAILABLE when the answer breaks off, after what came of it
 */
export async function* ask(endpoint: Endpoint, question: Question): AsyncGenerator<AnswerEvent, void, undefined> {
  yield* eventsOf(endpoint, await answer(endpoint, question), question.stream);
}

async function answer(endpoint: Endpoint, question: Question): Promise<Response> {
  try {
    return await send(endpoint, "/v1/chat/completions", compactJson(chatBody(question)));
  } catch (error) {
    if (!isNoSuchPath(error)) throw error;
  }
  try {
    return await send(endpoint, "/v1/completions", compactJson(textBody(question)));
  } catch (error) {
    if (!isNoSuchPath(error)) throw error;
    const paths = await knownPaths(endpoint);
    throw new SlipwayError("NOT_FOUND", `the model ${question.model} does neither chat nor completion`, {
      hint: paths.length === 0 ? "Is it a model for embeddings?" : `Its server has ${paths.join(", ")}.`,
      cause: error,
    });
  }
}

/** A server says 404 for a model that it does not have too, and names it then. */
function isNoSuchPath(error: unknown): boolean {
  if (!(error instanceof ModelRefusal)) return false;
  return (
    error.status === 405 || (error.status === 404 && !/\bmodel\b/i.test(error.message.replace("the model server", "")))
  );
}

function chatBody(question: Question): TreeMap {
  return { ...commonBody(question), messages: question.messages.map(({ role, content }) => ({ role, content })) };
}

function textBody(question: Question): TreeMap {
  return { ...commonBody(question), prompt: question.messages.map(({ content }) => content).join("\n") };
}

function commonBody({ model, maxTokens, temperature, stream }: Question): TreeMap {
  return {
    model,
    ...(maxTokens === undefined ? {} : { max_tokens: maxTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(stream ? { stream, stream_options: { include_usage: true } } : {}),
  };
}

/** A server that does not stream although it was asked to is understood too. */
async function* eventsOf(endpoint: Endpoint, response: Response, stream: boolean): AsyncGenerator<AnswerEvent> {
  const isStream = stream && (response.headers.get("content-type") ?? "").includes("event-stream");
  if (isStream) {
    yield* streamed(endpoint, response);
    return;
  }
  const text = await textOf(endpoint, response);
  const json = jsonOf(text);
  if (json === undefined)
    throw new SlipwayError("INVALID_INPUT", "the model server answers with something that is no JSON");
  yield* partsOf(json);
}

async function* streamed(endpoint: Endpoint, response: Response): AsyncGenerator<AnswerEvent> {
  const queue: string[] = [];
  let problem: Error | undefined;
  const parser = createParser({
    maxBufferSize: MOST_SIGNS,
    onEvent: ({ data }) => queue.push(data),
    onError: (error) => {
      if (error.type === "max-buffer-size-exceeded") problem = error;
    },
  });
  const decoder = new TextDecoder();
  let isOver = false;
  for await (const chunk of chunksOf(endpoint, response)) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    if (problem !== undefined)
      throw new SlipwayError("TOO_LARGE", "an event of the answer is larger than any answer", { cause: problem });
    for (const data of queue.splice(0)) {
      if (data.trim() === "[DONE]") return;
      for (const event of partsOf(eventOf(data))) {
        isOver ||= event.kind === "end";
        yield event;
      }
    }
  }
  if (!isOver)
    throw new SlipwayError("UNAVAILABLE", "the answer broke off: the server ended it without saying so", {
      hint: "kubectl nim explain says how the service is.",
    });
}

/** Errors in the middle of a stream come as events. */
function eventOf(data: string): Tree {
  const json = jsonOf(data);
  if (json === undefined) throw new SlipwayError("INVALID_INPUT", "the model server sends an event that is no JSON");
  const message =
    textAt(json, "error", "message") || (textAt(json, "object") === "error" ? textAt(json, "message") : "");
  if (message !== "") throw new ModelRefusal(numberAt(json, "error", "code") ?? numberAt(json, "code") ?? 500, message);
  return json;
}

function* partsOf(json: Tree): Generator<AnswerEvent> {
  const [choice] = listAt(json, "choices");
  for (const part of ["delta", "message"]) {
    const thought = textAt(choice, part, "reasoning_content") || textAt(choice, part, "reasoning");
    if (thought !== "") yield { kind: "thought", text: thought };
    const text = textAt(choice, part, "content");
    if (text !== "") yield { kind: "text", text };
  }
  const plain = textAt(choice, "text");
  if (plain !== "") yield { kind: "text", text: plain };
  const reason = textAt(choice, "finish_reason");
  if (reason !== "") yield { kind: "end", reason };
  const completionTokens = numberAt(json, "usage", "completion_tokens");
  if (completionTokens !== undefined)
    yield { kind: "usage", promptTokens: numberAt(json, "usage", "prompt_tokens") ?? 0, completionTokens };
}
