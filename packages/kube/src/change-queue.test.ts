import fc from "fast-check";
import { expect, test } from "vitest";
import { ChangeQueue } from "./change-queue.ts";
import { nameOf, type KubeObject } from "./objects.ts";
import { ObjectStore, type ObjectChange } from "./object-store.ts";

function object(name: string, version: number, uid = "1"): KubeObject {
  return { apiVersion: "v1", kind: "Pod", metadata: { name, uid, resourceVersion: String(version) } };
}

async function read(queue: ChangeQueue): Promise<readonly ObjectChange[]> {
  const changes: ObjectChange[] = [];
  for await (const change of queue) changes.push(change);
  return changes;
}

test("the changes of one object wait as one", async () => {
  const queue = new ChangeQueue();
  const [one, two, three] = [object("a", 1), object("a", 2), object("a", 3)];
  queue.push({ type: "updated", object: two, previous: one });
  queue.push({ type: "added", object: object("b", 1) });
  queue.push({ type: "updated", object: three, previous: two });
  queue.push({ type: "added", object: object("c", 1) });
  queue.push({ type: "deleted", object: object("c", 1) });
  queue.push({ type: "deleted", object: object("d", 1) });
  queue.push({ type: "added", object: object("d", 2, "2") });
  queue.close();
  expect(await read(queue)).toEqual([
    { type: "added", object: object("b", 1) },
    { type: "updated", object: three, previous: one },
    { type: "updated", object: object("d", 2, "2"), previous: object("d", 1) },
  ]);
});

test("an error comes after what waits", async () => {
  const queue = new ChangeQueue();
  queue.push({ type: "added", object: object("a", 1) });
  queue.close({ error: new Error("over") });
  const seen: string[] = [];
  const reading = (async () => {
    for await (const change of queue) seen.push(nameOf(change.object));
  })();
  await expect(reading).rejects.toThrow("over");
  expect(seen).toEqual(["a"]);
});

const anyNews = fc.record({
  name: fc.constantFrom("a", "b", "c"),
  version: fc.integer({ min: 1, max: 40 }),
  gone: fc.boolean(),
  read: fc.boolean(),
});

test("whoever applies what is read has what the store has, however late it is read", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyNews), async (news) => {
      const store = new ObjectStore();
      const queue = new ChangeQueue();
      const reader = queue[Symbol.asyncIterator]();
      const copy = new Map<string, KubeObject>();
      const apply = ({ type, object: changed }: ObjectChange): void => {
        if (type === "deleted") copy.delete(nameOf(changed));
        else copy.set(nameOf(changed), changed);
      };
      let waiting = 0;
      for (const { name, version, gone, read: reads } of news) {
        const changes = gone ? store.remove(object(name, version)) : store.put(object(name, version));
        for (const change of changes) queue.push(change);
        waiting += changes.length;
        if (reads && waiting > 0) {
          queue.push({ type: "added", object: object("marker", 1) });
          for (let next = await reader.next(); next.done !== true; next = await reader.next()) {
            if (nameOf(next.value.object) === "marker") break;
            apply(next.value);
          }
          waiting = 0;
        }
      }
      queue.close();
      for (let next = await reader.next(); next.done !== true; next = await reader.next()) apply(next.value);
      expect([...copy.values()].toSorted((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1))).toEqual(store.list());
    }),
  );
});
