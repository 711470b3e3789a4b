import { SlipwayError } from "@slipway/base";
import { expect, test } from "vitest";
import { formatOciReference, isOciReference, parseOciReference } from "./reference.ts";

const DIGEST = `sha256:${"0a".repeat(32)}`;

test.each([
  ["oci://localhost:5000/bundle", "localhost:5000", "bundle", "1.2.3", undefined],
  ["oci://registry.example.com/team/gpu-bundle:v1", "registry.example.com", "team/gpu-bundle", "v1", undefined],
  ["oci://[::1]:5000/a/b__c/d.e-f--g:Tag_1.0-x", "[::1]:5000", "a/b__c/d.e-f--g", "Tag_1.0-x", undefined],
  [`oci://r/a:t@${DIGEST}`, "r", "a", "t", DIGEST],
  [`oci://r/a@${DIGEST}`, "r", "a", "1.2.3", DIGEST],
])("%s", (text, registry, repository, tag, digest) => {
  const reference = parseOciReference(text, "1.2.3");
  expect(reference).toEqual({ registry, repository, tag, digest });
  expect(parseOciReference(`oci://${formatOciReference(reference)}`, "other")).toEqual(reference);
});

test.each([
  ["https://r/a", "it must begin with oci://"],
  ["OCI://r/a", "it must begin with oci://"],
  ["oci://", '"" is no host with an optional port'],
  ["oci:///a", '"" is no host with an optional port'],
  ["oci://user:password@r/a", '"user:password" is no host with an optional port'],
  ["oci://r:0/a", '"r:0" is no host with an optional port'],
  ["oci://r:99999/a", '"r:99999" is no host with an optional port'],
  ["oci://r%2f/a", '"r%2f" is no host with an optional port'],
  ["oci://r", "the repository is missing"],
  ["oci://r/", "the repository is missing"],
  ["oci://r/:tag", "the repository is missing"],
  ["oci://r/Upper", '"Upper" is no repository: lower-case letters, digits and single . _ -'],
  ["oci://r/a//b", '"a//b" is no repository: lower-case letters, digits and single . _ -'],
  ["oci://r/../a", '"../a" is no repository: lower-case letters, digits and single . _ -'],
  ["oci://r/a?x=1", '"a?x=1" is no repository: lower-case letters, digits and single . _ -'],
  ["oci://r/a#x", '"a#x" is no repository: lower-case letters, digits and single . _ -'],
  ["oci://r/a b", '"a b" is no repository: lower-case letters, digits and single . _ -'],
  ["oci://r/a:", '"" is no tag: letters, digits, _ . and -, at most 128'],
  ["oci://r/a:b:c", '"b:c" is no tag: letters, digits, _ . and -, at most 128'],
  ["oci://r/a:-x", '"-x" is no tag: letters, digits, _ . and -, at most 128'],
  ["oci://r/a@sha256:abc", '"sha256:abc" is no digest: sha256: and 64 hexadecimal digits'],
])("%s is refused", (text, reason) => {
  expect(() => parseOciReference(text, "1.2.3")).toThrow(
    expect.objectContaining({
      code: "USAGE",
      message: `${JSON.stringify(text)} is no registry reference: ${reason}`,
      hint: "Write it as oci://host[:port]/repository[:tag].",
    }),
  );
});

test("a very long reference is refused at once and not repeated in full", () => {
  const error = thrownBy(() => parseOciReference(`oci://r/${"a-".repeat(50_000)}`, "1"));
  expect(error?.message.length).toBeLessThan(300);
});

test("the default tag is the version, with _ for + as Helm has it", () => {
  expect(parseOciReference("oci://r/a", "1.0.0+build.5").tag).toBe("1.0.0_build.5");
  expect(thrownBy(() => parseOciReference("oci://r/a", "not a tag"))?.message).toBe(
    'the version "not a tag" cannot be a tag',
  );
});

test("an output is known as a reference by its scheme", () => {
  expect(["oci://r/a", "OCI://r/a", "./oci", "oci:/r"].map(isOciReference)).toEqual([true, true, false, false]);
});

function thrownBy(work: () => unknown): SlipwayError | undefined {
  try {
    work();
  } catch (error) {
    if (error instanceof SlipwayError) return error;
  }
  return undefined;
}
