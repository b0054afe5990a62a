import { chance } from "./chance.ts";
import type { Fault, FaultPlan, FaultRule, MetFault } from "./fault.ts";

interface Counted {
  readonly rule: FaultRule;
  seen: number;
  struck: number;
  /** When it struck for the first time, epoch milliseconds. */
  since: number | null;
}

const counted = (rule: FaultRule): Counted => ({ rule, seen: 0, struck: 0, since: null });

/** Decides which request meets which fault. It does nothing itself. */
export class FaultMachine {
  readonly #met: MetFault[] = [];
  readonly #counts = new Map<string, number>();
  readonly #clock: () => number;
  #plan: FaultPlan = { rules: [] };
  #rules: readonly Counted[] = [];

  /** @param clock - epoch milliseconds, before any skew */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** From now on; counts begin anew. Null: no faults. */
  set(plan: FaultPlan | null): void {
    this.#plan = plan ?? { rules: [] };
    this.#rules = this.#plan.rules.map(counted);
    this.#counts.clear();
  }

  /** Beside the rules that there are, which go on with their counts. */
  add(rule: FaultRule): void {
    this.#rules = [...this.#rules, counted(rule)];
  }

  /** Every request that has met a fault, in order. */
  get met(): readonly MetFault[] {
    return this.#met;
  }

  /** Milliseconds. */
  get clockSkew(): number {
    return this.#plan.clockSkew ?? 0;
  }

  /** What the API's clock says. */
  now(): number {
    return this.#clock() + this.clockSkew;
  }

  /** Whether any request may meet one: what it asks for need not be looked at otherwise. */
  get isIdle(): boolean {
    return this.#rules.length === 0;
  }

  /** @param fields - the request's root fields, by their names in 1.x */
  next(fields: readonly string[]): Fault | null {
    const [operation = ""] = fields;
    const nth = (this.#counts.get(operation) ?? 0) + 1;
    this.#counts.set(operation, nth);
    let found: Fault | null = null;
    for (const [at, counted] of this.#rules.entries()) {
      const { operations } = counted.rule;
      if (operations !== undefined && !operations.some((name) => fields.includes(name))) continue;
      counted.seen += 1;
      found ??= this.#strike(counted, [this.#plan.seed ?? 1, at, operation, nth]);
    }
    if (found !== null) this.#met.push({ fault: found, operation, nth });
    return found;
  }

  #strike(counted: Counted, words: readonly (string | number)[]): Fault | null {
    const { fault, after = 0, times = Number.POSITIVE_INFINITY, probability = 1, lasting } = counted.rule;
    if (lasting !== undefined && this.now() >= (counted.since ?? Number.POSITIVE_INFINITY) + lasting) return null;
    if (counted.seen <= after || counted.struck >= times || chance(...words) >= probability) return null;
    counted.struck += 1;
    counted.since ??= this.now();
    const choices = "kind" in fault ? [fault] : fault;
    return choices[Math.floor(chance(...words, "which") * choices.length)] ?? null;
  }
}
