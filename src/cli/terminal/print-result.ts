/** Prints what a command has made: its text, or as JSON for a program to read. One line. */
export function printResult(json: boolean, result: object, text: string): void {
  process.stdout.write(`${json ? JSON.stringify(result) : text}\n`);
}
