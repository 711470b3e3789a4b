const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** Two units, of which the smaller is left out when it is 0; one only from `single` on. */
const STEPS = [
  { below: 10 * MINUTE, unit: "m", size: MINUTE, rest: { unit: "s", size: SECOND } },
  { below: 3 * HOUR, unit: "m", size: MINUTE },
  { below: 8 * HOUR, unit: "h", size: HOUR, rest: { unit: "m", size: MINUTE } },
  { below: 2 * DAY, unit: "h", size: HOUR },
  { below: 8 * DAY, unit: "d", size: DAY, rest: { unit: "h", size: HOUR } },
  { below: 2 * YEAR, unit: "d", size: DAY },
  { below: 8 * YEAR, unit: "y", size: YEAR, rest: { unit: "d", size: DAY } },
] as const;

/**
 * How long ago a time is, as kubectl shows ages: `45s`, `3m20s`, `5h`, `2d4h`, `40d`, `3y`.
 *
 * @param time RFC 3339; anything else gives `<unknown>`
 */
export function ageText(time: string, now: Date): string {
  const then = Date.parse(time);
  if (Number.isNaN(then)) return "<unknown>";
  const milliseconds = now.getTime() - then;
  if (milliseconds <= -2 * SECOND) return "<invalid>";
  if (milliseconds < 2 * MINUTE) return `${Math.max(0, Math.floor(milliseconds / SECOND))}s`;
  const step = STEPS.find(({ below }) => milliseconds < below);
  if (step === undefined) return `${Math.floor(milliseconds / YEAR)}y`;
  const head = `${Math.floor(milliseconds / step.size)}${step.unit}`;
  if (!("rest" in step)) return head;
  const rest = Math.floor((milliseconds % step.size) / step.rest.size);
  return rest === 0 ? head : `${head}${rest}${step.rest.unit}`;
}
