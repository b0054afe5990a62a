import { snakeCase } from "../dialect-0.7/operations.ts";
import { type Answer, refused } from "../http/answer.ts";
import { fieldNodes, type Operation, operationNode } from "../http/operation.ts";
import type { Executor } from "../http/routes.ts";
import type { Fault, SeenOperation } from "./fault.ts";
import type { FaultMachine } from "./fault-machine.ts";

const loginPage =
  "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><h1>Sign in to continue</h1></body></html>\n";
const trouble = "Unable to complete operation. An internal API error occurred.";

/**
 * An executor whose operations meet the machine's faults.
 *
 * @param seen - told of each of them
 */
export function withFaults(
  execute: Executor,
  machine: FaultMachine,
  seen?: (operation: SeenOperation) => void,
): Executor {
  return async (operation, sender) => {
    const operations = machine.isIdle && seen === undefined ? [] : rootFields(operation);
    const fault = machine.isIdle ? null : machine.next(operations);
    const { query, variables } = operation;
    seen?.({ operations, query, variables: variables ?? {}, time: machine.now(), fault });
    return fault === null ? execute(operation, sender) : meet(fault, () => execute(operation, sender));
  };
}

async function meet(fault: Fault, work: () => Answer | Promise<Answer>): Promise<Answer> {
  switch (fault.kind) {
    case "latency":
      await new Promise((resolve) => setTimeout(resolve, fault.milliseconds).unref());
      return work();
    case "late":
      return { ...(await work()), delivery: { kind: "late", milliseconds: fault.milliseconds } };
    case "lost":
      return { ...(await work()), delivery: { kind: "none" } };
    case "half":
      return { ...(await work()), delivery: { kind: "half" } };
    case "drip":
      return { ...(await work()), delivery: fault };
    case "status": {
      const answer = refused(fault.status, "FAULT", `the API is to answer HTTP ${fault.status} here`);
      return fault.retryAfter === undefined ? answer : { ...answer, headers: { "retry-after": `${fault.retryAfter}` } };
    }
    case "page":
      return { status: fault.status ?? 200, body: fault.html ?? loginPage };
    case "error":
      return refused(200, fault.code ?? "API_ERROR", fault.message ?? trouble);
    case "reset":
      return undone({ kind: "none" });
    case "hang":
      return undone({ kind: "hang" });
    case "restart":
      return undone({ kind: "down", milliseconds: fault.downFor });
  }
}

const undone = (delivery: NonNullable<Answer["delivery"]>): Answer => ({ status: 503, body: {}, delivery });

/** By their names in 1.x; none of a document that cannot be read. */
const rootFields = (operation: Operation): readonly string[] =>
  fieldNodes(operationNode(operation)?.selectionSet).map(({ name }) => snakeCase(name.value));
