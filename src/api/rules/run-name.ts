const adjectives =
  "amber brave calm clever cosy crisp daring eager early fair fleet gentle glad golden happy hardy honest humble jolly keen kind lively lucid lunar mellow merry misty modest nimble noble patient plucky polite proud quick quiet ready robust rosy royal scarlet serene sharp silver sleek solar steady sunny swift tidy tranquil upbeat valiant velvet vivid warm wise witty zesty".split(
    " ",
  );
const animals =
  "alpaca badger beaver bison bobcat buzzard camel caribou cheetah condor coral crane cricket dingo dolphin eagle egret falcon ferret finch fox gazelle gecko heron hornet ibex ibis jackal jaguar kestrel kiwi koala lemur lizard lynx magpie marmot marten narwhal newt ocelot okapi orca osprey otter owl panda pelican penguin puffin quail raven robin salmon seal skink stoat swan tapir tern toucan walrus weasel wombat wren zebra".split(
    " ",
  );

/**
 * A name for a flow run that was given none, like Prefect's: an adjective and an animal.
 *
 * @param random From 0 to 1, 1 excluded.
 */
export function runName(random: () => number): string {
  const pick = (words: readonly string[]): string => words[Math.floor(random() * words.length)] ?? "run";
  return `${pick(adjectives)}-${pick(animals)}`;
}
