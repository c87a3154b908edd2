// Drawn for this console on a grid of 20, in strokes, so that one colour variable paints them.
const drawings = {
  dashboard: 'M3 11a7 7 0 0 1 14 0M10 11l3.5-3.5M3 15h14',
  collections: 'M4 5.5C4 4 6.7 3 10 3s6 1 6 2.5S13.300 8 10 8 4 7 4 5.500zM4 5.500v9C4 16 6.700 17 10 17s6-1 6-2.500v-9M4 10c0 1.500 2.700 2.500 6 2.500s6-1 6-2.500',
  query: 'M3 4h14v12H3zM6 8l2.500 2L6 12M10.500 12.500H14',
  saved: 'M5 3h10v14l-5-3.500L5 17zM8 7h4',
  graph: 'M5 7a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM15 9a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM8 17a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM7 5.400l6 1.200M5.600 6.900l1.800 6.200M9.300 13.600l4.400-5',
  search: 'M9 14.500a5.500 5.500 0 1 0 0-11 5.500 5.500 0 0 0 0 11zM13 13l4 4',
  globe: 'M10 17.500a7.500 7.500 0 1 0 0-15 7.500 7.500 0 0 0 0 15zM2.500 10h15M10 2.500c4 4.500 4 10.500 0 15M10 2.500c-4 4.500-4 10.500 0 15',
  support: 'M10 17.500a7.500 7.500 0 1 0 0-15 7.500 7.500 0 0 0 0 15zM7.800 8c0-1.300 1-2 2.200-2s2.300.8 2.300 2.100c0 1.800-2.300 1.900-2.300 3.400M10 13.800v.2',
  plus: 'M10 4v12M4 10h12',
  minus: 'M4 10h12',
  pin: 'M7 3h6M8 3v6l-3 3h10l-3-3V3M10 12v5',
  close: 'M5 5l10 10M15 5L5 15',
  check: 'M4 10.500l4 4 8-9',
  more: 'M4.500 10.700a.7 .7 0 1 0 0-1.400.7.7 0 0 0 0 1.400zM10 10.700a.7 .7 0 1 0 0-1.400.7.7 0 0 0 0 1.400zM15.500 10.700a.7 .7 0 1 0 0-1.400.7.7 0 0 0 0 1.400z',
  trash: 'M4 6h12M8 6V3.500h4V6M5.500 6l.8 11h7.400l.8-11M8.500 9v5M11.500 9v5',
  edit: 'M4 16l.8-3.500L13.500 3.800l2.700 2.700-8.700 8.700zM12 5.300l2.700 2.700',
  copy: 'M7 7h9v10H7zM4 13V3h9v1.500',
  download: 'M10 3v10M6 9l4 4 4-4M4 17h12',
  upload: 'M10 13V3M6 7l4-4 4 4M4 17h12',
  play: 'M6 4l10 6-10 6z',
  stop: 'M5 5h10v10H5z',
  refresh: 'M16 5v4h-4M15.500 9a6 6 0 1 0 .3 3',
  filter: 'M3 4h14l-5.500 6.500V16l-3 1v-6.500z',
  columns: 'M3 4h14v12H3zM8 4v12M13 4v12',
  chevronDown: 'M5 8l5 5 5-5',
  chevronRight: 'M8 5l5 5-5 5',
  chevronLeft: 'M12 5l-5 5 5 5',
  external: 'M8 4H4v12h12v-4M11 4h5v5M16 4l-7 7',
  code: 'M7 6l-4 4 4 4M13 6l4 4-4 4',
  sun: 'M10 13.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM10 2v1.500M10 16.500V18M2 10h1.500M16.500 10H18M4.300 4.300l1.100 1.100M14.600 14.600l1.100 1.100M15.700 4.300l-1.100 1.100M5.400 14.600l-1.100 1.100',
  moon: 'M16.500 12A7 7 0 0 1 8 3.500a7 7 0 1 0 8.500 8.500z',
  screen: 'M3 4h14v9H3zM7 17h6M10 13v4',
  user: 'M10 10a3.200 3.200 0 1 0 0-6.400 3.200 3.200 0 0 0 0 6.400zM3.800 17c.6-3.300 3-5 6.200-5s5.600 1.700 6.200 5',
  key: 'M7 13a4 4 0 1 1 3.700-2.500L17 17v-2.500M14 14h2M9 7h.01',
  warning: 'M10 3l7.500 13.500h-15zM10 8v4M10 14.300v.2',
  info: 'M10 17.500a7.500 7.500 0 1 0 0-15 7.500 7.500 0 0 0 0 15zM10 9v5M10 6v.2',
  link: 'M8.500 11.500l3-3M7 9.500L4.900 11.600a2.500 2.500 0 0 0 3.500 3.500L10.500 13M13 10.500l2.100-2.100a2.500 2.500 0 0 0-3.500-3.500L9.500 7',
  edge: 'M4.500 16a1.500 1.500 0 1 0 0-3 1.500 1.500 0 0 0 0 3zM15.500 7a1.500 1.500 0 1 0 0-3 1.500 1.500 0 0 0 0 3zM6 13.500l8-7M14 10V6.500h-3.500',
  document: 'M5 3h7l3.500 3.500V17H5zM12 3v4h3.500M8 10h5M8 13h5',
  table: 'M3 4h14v12H3zM3 8h14M3 12h14M9 8v8',
  tree: 'M4 4h5M7 4v11h3M7 9.500h3M11 9.500h5M11 15h5',
  map: 'M3 5l5-2 4 2 5-2v12l-5 2-4-2-5 2zM8 3v12M12 5v12',
  chart: 'M4 16V9M8 16V4M12 16v-5M16 16V7',
  clock: 'M10 17.500a7.500 7.500 0 1 0 0-15 7.500 7.500 0 0 0 0 15zM10 5.500V10l3 2',
  keyboard: 'M2.500 5h15v10h-15zM5.500 8h.01M8.500 8h.01M11.500 8h.01M14.500 8h.01M5.500 12h9',
  signOut: 'M8 3H4v14h4M12 6l4 4-4 4M16 10H7',
  menu: 'M3 5h14M3 10h14M3 15h14',
  bolt: 'M11 2.500L4.500 11.500H10l-1 6 6.500-9H10z',
} as const;

export type IconName = keyof typeof drawings;

/** A picture beside a word; screen readers do not see it. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={drawings[name]} />
    </svg>
  );
}
