import fc from "fast-check";
import { expect, test } from "vitest";
import { fakeHost } from "../testing/fake-host.ts";
import { grub, parseKernelParameters } from "./grub.ts";

const parsed = (cmdline: string): Readonly<Record<string, unknown>> =>
  Object.fromEntries(parseKernelParameters(cmdline));

test.each([
  // Ubuntu 22.04 on EC2, by the image's documentation.
  [
    "BOOT_IMAGE=/vmlinuz-6.8.0-1021-aws root=PARTUUID=5c0a2f6e-01 ro console=tty1 console=ttyS0 nvme_core.io_timeout=4294967295 panic=-1\n",
    {
      BOOT_IMAGE: "/vmlinuz-6.8.0-1021-aws",
      ro: true,
      console: "tty1 ttyS0",
      "nvme_core.io_timeout": "4294967295",
      panic: "-1",
    },
  ],
  // Container-Optimized OS puts a device-mapper table into quotes, by its source.
  [
    'console=ttyS0 dm-mod.create="vroot,,,ro,0 4077568 verity 0 PARTUUID=AB 1" cros_efi "systemd.unit=a b.target"',
    {
      console: "ttyS0",
      "dm-mod.create": "vroot,,,ro,0 4077568 verity 0 PARTUUID=AB 1",
      cros_efi: true,
      "systemd.unit": "a b.target",
    },
  ],
  ["quiet quiet mitigations mitigations=off mitigations", { quiet: true, mitigations: "off" }],
  ["a= =b 'c d", { a: "", "'c": true, d: true }],
  ['pci=realloc=off x="open to the end', { pci: "realloc=off", x: "open to the end" }],
  ["iommu=pt -- --listen 0.0.0.0 token", { iommu: "pt" }],
  ["__proto__=1 constructor=2", { ["__proto__"]: "1", constructor: "2" }],
  ["", {}],
])("%j", (cmdline, expected) => {
  expect(parsed(cmdline)).toEqual(Object.fromEntries(Object.entries(expected)));
});

test("parameters of any kind come back by their names, with every value in its order", () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9._-]{0,8}$/).filter((name) => name !== "root");
  const value = fc.stringMatching(/^[a-z0-9=,:./-]{1,12}( [a-z0-9]{1,4})?$/);
  fc.assert(
    fc.property(fc.array(fc.tuple(word, value), { maxLength: 12 }), (parameters) => {
      const cmdline = parameters.map(([name, text]) => `${name}="${text}"`).join("  ");
      const expected = new Map<string, string>();
      for (const [name, text] of parameters)
        expected.set(name, expected.has(name) ? `${expected.get(name)} ${text}` : text);
      expect(parseKernelParameters(cmdline)).toEqual(expected);
    }),
  );
});

test("the subtype is left out where /proc/cmdline cannot be read", () => {
  expect(grub(fakeHost())).toBeUndefined();
  expect(grub(fakeHost({ files: { "/proc/cmdline": { unreadable: "permission denied" } } }))).toBeUndefined();
  expect(grub(fakeHost({ files: { "/proc/cmdline": "root=/dev/sda1 ro\n" } }))).toEqual({
    name: "grub",
    data: new Map([["ro", true]]),
  });
});
