/** The mark, which is the icon of the site as well, and the name. */
export function Wordmark({ short }: { short?: boolean }) {
  return (
    <span class="wordmark">
      <img src={`${import.meta.env.BASE_URL}favicon.svg`} width="26" height="26" alt="" />
      {!short && <span>GeoFabric</span>}
    </span>
  );
}
