import { SlipwayError } from "@slipway/base";
import { KubeApiError, type KubeApi } from "@slipway/kube";
import { expect, test } from "vitest";
import { checkObjects, makeObjects } from "../deploy/index.ts";
import { secretObject } from "./objects.ts";
import { secretError } from "./index.ts";

const KEY = "nvapi-0123456789012345678901234567";
const SAID = `admission webhook "a" denied the request: Secret.data.NGC_API_KEY ${KEY} is weak`;
const PLACE = { name: "ngc api", namespace: "nim" };

test.each([
  [
    403,
    "Forbidden",
    'secrets is forbidden: User "a" cannot create',
    "NOT_ALLOWED: Secret nim/ngc api: you may not write it / See what you may do with kubectl auth can-i create secrets -n nim.",
  ],
  [
    403,
    "Forbidden",
    `exceeded quota: secrets, ${KEY}`,
    "NOT_ALLOWED: Secret nim/ngc api: a quota of the namespace is used up / See which one with kubectl describe resourcequotas -n nim.",
  ],
  [
    403,
    "Forbidden",
    SAID,
    "NOT_ALLOWED: Secret nim/ngc api: a policy or webhook of the cluster refuses it; what it says is left out, because it may quote the key / Read it by making the secret without a key: kubectl create secret generic 'ngc api' -n nim --dry-run=server",
  ],
  [
    422,
    "Invalid",
    SAID,
    "INVALID_INPUT: Secret nim/ngc api: the server does not take it / A secret of another type cannot be made into this one: delete it with kubectl delete secret 'ngc api' -n nim.",
  ],
  [409, "AlreadyExists", SAID, 'CONFLICT: Secret "ngc api" exists already in namespace "nim" / Take another.'],
  [
    500,
    "InternalError",
    SAID,
    "UNAVAILABLE: Secret nim/ngc api: the server does not store it (HTTP status 500) / Try it again later.",
  ],
])("%i %s is told without the server's words", (status, reason, sentence, told) => {
  const error = secretError(new KubeApiError(sentence, { status, reason }), PLACE, "Take another.");
  expect(seen(error)).toEqual({ told, cause: undefined });
});

test("who the server does not know, and a connection that failed, are told as they are", () => {
  for (const error of [
    new KubeApiError("Unauthorized", { status: 401, reason: "Unauthorized" }),
    new SlipwayError("UNAVAILABLE", "no answer"),
    "odd",
  ])
    expect(secretError(error, PLACE, "")).toBe(error);
});

test("a deployment does not repeat a key that the server quotes, neither when it checks nor when it makes it", async () => {
  const api: Pick<KubeApi, "create"> = {
    create: async () => {
      throw new KubeApiError(SAID, { status: 422, reason: "Invalid" });
    },
  };
  const secret = secretObject({ use: "authSecret", name: "ngc-api-secret" }, KEY, "nim");
  const told =
    "INVALID_INPUT: Secret nim/ngc-api-secret: the server does not take it / " +
    "A secret of another type cannot be made into this one: delete it with kubectl delete secret ngc-api-secret -n nim.";
  for (const refused of [checkObjects(api, [secret]), makeObjects(api, [secret], () => undefined)])
    expect(seen(await refused.catch((error: unknown) => error))).toEqual({ told, cause: undefined });
});

function seen(error: unknown) {
  if (!(error instanceof SlipwayError)) return error;
  return { told: `${error.code}: ${error.message} / ${error.hint ?? ""}`, cause: error.cause };
}
