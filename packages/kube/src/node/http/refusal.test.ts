import { expect, test } from "vitest";
import { refusalError } from "./refusal.ts";

const asked = { method: "GET", path: "/version", server: "http://127.0.0.1:6443" } as const;

test("a server that wants TLS is told by what to do", () => {
  const text = "Client sent an HTTP request to an HTTPS server.\n";
  expect(refusalError({ ...asked, status: 400, headers: { "content-type": "text/plain" }, text }).describe()).toBe(
    "the server answered 400: Client sent an HTTP request to an HTTPS server.\n" +
      "The server in the kubeconfig must start with https://.",
  );
});

test("a web page is not an API server", () => {
  const refusal = { ...asked, status: 403, headers: { "content-type": "text/html" }, text: "<html>Log in</html>" };
  expect(refusalError(refusal)).toMatchObject({ code: "UNAVAILABLE" });
});
