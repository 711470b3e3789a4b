const MILLISECONDS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

const PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/gy;

/**
 * Reads a duration as Go writes it: `300ms`, `1.5h`, `2h45m`, `0`. Without a sign: no duration of ours runs backwards.
 *
 * @returns milliseconds; nothing for a text that is no duration
 */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === "0") return 0;
  let [total, end] = [0, 0];
  for (const [part, number, unit = ""] of trimmed.matchAll(PART)) {
    total += Number(number) * (MILLISECONDS[unit] ?? 0);
    end += part.length;
  }
  return end > 0 && end === trimmed.length ? total : undefined;
}

const UNITS = [
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
] as const;

/** Writes milliseconds as a person reads them: `850ms`, `2.5s`, `5m`, `1h30m`. */
export function durationText(milliseconds: number): string {
  const whole = Math.round(milliseconds);
  if (whole < 1000) return `${whole}ms`;
  if (whole < 10_000) return `${Number((whole / 1000).toFixed(1))}s`;
  let rest = Math.round(whole / 1000) * 1000;
  return UNITS.map(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count === 0 ? "" : `${count}${unit}`;
  }).join("");
}
