import { flow, parameter, task } from "flow-runner";

const numbers = task("numbers", ({ count }: { count: number }) => Array.from({ length: count }, (_, index) => index));

const double = task("double", ({ number }: { number: number }) => number * 2);

const total = task("total", ({ doubled }: { doubled: readonly number[] }) =>
  doubled.reduce((sum, number) => sum + number, 0),
);

export const mapped = flow("mapped", () => {
  const count = parameter("count", { default: 1000 });
  return total({ doubled: double.map({ number: numbers({ count }) }) });
});
