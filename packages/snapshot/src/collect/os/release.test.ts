import fc from "fast-check";
import { expect, test } from "vitest";
import { fakeHost } from "../testing/fake-host.ts";
import { parseOsRelease, release } from "./release.ts";

test.each([
  ['NAME="Ubuntu"', { NAME: "Ubuntu" }],
  ["ID=ubuntu\r\nVERSION_ID='22.04'\r\n", { ID: "ubuntu", VERSION_ID: "22.04" }],
  ["# ID=comment\n\n  ID=cos # no comment of os-release(5)", { ID: "cos" }],
  ['PRETTY_NAME="a \\"b\\" \\$HOME \\\\ \\` \\n"', { PRETTY_NAME: 'a "b" $HOME \\ ` \\n' }],
  [String.raw`A='it'\''s' B=ignored`, { A: "it's" }],
  ["A=\"one\"two'three'", { A: "onetwothree" }],
  ["A=a\\ b", { A: "a b" }],
  ['A="not closed', { A: "not closed" }],
  ["A='not closed", { A: "not closed" }],
  ["A=", { A: "" }],
  ['A=""', { A: "" }],
  ["no assignment\n1A=x\nB-C=x\nexport D=x", {}],
  ["ID=first\nID=second", { ID: "second" }],
  ["A=é\u0000", { A: "é\u0000" }],
  ["A=\\", { A: "" }],
])("%j", (text, expected) => {
  expect(Object.fromEntries(parseOsRelease(text))).toEqual(expected);
});

test("any value quoted as os-release(5) says comes back", () => {
  fc.assert(
    fc.property(
      fc.string().filter((text) => !/[\r\n]/.test(text)),
      (value) => {
        const quoted = `X="${value.replace(/["$`\\]/g, "\\$&")}"`;
        expect(parseOsRelease(quoted).get("X")).toBe(value);
      },
    ),
  );
});

test("/etc/os-release comes first, then /usr/lib/os-release", () => {
  const usr = { "/usr/lib/os-release": "ID=usr\n" };
  const data = (files: Readonly<Record<string, string>>): unknown => release(fakeHost({ files }))?.data.get("ID");
  expect(data({ ...usr, "/etc/os-release": "ID=etc\n" })).toBe("etc");
  expect(data(usr)).toBe("usr");
  expect(release(fakeHost())).toBeUndefined();
});
