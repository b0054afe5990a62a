import type { BodyRequest, ValueRef } from "../../../engine/index.ts";

/** References and requests as the frames' schemas type them: with lists that nobody promises to leave alone. */
export const plainRef = (ref: ValueRef) => ("list" in ref ? { list: [...ref.list] } : ref);

export function plainBody(request: BodyRequest) {
  const inputs = Object.fromEntries(Object.entries(request.inputs).map(([key, ref]) => [key, plainRef(ref)]));
  const { trial } = request;
  return { ...request, inputs, ...(trial === undefined ? {} : { trial: { ...trial, set: { ...trial.set } } }) };
}
