import type { ServerResponse } from "node:http";
import { SlipwayError } from "@slipway/base";
import type { Timer } from "@slipway/kube";
import { expect, test } from "vitest";
import { chatEvents, sendEvents, sendJson } from "../testing/model-server.ts";
import { MODEL, putService, withModel } from "../testing/with-model.ts";

test("a model that only completes texts", async () => {
  await withModel(
    ({ path }, response) => {
      if (path === "/v1/completions")
        sendJson(response, 200, { choices: [{ text: "and ever", finish_reason: "stop" }] });
      else sendJson(response, 404, { detail: "Not Found" });
    },
    async ({ both, model }) => {
      expect((await both("chat llama 'for ever'")).out).toBe("and ever\n");
      expect(model.calls[2]?.body).toMatchObject({ prompt: "for ever" });
    },
  );
});

test("a model that does neither", async () => {
  await withModel(
    ({ path }, response) => {
      if (path === "/openapi.json")
        sendJson(response, 200, { paths: { "/v1/embeddings": {}, "/v1/models": {}, "/metrics": {} } });
      else sendJson(response, 404, { detail: "Not Found" });
    },
    async ({ both }) => {
      expect(await both("chat llama hi")).toMatchInlineSnapshot(`
        {
          "err": "error: the model meta/llama-3.1-8b-instruct does neither chat nor completion
          Its server has /v1/embeddings, /v1/models.
        ",
          "exit": 3,
          "out": "",
        }
      `);
    },
  );
});

