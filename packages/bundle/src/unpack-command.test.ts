import { expect, test } from "vitest";
import { unpackCommand } from "./unpack-command.ts";

test("the layer of an artifact is read by its digest, from a tag or a digest", () => {
  expect(unpackCommand("registry.example.com:5000/gpu/bundle", "v1", false)).toBe(
    "oras blob fetch --output - registry.example.com:5000/gpu/bundle@\"$(oras manifest fetch registry.example.com:5000/gpu/bundle:v1 | jq --raw-output '.layers[0].digest')\" | tar -xz",
  );
  expect(unpackCommand("localhost/b", "sha256:00", true)).toBe(
    "oras blob fetch --plain-http --output - localhost/b@\"$(oras manifest fetch --plain-http localhost/b@sha256:00 | jq --raw-output '.layers[0].digest')\" | tar -xz",
  );
});
