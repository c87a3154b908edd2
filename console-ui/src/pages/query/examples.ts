/** What an empty editor offers; each runs on an empty fabric. */
export const examples: readonly string[] = [
  'RETURN CONCAT("Hello from ", CURRENT_DATABASE())',
  'FOR i IN 1..12\n  RETURN { month: CONCAT("M", i), sales: FLOOR(RAND() * 900) + 100 }',
  'FOR word IN SPLIT("one two three two one two", " ")\n  COLLECT text = word WITH COUNT INTO times\n  SORT times DESC\n  RETURN { text, times }',
];
