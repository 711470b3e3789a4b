import { mapAt } from "@slipway/base";
import { expect, test } from "vitest";
import { buildNimService } from "./service-object.ts";

const GIVEN = { "image-repository": ["a/b"], tag: ["1"], "pvc-storage-name": ["m"], cpu: ["8"] };

test.each([
  [{ replicas: ["3"], "scale-max-replicas": ["5"] }, ["--replicas is left out: autoscaling runs from 1 to 5 pods"]],
  [{ replicas: ["3"], "scale-min-replicas": ["2"], "scale-max-replicas": ["5"] }, []],
  [{ replicas: ["1"], "scale-max-replicas": ["5"] }, []],
  [
    { env: ["NGC_API_KEY=nvapi-0123456789012345678901234567", "A=b"] },
    [
      'the variable "NGC_API_KEY" holds a key that everybody sees who may read the object: keep it in a Secret, and give --env-secret',
    ],
  ],
  [{ "auth-secret": [""] }, ["--auth-secret is sent empty: operators that need one do not start the service"]],
])("%j is told", (more, warnings) => {
  expect(buildNimService({ name: "x", namespace: "nim", given: { ...GIVEN, ...more } }).warnings).toEqual(warnings);
});

test("an empty auth secret is left out where it may be, and sent with a warning where the field must be there", () => {
  const build = (authSecretRequired: boolean) =>
    buildNimService({
      name: "x",
      namespace: "nim",
      given: { ...GIVEN, "auth-secret": [""] },
      traits: {
        leastReplicas: 0,
        autoscalingForbidsReplicas: false,
        authSecretRequired,
        hubTokenFromAuthSecret: false,
        hasServiceField: () => true,
      },
    });
  const told = ({ object, warnings }: ReturnType<typeof build>) => [mapAt(object, "spec")["authSecret"], warnings];
  expect(told(build(false))).toEqual([undefined, []]);
  expect(told(build(true))).toEqual([
    "",
    ["--auth-secret is sent empty: operators that need one do not start the service"],
  ]);
});
