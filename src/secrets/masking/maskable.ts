/** Shorter values are not masked: they would star out ordinary text. */
export const shortestSecret = 6;

const ordinary = new Set(
  `access admin administrator airflow anonymous backend bucket cluster config container database default deploy
  develop developer development docker enabled disabled example false flow-runner frontend google guest internal
  localhost master message mongodb mysql nobody oracle password passwd postgres postgresql prefect prefect-cloud
  private prod production project public rabbit rabbitmq readonly region release root runner secret secrets server
  service service_account snowflake staging standard storage string system testing token undefined unknown username
  us-east-1 us-east-2 us-west-1 us-west-2 eu-west-1 eu-central-1 weather webhook worker`.split(/\s+/),
);

/** Why a value cannot be masked without starring out ordinary words; null when it can. */
export function unmaskable(text: string): string | null {
  if (text.length < shortestSecret) return `it has fewer than ${shortestSecret} characters`;
  if (ordinary.has(text.toLowerCase())) return "it is an ordinary word";
  if (/^(.)\1*$/s.test(text)) return "it is one character again and again";
  return null;
}
