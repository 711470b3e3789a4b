import { isTreeMap, listAt, numberAt, parseJson, textAt, valueAt, type Tree, type TreeMap } from "@slipway/base";

/** What somebody asks a model. */
export interface Question {
  readonly kind: "chat" | "text";
  readonly model: string;
  /** Text of the last message, or the prompt. */
  readonly prompt: string;
  /** Words of everything that was said. */
  readonly promptTokens: number;
  readonly maxTokens: number;
  readonly isStreamed: boolean;
  readonly wantsUsage: boolean;
}

/** A refusal as the OpenAI API words it. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }

  /** Body of the answer. */
  body(): TreeMap {
    const type = this.status === 404 ? "NotFoundError" : this.status < 500 ? "BadRequestError" : "InternalServerError";
    return { object: "error", message: this.message, type, param: null, code: this.status };
  }
}

/** Reads the body of a request. @throws Refusal for what is none, or asks for another model */
export function questionOf(kind: Question["kind"], body: string, models: readonly string[]): Question {
  const asked = readBody(body);
  const model = textAt(asked, "model");
  if (!models.includes(model)) throw new Refusal(404, `The model \`${model}\` does not exist.`);
  const messages = listAt(asked, "messages").map((message) => textAt(message, "content"));
  if (kind === "chat" && messages.length === 0) throw new Refusal(400, "messages: at least one message is required");
  const said = kind === "chat" ? messages : [textAt(asked, "prompt")];
  return {
    kind,
    model,
    prompt: said.at(-1) ?? "",
    promptTokens: said.reduce((sum, text) => sum + tokensOf(text).length, 0),
    maxTokens: numberAt(asked, "max_tokens") ?? numberAt(asked, "max_completion_tokens") ?? Infinity,
    isStreamed: valueAt(asked, "stream") === true,
    wantsUsage: valueAt(asked, "stream_options", "include_usage") === true,
  };
}

function readBody(body: string): Tree {
  try {
    const asked = parseJson(body);
    if (isTreeMap(asked)) return asked;
  } catch {
    // The same as what is no map.
  }
  throw new Refusal(400, "the body is not a JSON object");
}

/** The pieces in which an answer comes: words, with the space behind them. */
export function tokensOf(text: string): readonly string[] {
  return text.match(/\s*\S+\s*?(?=\s|$)|\s+$/g) ?? [];
}

/** An answer that is being given. */
export interface Reply {
  readonly id: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly question: Question;
  readonly tokens: readonly string[];
  readonly isCut: boolean;
}

function usageOf({ question, tokens }: Reply): TreeMap {
  const { promptTokens } = question;
  return {
    prompt_tokens: promptTokens,
    completion_tokens: tokens.length,
    total_tokens: promptTokens + tokens.length,
  };
}

function finishOf({ isCut }: Reply): string {
  return isCut ? "length" : "stop";
}

/** The whole answer. */
export function wholeOf(reply: Reply): TreeMap {
  const { id, created, question, tokens } = reply;
  const text = tokens.join("");
  const isChat = question.kind === "chat";
  const content = isChat ? { message: { role: "assistant", content: text } } : { text };
  return {
    id,
    object: isChat ? "chat.completion" : "text_completion",
    created,
    model: question.model,
    choices: [{ index: 0, ...content, logprobs: null, finish_reason: finishOf(reply) }],
    usage: usageOf(reply),
  };
}

/** The pieces of an answer that is streamed. */
export function* chunksOf(reply: Reply): Generator<TreeMap, void, undefined> {
  const { question, tokens } = reply;
  const isChat = question.kind === "chat";
  if (isChat) yield chunk(reply, [{ index: 0, delta: { role: "assistant", content: "" }, finish_reason: null }]);
  for (const token of tokens) {
    const content = isChat ? { delta: { content: token } } : { text: token };
    yield chunk(reply, [{ index: 0, ...content, finish_reason: null }]);
  }
  yield chunk(reply, [{ index: 0, ...(isChat ? { delta: {} } : { text: "" }), finish_reason: finishOf(reply) }]);
  if (question.wantsUsage) yield { ...chunk(reply, []), usage: usageOf(reply) };
}

function chunk({ id, created, question }: Reply, choices: readonly TreeMap[]): TreeMap {
  const object = question.kind === "chat" ? "chat.completion.chunk" : "text_completion";
  return { id, object, created, model: question.model, choices };
}
