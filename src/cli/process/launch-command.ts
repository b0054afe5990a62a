import { basename } from "node:path";

const shells: ReadonlySet<string> = new Set(["sh", "bash", "dash", "ash"]);

/**
 * The words of a command line as this binary knows them, whoever starts it.
 *
 * - Workers of Prefect 3 give `prefect flow-run execute`, also behind an entry point that is `flow-runner execute`; where
 *   no command was set they start `python -m prefect.engine`. All of it is `execute`.
 *
 * @example launchWords(["prefect", "flow-run", "execute"]) // ["execute"]
 */
export function launchWords(words: readonly string[]): readonly string[] {
  const behind = words[0] === "execute" ? words.slice(1) : words;
  return isWorkers(agentWords(behind)) ? ["execute"] : agentWords(words);
}

const isWorkers = (words: readonly string[]): boolean =>
  words.length > 0 && ["flow-run execute", "-m prefect.engine"].includes(words.join(" "));

/**
 * The words of a command line without what agents of Prefect put before them. An image's ENTRYPOINT stays when an agent
 * gives only arguments, so that this binary is started with them:
 *
 * - `prefect execute flow-run`: Docker (0.7.0, 1.4.1), Kubernetes and Vertex (1.4.1)
 * - `/bin/sh -c "prefect execute flow-run"`: Fargate (0.7.0), ECS (1.4.1); `/bin/bash -c …`: Nomad (0.7.0)
 * - `python -m prefect execute flow-run`: the local agent (1.4.1), which names its own Python
 *
 * A shell's words are taken apart only when they are such a command and nothing else.
 *
 * @example agentWords(["/bin/sh", "-c", "prefect execute cloud-flow"]) // ["execute", "cloud-flow"]
 */
function agentWords(words: readonly string[]): readonly string[] {
  const [program = "", second, third = ""] = words;
  if (program === "prefect") return words.slice(1);
  const name = basename(program);
  if (/^python[\d.]*$/.test(name) && second === "-m" && third === "prefect") return words.slice(3);
  if (/^python[\d.]*$/.test(name) && second === "-m" && third === "prefect.engine") return words.slice(1);
  const isCommand = shells.has(name) && second === "-c" && words.length === 3;
  if (isCommand && /^\s*(exec\s+)?prefect(\s+[\w-]+)*\s*$/.test(third)) {
    return third
      .trim()
      .replace(/^(exec\s+)?prefect\s*/, "")
      .split(/\s+/);
  }
  return words;
}
