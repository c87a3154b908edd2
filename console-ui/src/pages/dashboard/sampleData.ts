import { call } from '../../core/api/client';

const given = ['Ada', 'Ben', 'Chiara', 'Dario', 'Elif', 'Farid', 'Greta', 'Hugo', 'Ines', 'Jonas', 'Kaya', 'Lena', 'Mateo', 'Nora', 'Olga', 'Pablo', 'Rosa', 'Sven', 'Tara', 'Umut'];
const family = ['Albers', 'Brandt', 'Castro', 'Duarte', 'Eriksen', 'Ferrari', 'Gruber', 'Hansen', 'Ivanov', 'Jansen', 'Keller', 'Lopez', 'Moreau', 'Novak', 'Okafor', 'Petrov', 'Quist', 'Rossi', 'Silva', 'Weber'];
const places = [
  { city: 'Oslo', country: 'Norway', location: [10.75, 59.91] },
  { city: 'Graz', country: 'Austria', location: [15.44, 47.07] },
  { city: 'Porto', country: 'Portugal', location: [-8.61, 41.15] },
  { city: 'Lyon', country: 'France', location: [4.84, 45.76] },
  { city: 'Kyoto', country: 'Japan', location: [135.77, 35.01] },
  { city: 'Quito', country: 'Ecuador', location: [-78.47, -0.18] },
  { city: 'Accra', country: 'Ghana', location: [-0.19, 5.6] },
  { city: 'Austin', country: 'United States', location: [-97.74, 30.27] },
];

/** The number of people the sample has. */
export const sampleSize = 500;

/** The same made-up people every time. */
export function samplePeople(): Record<string, unknown>[] {
  return Array.from({ length: sampleSize }, (_, i) => {
    const first = given[(i * 7) % given.length];
    const last = family[(i * 3 + Math.floor(i / given.length)) % family.length];
    const place = places[(i * 5) % places.length];
    return {
      firstname: first,
      lastname: last,
      email: `${first}.${last}${i}@example.com`.toLowerCase(),
      age: 18 + ((i * 37) % 60),
      city: place.city,
      country: place.country,
      location: { type: 'Point', coordinates: place.location },
      joined: new Date(Date.UTC(2024, 0, 1 + ((i * 11) % 700))).toISOString().slice(0, 10),
    };
  });
}

/** Makes the collection of the address book with its people in it, and the saved query that shows them. */
export async function loadSample(): Promise<void> {
  await call('createCollection', { body: { name: 'addresses' } });
  await call('runQuery', { body: { query: 'FOR person IN @people INSERT person INTO addresses', bindVars: { people: samplePeople() } } });
  await call('saveRestql', { body: { query: { name: 'showAddresses', value: 'FOR person IN addresses SORT person.lastname, person.firstname RETURN person' } } });
}
