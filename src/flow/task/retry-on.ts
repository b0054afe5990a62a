/** A class of errors. */
export type ErrorClass = abstract new (...args: never) => Error;

/** Which errors are worth another attempt: classes (and their subclasses), or a function that decides. */
export type RetryOn = ErrorClass | readonly ErrorClass[] | ((error: unknown) => boolean);

/** Makes one question of the forms an author may write. */
export function retryable(retryOn: RetryOn | undefined): (error: unknown) => boolean {
  if (retryOn === undefined) return () => true;
  if (typeof retryOn === "function" && !isErrorClass(retryOn)) return (error) => retryOn(error);
  const classes = [retryOn].flat();
  return (error) => classes.some((errorClass) => error instanceof errorClass);
}

/** What is wrong with a value given as `retryOn`; null when nothing is. */
export function retryOnProblem(retryOn: unknown): string | null {
  if (typeof retryOn === "function") return null;
  if (Array.isArray(retryOn) && retryOn.length > 0 && retryOn.every(isErrorClass)) return null;
  return "it must be a class of errors, a list of such classes, or a function.";
}

function isErrorClass(value: unknown): value is ErrorClass {
  return typeof value === "function" && (value === Error || value.prototype instanceof Error);
}