test.each([
  [400, { error: { message: "max_tokens must be positive" } }, 2],
  [400, { detail: [{ msg: "field required" }] }, 2],
  [401, { object: "error", message: "no key" }, 4],
  [404, { object: "error", message: "The model `x` does not exist." }, 3],
  [500, "broken", 6],
])("a refusal %i %j", async (status, body, exit) => {
  await withModel(
    (_, response) => sendJson(response, status, body),
    async ({ both }) => {
      const seen = await both("chat llama hi");
      const text =
        typeof body === "string" ? `"${body}"` : /(?:message|msg)":"([^"]*)"/.exec(JSON.stringify(body))?.[1];
      expect(seen).toEqual({ exit, out: "", err: `error: the model server refuses (${status}): ${text ?? ""}\n` });
    },
  );
});

test("an answer that breaks off, in three ways", async () => {
  await withModel(
    ({ body }, response) => {
      const text = JSON.stringify(body);
      if (text.includes("error"))
        sendEvents(
          response,
          [...chatEvents(["half"]).slice(0, 2), { error: { message: "CUDA error", code: 500 } }],
          "done",
        );
      else if (text.includes("quiet")) sendEvents(response, chatEvents(["half"]).slice(0, 2), "cut");
      else
        response
          .writeHead(200, { "content-type": "text/event-stream" })
          .end(`data: ${JSON.stringify(chatEvents(["half"])[1])}\n\n`);
    },
    async ({ both }) => {
      const seen = await Promise.all(
        ["chat llama error", "chat llama quiet", "chat llama end"].map((line) => both(line)),
      );
      expect(seen.map(({ exit, out }) => [exit, out])).toEqual([6, 6, 6].map((exit) => [exit, "half\n"]));
      expect(seen.map(({ err }) => err.replace(/broke off: .*/, "broke off: (reason)"))).toMatchInlineSnapshot(`
        [
          "error: the model server refuses (500): CUDA error
        ",
          "error: the answer broke off: (reason)
          kubectl nim explain says how the service is.
        ",
          "error: the answer broke off: (reason)
          kubectl nim explain says how the service is.
        ",
        ]
      `);
    },
  );
});

test("a model that is being loaded", async () => {
  let asked = 0;
  const waits: number[] = [];
  const timer: Timer = {
    sleep: async (milliseconds, signal) => {
      if (milliseconds === 1000) waits.push(milliseconds);
      else await aborted(signal);
    },
  };
  await withModel(
    (_, response) => sendEvents(response, chatEvents(["ok"]), "done"),
    async ({ run }) => {
      expect((await run("chat llama hi", { timer })).out).toBe("ok\n");
      expect(waits).toEqual([1000, 1000]);
      asked = -1000;
      expect(await run("chat llama hi --timeout 5s", { timer })).toMatchInlineSnapshot(`
        {
          "err": "error: waited 5 s for the model to be loaded: the model server refuses (503): Service is not ready
          kubectl nim explain says how the service is; --timeout waits longer.
        ",
          "exit": 5,
          "out": "",
        }
      `);
    },
    (_, response) => {
      if (++asked > 2) sendJson(response, 200, { data: [{ id: MODEL }] });
      else sendJson(response, 503, { message: "Service is not ready" });
    },
  );
});

test.each([
  ["nothing", () => undefined],
  ["half an answer", (response: ServerResponse) => void response.writeHead(200).write('{"data":')],
])("a server that accepts the request and sends %s is waited for as long as --timeout says", async (_, start) => {
  const silent = Promise.withResolvers<void>();
  const asked: number[] = [];
  const timer: Timer = {
    sleep: async (milliseconds, signal) => {
      asked.push(milliseconds);
      await Promise.race([silent.promise, aborted(signal)]);
    },
  };
  await withModel(
    () => undefined,
    async ({ run }) => {
      expect(await run("chat llama hi --timeout 5s", { timer })).toEqual({
        exit: 5,
        out: "",
        err:
          "error: waited 5 s for the model to be loaded: its server takes the request and does not answer\n" +
          "  kubectl nim explain says how the service is; --timeout waits longer.\n",
      });
      expect(asked).toEqual([4900]);
    },
    (_call, response) => {
      start(response);
      setImmediate(silent.resolve);
    },
  );
});

test("a service that is not ready", async () => {
  await withModel(
    (_, response) => sendEvents(response, chatEvents(["ok"]), "done"),
    async ({ cluster, both }) => {
      putService(cluster, "NotReady", "False");
      expect(await both("chat llama hi")).toMatchInlineSnapshot(`
        {
          "err": "error: NIMService llama is not ready (NotReady): 0 of 1 available
          kubectl nim explain nimservice llama says why; --force tries it anyway.
        ",
          "exit": 6,
          "out": "",
        }
      `);
      expect((await both("chat llama hi --force")).out).toBe("ok\n");
      cluster.remove("Pod", "nim", "llama-1");
      expect((await both("chat llama hi --force")).err).toMatchInlineSnapshot(`
        "error: no pod of NIMService llama is running (it has 0)
          kubectl nim explain nimservice llama says why.
        "
      `);
    },
  );
});

test("what is refused before anything is asked", async () => {
  await withModel(
    () => undefined,
    async ({ both, model }) => {
      const lines = [
        "chat",
        "chat lama hi",
        "chat nimcache/llama hi",
        "chat llama hi --model metta/llama-3.1-8b-instruct",
        "chat llama hi --temperature hot",
        "chat llama hi --max-tokens 0",
        "chat llama hi --local-port 70000",
      ];
      const seen = await Promise.all(lines.map((line) => both(line)));
      expect(seen.map(({ exit, out, err }) => `${exit} ${out}${err}`).join("")).toMatchInlineSnapshot(`
        "2 error: NAME is missing: name of the NIMService
          Usage: kubectl nim chat NAME [PROMPT...]
        3 error: NIMService lama not found in namespace nim
          Did you mean "llama"?
        2 error: llama is a cache: only a service answers
          kubectl nim get nimservice lists the services.
        3 error: the service has no model "metta/llama-3.1-8b-instruct"
          Did you mean "meta/llama-3.1-8b-instruct"?
        2 error: --temperature takes a number from 0 to 2, not "hot"
        2 error: --max-tokens takes a number from 1 to 10000000, not 0
        2 error: --local-port takes a number from 0 to 65535, not 70000
        "
      `);
      expect(model.calls.every(({ path }) => path === "/v1/models")).toBe(true);
    },
  );
});

test("a service without models, and one that is no NIM", async () => {
  let body: unknown = { data: [] };
  await withModel(
    () => undefined,
    async ({ both }) => {
      expect((await both("chat llama hi")).err).toBe("error: the service has no model\n");
      body = "hello";
      expect((await both("chat llama hi")).err).toMatchInlineSnapshot(`
        "error: /v1/models of the service answers with something else than a list of models
          Is that the port of a NIM?
        "
      `);
    },
    (_, response) => sendJson(response, 200, body),
  );
});

test("Ctrl-C in the middle of an answer", async () => {
  const stop = new AbortController();
  await withModel(
    (_, response) => {
      sendEvents(response, chatEvents(["half"]).slice(0, 2), "open");
    },
    async ({ run }) => {
      const reader = async (): Promise<boolean> => {
        stop.abort(new SlipwayError("INTERRUPTED", "interrupted"));
        return true;
      };
      const { exit, out } = await run("chat llama hi", { signal: stop.signal, reader });
      expect([exit, out]).toEqual([130, "half\n"]);
    },
  );
});

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
