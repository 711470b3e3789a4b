import { SlipwayError } from "../errors.ts";

/** The SlipwayError that an action throws. Throws itself when the action ends well or with anything else. */
export function errorOf(action: () => unknown): SlipwayError {
  try {
    action();
  } catch (error) {
    return expectSlipwayError(error);
  }
  throw new Error("nothing was thrown");
}

/** The SlipwayError that a promise is rejected with. Throws itself when it is fulfilled or rejected otherwise. */
export async function rejectionOf(promise: Promise<unknown>): Promise<SlipwayError> {
  return promise.then(() => {
    throw new Error("the promise was fulfilled");
  }, expectSlipwayError);
}

function expectSlipwayError(error: unknown): SlipwayError {
  if (error instanceof SlipwayError) return error;
  throw error;
}
