import { FunctionError } from "../function-error.ts";
import { anything, binary, functionMap, nullary, text, unary } from "../functions.ts";
import type { FunctionMap } from "../functions.ts";
import { intOf, type Value } from "../value.ts";

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** The parts of Go's reference time, longest first, so that `January` is not read as `Jan`. */
const LAYOUT = /January|Monday|-07:00|Z07:00|2006|-0700|Jan|Mon|MST|_2|01|02|03|04|05|06|15|PM|pm|[12345]/g;

/** A time in a layout of Go's reference time, in UTC. */
function formatTime(time: Date, layout: string): string {
  return layout.replace(LAYOUT, (part) => timePart(part, time));
}

function timePart(part: string, time: Date): string {
  const hour = time.getUTCHours();
  const parts: Readonly<Record<string, string | number>> = {
    "2006": time.getUTCFullYear(),
    "06": two(time.getUTCFullYear() % 100),
    January: MONTHS[time.getUTCMonth()] ?? "",
    Jan: (MONTHS[time.getUTCMonth()] ?? "").slice(0, 3),
    "01": two(time.getUTCMonth() + 1),
    "1": time.getUTCMonth() + 1,
    Monday: DAYS[time.getUTCDay()] ?? "",
    Mon: (DAYS[time.getUTCDay()] ?? "").slice(0, 3),
    "02": two(time.getUTCDate()),
    _2: String(time.getUTCDate()).padStart(2),
    "2": time.getUTCDate(),
    "15": two(hour),
    "03": two(hour % 12 === 0 ? 12 : hour % 12),
    "3": hour % 12 === 0 ? 12 : hour % 12,
    PM: hour < 12 ? "AM" : "PM",
    pm: hour < 12 ? "am" : "pm",
    "04": two(time.getUTCMinutes()),
    "4": time.getUTCMinutes(),
    "05": two(time.getUTCSeconds()),
    "5": time.getUTCSeconds(),
    MST: "UTC",
    "Z07:00": "Z",
    "-0700": "+0000",
    "-07:00": "+00:00",
  };
  return String(parts[part] ?? part);
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}

/** A time from a text as `now` gives it, or from seconds since 1970. */
function timeOf(value: Value): Date {
  const seconds = intOf(value);
  const source = seconds === undefined ? value : Number(seconds) * 1000;
  const time = new Date(typeof source === "string" || typeof source === "number" ? source : Number.NaN);
  if (!Number.isNaN(time.getTime())) return time;
  throw new FunctionError("the value is not a time: expected now, or seconds since 1970");
}

/** Sprig's functions of time, for templates with a clock. A time is a text as RFC 3339 has it, in UTC. */
export const timeFunctions: FunctionMap = functionMap({
  now: nullary(({ now }) => {
    if (now === undefined) throw new FunctionError("this template has no clock, so that its output stays the same");
    return now.toISOString();
  }),
  date: binary(text, anything, (layout, value) => formatTime(timeOf(value), layout)),
  htmlDate: unary(anything, (value) => formatTime(timeOf(value), "2006-01-02")),
  unixEpoch: unary(anything, (value) => String(Math.floor(timeOf(value).getTime() / 1000))),
});
