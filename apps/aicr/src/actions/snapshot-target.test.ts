import { errorOf } from "@slipway/base/testing";
import { expect, test } from "vitest";
import { refuseClimbing } from "./snapshot-target.ts";

test.each(["snapshot.yaml", "./a/b.yaml", "a/../b.yaml", "..yaml", "...", "/tmp/../etc/x.yaml"])(
  "%s may be written",
  (path) => {
    expect(() => refuseClimbing(path)).not.toThrow();
  },
);

test.each(["../x.yaml", "..", "a/../../x.yaml", "./../x.yaml", "../../etc/passwd"])("%s is refused", (path) => {
  expect(errorOf(() => refuseClimbing(path)).describe()).toBe(
    `--output ${path} leads out of the current directory\nGive an absolute path, or run the command where the file belongs.`,
  );
});
