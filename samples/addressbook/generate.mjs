// Makes people.c8ql: 500 invented people as one C8QL statement. Same seed, same people.  node generate.mjs > people.c8ql
const random = (seed => () => {
  seed = (seed + 0x6d2b79f5) >>> 0;
  let t = Math.imul(seed ^ (seed >>> 15), seed | 1);
  t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
})(2026);
const pick = list => list[Math.floor(random() * list.length)];

const first = ['Ada', 'Amir', 'Anouk', 'Ben', 'Carla', 'Chen', 'Dara', 'Elif', 'Enzo', 'Freya', 'Goran', 'Hana', 'Ines', 'Jonas', 'Kaito', 'Lena', 'Malik', 'Mira', 'Noor', 'Oskar', 'Pia', 'Ravi', 'Sofia', 'Tariq', 'Uma', 'Vera', 'Wim', 'Yuki', 'Zoë', 'Åsa'];
const last = ['Abbott', 'Bakker', 'Costa', 'Dubois', 'Eriksen', 'Fischer', 'García', 'Hansen', 'Ivanova', 'Jansen', 'Kowalski', 'Lindqvist', 'Moreau', 'Novák', "O'Brien", 'Petrov', 'Quist', 'Rossi', 'Schmidt', 'Tanaka', 'Ueda', 'Virtanen', 'Weber', 'Yılmaz', 'Zhang'];
const cities = [['Dublin', 'IE'], ['Oslo', 'NO'], ['Lyon', 'FR'], ['Porto', 'PT'], ['Kraków', 'PL'], ['Bergen', 'NO'], ['Utrecht', 'NL'], ['Graz', 'AT'], ['Osaka', 'JP'], ['Singapore', 'SG'], ['Boston', 'US'], ['Denver', 'US']];
const plain = text => text.normalize('NFD').replace(/[^A-Za-z]/g, '').toLowerCase();

const people = [];
for (let i = 1; i <= 500; i++) {
  const [a, b, [city, country]] = [pick(first), pick(last), pick(cities)];
  people.push({ name: `${a} ${b}`, email: `${plain(a)}.${plain(b)}${i}@example.com`, city, country, born: 1940 + Math.floor(random() * 65) });
}
console.log(`FOR person IN [\n${people.map(p => '  ' + JSON.stringify(p)).join(',\n')}\n]\nINSERT person INTO addresses`);
