// Runs the same small program through one object mapper, its loops lazy or its reads eager:
// node run.mjs MAPPER lazy|eager URL SEED. Prints what it did, as JSON: how often each request was made.
const [mapper, way, url, seed] = process.argv.slice(2);
const REQUESTS = ['authors', 'comments', 'commenters', 'tags', 'renames', 'views'];
const TIMES = 6;
const LANES = 3;
const POSTS = 400;
const PAGE = 15;

const { open } = await import(`./${mapper}.mjs`);
const program = await open(url);
let state = Number(seed);
const below = (count) => {
  state = (Math.imul(state, 1103515245) + 12345) >>> 0;
  return (state >>> 8) % count;
};
const waiting = REQUESTS.flatMap((name) => Array.from({ length: TIMES }, () => ({ name, from: below(POSTS - PAGE) })));
for (let last = waiting.length - 1; last > 0; last--) {
  const other = below(last + 1);
  [waiting[last], waiting[other]] = [waiting[other], waiting[last]];
}
const did = Object.fromEntries(REQUESTS.map((name) => [name, 0]));
const lane = async () => {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    await program[way][next.name]({ from: next.from, size: PAGE });
    did[next.name] += 1;
  }
};
await Promise.all(Array.from({ length: LANES }, lane));
await program.close();
console.log(JSON.stringify(did));
