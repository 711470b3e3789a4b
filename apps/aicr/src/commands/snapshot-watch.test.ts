import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { nodeExec } from "@slipway/terminal/exec";
import { expect, test } from "vitest";
import { freshWarnings } from "../actions/fresh-warnings.ts";
import { inWorkplace, type Workplace } from "../testing/aicr.ts";
import { NODE_ROOT, nodePrograms } from "../testing/node-tree.ts";

const LINE = "snapshot --host-root root --filter os --watch";
const RELEASE = "root/etc/os-release";

/** A user at a watch: changes the node while it waits, once a turn, and presses Ctrl-C at the end. */
function watching(
  { cwd }: Workplace,
  turns: readonly ((write: (text: string) => Promise<void>) => Promise<void>)[],
): Pick<NonNullable<Parameters<Workplace["run"]>[1]>, "timer" | "signal"> {
  const stop = new AbortController();
  const left = [...turns];
  const write = (text: string): Promise<void> => writeFile(join(cwd, RELEASE), text);
  const timer = {
    sleep: async () => {
      const turn = left.shift();
      if (turn === undefined) stop.abort();
      else await turn(write);
    },
  };
  return { timer, signal: stop.signal };
}

const CHANGES = [
  async (write: (text: string) => Promise<void>) => write("ID=ubuntu\nVERSION_ID=26.04\n"),
  async () => undefined,
  async (write: (text: string) => Promise<void>) => write("ID=debian\nVERSION_ID=26.04\n"),
];

const TIME = "2026-01-02T03:04:05Z";
const DATA = "/measurements/0/subtypes/3/data";

const FIRST = {
  time: TIME,
  patch: [
    { op: "remove", path: `${DATA}/NAME` },
    { op: "replace", path: `${DATA}/VERSION_ID`, value: "26.04" },
  ],
};
const SECOND = { time: TIME, patch: [{ op: "replace", path: `${DATA}/ID`, value: "debian" }] };

function linesOf(text: string): readonly unknown[] {
  return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
}

test("each change is a line of JSON, what stays the same is none, and Ctrl-C ends it", async () => {
  await inWorkplace(NODE_ROOT, async (place) => {
    const { exit, out, err } = await place.run(LINE, { exec: nodePrograms(), ...watching(place, CHANGES) });
    expect(linesOf(out)).toEqual([FIRST, SECOND]);
    expect({ exit, err }).toEqual({ exit: 130, err: "[cli] watching: interval=30s\nerror: interrupted\n" });
  });
});

test("changes of readings that are ignored do not count", async () => {
  await inWorkplace(NODE_ROOT, async (place) => {
    const options = { exec: nodePrograms(), ...watching(place, CHANGES) };
    const { out } = await place.run(`${LINE} --interval 1m --ignore OS.release.VERSION_ID,OS.release.NAME`, options);
    expect(linesOf(out)).toEqual([SECOND]);
  });
});

test("a program of the user is run for each change, with the line on its standard input", async () => {
  const script = '#!/bin/sh\nread -r line\nprintf "%s\\n" "$line" >>told\necho "told $#"\n';
  await inWorkplace({ ...NODE_ROOT, "bin/tell": script }, async (place) => {
    await chmod(join(place.cwd, "bin/tell"), 0o700);
    const options = { exec: nodeExec, ...watching(place, CHANGES) };
    const { exit, out, err } = await place.run(`${LINE} --on-change ./bin/tell`, options);
    expect(linesOf(out)).toEqual([FIRST, SECOND]);
    expect(await readFile(join(place.cwd, "told"), "utf8")).toBe(out);
    expect({ exit, err }).toEqual({
      exit: 130,
      err: "[cli] watching: interval=30s\ntold 0\ntold 0\nerror: interrupted\n",
    });
  });
});

test("a program that fails is told, and the watch goes on", async () => {
  await inWorkplace({ ...NODE_ROOT, "bin/fail": "#!/bin/sh\necho broken >&2\nexit 3\n" }, async (place) => {
    await chmod(join(place.cwd, "bin/fail"), 0o700);
    const failing = await place.run(`${LINE} --on-change bin/fail`, { exec: nodeExec, ...watching(place, CHANGES) });
    expect(linesOf(failing.out)).toHaveLength(2);
    expect(failing.err).toBe(
      "[cli] watching: interval=30s\n" +
        "broken\n[cli] warning: bin/fail ended with 3\n".repeat(2) +
        "error: interrupted\n",
    );
  });
});

test("a measurement that fails is told, and the next one is compared with the last that did not", async () => {
  await inWorkplace(NODE_ROOT, async (place) => {
    const slow = nodePrograms({ hangs: "systemctl" });
    const line = "snapshot --host-root root --filter systemd --timeout 50ms --watch";
    const { exit, out, err } = await place.run(line, { exec: slow, ...watching(place, [async () => undefined]) });
    const failure = "[cli] warning: not measured: nothing could be measured: systemd: no answer within 0.05 s\n";
    expect({ exit, out, err }).toEqual({ exit: 130, out: "", err: `${failure}error: interrupted\n` });
  });
});

test("Ctrl-C while it waits ends a watch at once", async () => {
  await inWorkplace(NODE_ROOT, async ({ run }) => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 300);
    // Without a timer of the test's: an hour would outlast the test.
    const { exit, out } = await run(`${LINE} --interval 1h`, { exec: nodePrograms(), signal: stop.signal });
    expect({ exit, out }).toEqual({ exit: 130, out: "" });
  });
});

test.each([
  ["'./none; id'", "./none; id", "Is the file there, and executable (chmod +x)?"],
  ["root/etc/os-release", "root/etc/os-release", "Is the file there, and executable (chmod +x)?"],
  ["no-such-program", "no-such-program", "Nothing of that name is on the PATH; give its path."],
])("--on-change %s is refused before anything is measured", async (given, name, hint) => {
  await inWorkplace(NODE_ROOT, async ({ run }) => {
    expect(await run(`${LINE} --on-change ${given}`, { exec: nodePrograms() })).toEqual({
      exit: 3,
      out: "",
      err: `error: --on-change: ${name} is no program that can be run\n  ${hint}\n`,
    });
  });
});

test("a warning is told once while it stays the same, and again when it changed in between", () => {
  const told: string[] = [];
  const ignore = (): void => undefined;
  const log = {
    mode: "plain",
    debug: ignore,
    info: ignore,
    fail: ignore,
    warn: (text: string) => told.push(text),
  } as const;
  const fresh = freshWarnings(log);
  for (const text of ["a", "a", "b", "b", "a"]) {
    fresh.nextRound();
    fresh.log.warn(text);
  }
  expect(told).toEqual(["a", "b", "a"]);
});
