import { plain } from "@slipway/terminal/testing";
import { expect, test } from "vitest";
import { chatEvents, sendEvents, sendJson } from "../testing/model-server.ts";
import { MODEL, withModel } from "../testing/with-model.ts";

const USAGE = { prompt_tokens: 5, completion_tokens: 11 };

test("an answer, streamed, with what the server counts", async () => {
  await withModel(
    (_, response) => sendEvents(response, chatEvents(["Hello", " you", "!"], USAGE), "done"),
    async ({ both, model }) => {
      expect(await both("chat llama Say hello --system 'Be kind' --max-tokens 20 --temperature 0.5"))
        .toMatchInlineSnapshot(`
        {
          "err": "first token after 0.100 s, 50.0 tokens/s, 11 tokens in 0.300 s
        ",
          "exit": 0,
          "out": "Hello you!
        ",
        }
      `);
      expect(model.calls.map(({ path }) => path)).toEqual([
        "/v1/models",
        "/v1/chat/completions",
        "/v1/models",
        "/v1/chat/completions",
      ]);
      expect(model.calls[1]?.body).toEqual({
        model: MODEL,
        max_tokens: 20,
        temperature: 0.5,
        stream: true,
        stream_options: { include_usage: true },
        messages: [
          { role: "system", content: "Be kind" },
          { role: "user", content: "Say hello" },
        ],
      });
    },
  );
});

test("a server that counts nothing, thinks aloud and says nothing", async () => {
  await withModel(
    (_, response) =>
      sendEvents(response, [{ choices: [{ delta: { reasoning_content: "hm" } }] }, ...chatEvents([])], "done"),
    async ({ both }) => {
      expect(await both("chat nimservice/llama hi --model lora-a")).toMatchInlineSnapshot(`
        {
          "err": "first token after 0.100 s, 10.0 pieces/s, 1 piece in 0.100 s, the server does not count tokens
        warning: the answer is empty
        ",
          "exit": 0,
          "out": "",
        }
      `);
    },
  );
});

test("at once, and as a document", async () => {
  await withModel(
    (_, response) =>
      sendJson(response, 200, { choices: [{ message: { content: "Four." }, finish_reason: "length" }], usage: USAGE }),
    async ({ both, model }) => {
      expect(await both("chat nimservice llama 'What is 2+2?' --no-stream")).toMatchInlineSnapshot(`
        {
          "err": "first token after 0.100 s, 110.0 tokens/s, 11 tokens in 0.100 s
        warning: the answer is cut: the most tokens that were asked for, or that the model has
        ",
          "exit": 0,
          "out": "Four.
        ",
        }
      `);
      expect((await both("chat llama hi -o json")).out).toMatchInlineSnapshot(`
        "{
          "model": "meta/llama-3.1-8b-instruct",
          "answer": "Four.",
          "finishReason": "length",
          "timing": {
            "firstTokenSeconds": 0.1,
            "seconds": 0.1,
            "tokens": 11,
            "tokensPerSecond": 110,
            "tokensAreCountedPieces": false
          }
        }
        "
      `);
      expect(model.calls[1]?.body).toEqual({ model: MODEL, messages: [{ role: "user", content: "What is 2+2?" }] });
    },
  );
});

test("a question about commands is asked as it is", async () => {
  await withModel(
    (_, response) => sendJson(response, 200, { choices: [{ message: { content: "So." }, finish_reason: "stop" }] }),
    async ({ run, model }) => {
      expect((await run("chat nimservice llama 'create nimservices' --no-stream")).out).toBe("So.\n");
      expect((await run("chat nimservice llama create nimservices/llama --no-stream")).exit).toBe(0);
      expect(model.calls.flatMap(({ body }) => (body === undefined ? [] : [body]))).toEqual([
        { model: MODEL, messages: [{ role: "user", content: "create nimservices" }] },
        { model: MODEL, messages: [{ role: "user", content: "create nimservices/llama" }] },
      ]);
    },
  );
});

test("a question out of a pipe", async () => {
  await withModel(
    (_, response) => sendEvents(response, chatEvents(["ok\n"]), "done"),
    async ({ run, model }) => {
      expect((await run("chat llama", { stdin: "two\nlines\n" })).out).toBe("ok\n");
      expect(model.calls[1]?.body).toMatchObject({ messages: [{ role: "user", content: "two\nlines" }] });
      expect(await run("chat llama", { stdin: " \n" })).toEqual({
        exit: 2,
        out: "",
        err: "error: there is nothing to ask: give a prompt, or write one to standard input\n",
      });
    },
  );
});

test("control characters of an answer reach a pipe, and no terminal", async () => {
  await withModel(
    (_, response) => sendEvents(response, chatEvents(["\u001b[31mred\r\n"]), "done"),
    async ({ run }) => {
      expect((await run("chat llama hi")).out).toBe("\u001b[31mred\r\n");
      expect((await run("chat llama hi", { tty: true })).out).toBe("\\x1b[31mred\n");
    },
  );
});

test("a conversation", async () => {
  let turns = 0;
  await withModel(
    ({ body }, response) => {
      turns++;
      if (JSON.stringify(body).includes("too long"))
        sendJson(response, 400, { error: { message: "maximum context length is 10" } });
      else sendEvents(response, chatEvents([`answer ${turns}`]), "done");
    },
    async ({ run, model }) => {
      const { exit, out, err } = await run("chat llama", {
        tty: true,
        stdin: "one\n\ntwo\ntoo long\nthree\n/clear\nfour\n/exit\nfive\n",
      });
      expect([exit, out, plain(err)]).toMatchInlineSnapshot(`
        [
          0,
          "answer 1
        answer 2
        answer 4
        answer 5
        ",
          "meta/llama-3.1-8b-instruct: /clear forgets what was said, /exit or Ctrl-D ends
        > first token after 0.100 s, 10.0 pieces/s, 1 piece in 0.100 s, the server does not count tokens
        > > first token after 0.100 s, 10.0 pieces/s, 1 piece in 0.100 s, the server does not count tokens
        > error: the model server refuses (400): maximum context length is 10
        > first token after 0.100 s, 10.0 pieces/s, 1 piece in 0.100 s, the server does not count tokens
        > > first token after 0.100 s, 10.0 pieces/s, 1 piece in 0.100 s, the server does not count tokens
        > ",
        ]
      `);
      const said = model.calls.slice(1).map(({ body }) => JSON.stringify(body).match(/(?<="content":")[^"]*/g));
      expect(said).toEqual([
        ["one"],
        ["one", "answer 1", "two"],
        ["one", "answer 1", "two", "answer 2", "too long"],
        ["one", "answer 1", "two", "answer 2", "three"],
        ["four"],
      ]);
      expect((await run("chat llama", { tty: true, stdin: "hi" })).exit).toBe(0);
      expect((await run("chat llama -o json", { tty: true })).exit).toBe(2);
    },
  );
});
