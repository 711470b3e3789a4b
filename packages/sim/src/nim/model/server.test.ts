import { expect, onTestFinished, test } from "vitest";
import { startModelServer, type ModelServer, type ModelServerOptions } from "./server.ts";

const MODEL = "meta/llama3-8b-instruct";

async function server(options: Partial<ModelServerOptions> = {}): Promise<ModelServer> {
  const started = await startModelServer({ models: [MODEL], answer: () => "one two three", ...options });
  onTestFinished(async () => await started.close());
  return started;
}

async function ask({ url }: ModelServer, path: string, body?: object): Promise<unknown> {
  const response = await fetch(
    `${url}${path}`,
    body === undefined ? {} : { method: "POST", body: JSON.stringify(body) },
  );
  return { status: response.status, body: await response.json() };
}

const CHAT = { model: MODEL, messages: [{ role: "user", content: "hello you" }] };

test("names its models and says how it is", async () => {
  let isReady = false;
  const model = await server({ isReady: () => isReady });
  expect(await ask(model, "/v1/models")).toMatchObject({ status: 200, body: { data: [{ id: MODEL }] } });
  expect(await ask(model, "/v1/health/live")).toMatchObject({ status: 200 });
  expect(await ask(model, "/v1/health/ready")).toMatchObject({ status: 503 });
  isReady = true;
  expect(await ask(model, "/v1/health/ready")).toMatchObject({ status: 200 });
});

test("answers a chat", async () => {
  const model = await server();
  expect(await ask(model, "/v1/chat/completions", CHAT)).toEqual({
    status: 200,
    body: {
      id: "chatcmpl-1",
      object: "chat.completion",
      created: 1_735_689_600,
      model: MODEL,
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: "one two three" },
          logprobs: null,
          finish_reason: "stop",
        },
      ],
      usage: { prompt_tokens: 2, completion_tokens: 3, total_tokens: 5 },
    },
  });
});

test("completes a text, no longer than it is asked", async () => {
  const model = await server();
  expect(await ask(model, "/v1/completions", { model: MODEL, prompt: "hello", max_tokens: 2 })).toMatchObject({
    body: { choices: [{ text: "one two", finish_reason: "length" }], usage: { completion_tokens: 2 } },
  });
});

async function stream({ url }: ModelServer, more: object = {}): Promise<readonly string[]> {
  const body = JSON.stringify({ ...CHAT, stream: true, ...more });
  const response = await fetch(`${url}/v1/chat/completions`, { method: "POST", body });
  return (await response.text()).split("\n\n").filter((text) => text !== "");
}

test("streams an answer piece by piece, and its size when asked", async () => {
  const events = await stream(await server(), { stream_options: { include_usage: true } });
  const texts = events.slice(0, -1).map((event) => {
    const { choices, usage } = JSON.parse(event.slice("data: ".length));
    return choices[0]?.delta.content ?? choices[0]?.finish_reason ?? usage.completion_tokens;
  });
  expect(texts).toEqual(["", "one", " two", " three", "stop", 3]);
  expect(events.at(-1)).toBe("data: [DONE]");
});

test("breaks off where it is told", async () => {
  await expect(stream(await server({ fault: () => ({ cutAfter: 2 }) }))).rejects.toThrow("terminated");
});

test("refuses what it does not know, and what it is told to refuse", async () => {
  const model = await server();
  expect(await ask(model, "/v1/chat/completions", { ...CHAT, model: "gpt" })).toEqual({
    status: 404,
    body: {
      object: "error",
      message: "The model `gpt` does not exist.",
      type: "NotFoundError",
      param: null,
      code: 404,
    },
  });
  expect(await ask(model, "/v1/chat/completions", { model: MODEL })).toMatchObject({ status: 400 });
  expect(await ask(model, "/v2")).toMatchObject({ status: 404 });
  const broken = await server({ fault: () => ({ status: 503, message: "overloaded" }) });
  expect(await ask(broken, "/v1/models")).toMatchObject({ status: 503, body: { message: "overloaded" } });
  expect(model.calls.map(({ path }) => path)).toEqual(["/v1/chat/completions", "/v1/chat/completions", "/v2"]);
});

test("lets go of who never gets an answer", async () => {
  const model = await startModelServer({ models: [MODEL], fault: () => ({ hangs: true }) });
  const asked = ask(model, "/v1/models");
  while (model.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await Promise.all([model.close(), expect(asked).rejects.toThrow("fetch failed")]);
});
