/** The mark and the name. */
export function Wordmark({ short }: { short?: boolean }) {
  return (
    <span class="wordmark">
      <svg width="26" height="26" viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="9" class="mark-ground" />
        <g fill="none" stroke="#fff" stroke-width="1.900">
          <circle cx="16" cy="16" r="8.500" />
          <path d="M7.500 16h17M16 7.500c5 5 5 12 0 17M16 7.500c-5 5-5 12 0 17" />
        </g>
        <circle cx="22" cy="10" r="3.400" fill="#ffd166" />
      </svg>
      {!short && <span>GeoFabric</span>}
    </span>
  );
}
