import { expect, test } from "vitest";
import { systemTimer } from "./timer.ts";

test.each([2 ** 31, 1000 * 3_600_000, Number.MAX_SAFE_INTEGER])(
  "%d milliseconds are not over at once",
  async (long) => {
    const stop = new AbortController();
    const woken: string[] = [];
    const waiting = systemTimer.sleep(long, stop.signal).then(() => woken.push("long"));
    await systemTimer.sleep(30, stop.signal).then(() => woken.push("short"));
    stop.abort();
    await waiting;
    expect(woken).toEqual(["short", "long"]);
  },
);
