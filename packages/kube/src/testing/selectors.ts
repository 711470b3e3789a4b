import { mapAt, textAt, type TreeMap } from "@slipway/base";

/** Whether an object meets a label selector (`a=b,c!=d,e,!f,g in (h,i),j notin (k)`); an empty one is met by all. */
export function meetsLabels(object: TreeMap, selector: string): boolean {
  const labels = mapAt(object, "metadata", "labels");
  return requirementsOf(selector).every((requirement) => {
    const [, key = "", negated, values = ""] = /^(\S+) (not)?in \((.*)\)$/.exec(requirement) ?? [];
    if (key === "") return meetsEquality(labels, requirement);
    const among = values.split(",").map((value) => value.trim());
    return among.includes(textAt(labels, key)) !== (negated === "not");
  });
}

function meetsEquality(labels: TreeMap, requirement: string): boolean {
  const [, key = "", operator = "", value = ""] = /^(.*?)(!=|==|=)(.*)$/.exec(requirement) ?? [];
  if (operator !== "") return (textAt(labels, key) === value) === (operator !== "!=");
  return requirement.startsWith("!")
    ? !Object.hasOwn(labels, requirement.slice(1))
    : Object.hasOwn(labels, requirement);
}

function requirementsOf(selector: string): readonly string[] {
  return selector
    .split(/,(?![^(]*\))/)
    .map((requirement) => requirement.trim())
    .filter((requirement) => requirement !== "");
}

/** Whether an object meets a field selector; only equality of `metadata.*` and other text fields is known. */
export function meetsFields(object: TreeMap, selector: string): boolean {
  return requirementsOf(selector).every((requirement) => {
    const [, path = "", operator = "", value = ""] = /^(.*?)(!=|==|=)(.*)$/.exec(requirement) ?? [];
    return (textAt(object, ...path.split(".")) === value) === (operator !== "!=");
  });
}
