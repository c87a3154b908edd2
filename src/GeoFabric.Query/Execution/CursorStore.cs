using System.Collections.Concurrent;
using System.Globalization;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Query.Execution;

/// <summary>
/// Pages not fetched yet. They are finished text, so a waiting cursor holds no snapshot: an open one would pin every page of the store freed since.
/// </summary>
/// <remarks>Thread-safe. A cursor belongs to whoever ran the query; to others it does not exist.</remarks>
public sealed class CursorStore(TimeProvider clock, long bytesMax = 1L << 30)
{
    private readonly ConcurrentDictionary<long, Cursor> _cursors = new();
    private long _lastId;
    private long _bytes;

    public int Count => _cursors.Count;

    /// <summary>Keeps the pages after the first.</summary>
    /// <returns>The cursor's id.</returns>
    /// <param name="allowsRetry">Keep the page that was fetched last, and the cursor behind its end, so that a lost answer can be asked for again.</param>
    /// <exception cref="GeoFabricException">32 when all cursors together would hold too much.</exception>
    public string Add(string owner, QueryPage first, IReadOnlyList<ReadOnlyMemory<byte>> pages, TimeSpan timeToLive, bool allowsRetry = false)
    {
        RemoveExpired();
        var bytes = pages.Skip(1).Sum(page => (long)page.Length);
        if (Interlocked.Add(ref _bytes, bytes) > bytesMax)
        {
            Interlocked.Add(ref _bytes, -bytes);
            throw ErrorCodes.ResourceLimit.With($"waiting cursors would hold more than {bytesMax} bytes; fetch or delete them, or ask for fewer rows");
        }
        var id = Interlocked.Increment(ref _lastId);
        _cursors[id] = new Cursor(owner, first, pages, timeToLive, bytes, allowsRetry) { Expires = clock.GetUtcNow() + timeToLive };
        return id.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Fetches the next page; the last one ends the cursor.</summary>
    /// <exception cref="GeoFabricException">400 for an id that is no number, 1600 for an unknown or expired one, 1601 while another fetch is under way.</exception>
    public QueryPage Next(string id, string owner) => Fetch(id, owner, batch: null);

    /// <summary>Fetches a page by its number: the next one, or the last one again when the cursor allows that.</summary>
    /// <param name="batch">The <c>nextBatchId</c> of the page before; null for whatever is next.</param>
    /// <exception cref="GeoFabricException">As <see cref="Next"/>; 1600 also for a page that cannot be fetched now.</exception>
    public QueryPage Fetch(string id, string owner, string? batch)
    {
        var number = Parse(id);
        var cursor = Find(number, owner);
        if (!Monitor.TryEnter(cursor))
            throw ErrorCodes.CursorBusy.With(id);
        try
        {
            var index = batch is null ? cursor.NextPage : PageIndex(cursor, batch);
            if (index >= cursor.Pages.Count)
                throw ErrorCodes.CursorNotFound.Create();
            var page = cursor.Pages[index];
            cursor.NextPage = index + 1;
            var isLast = cursor.NextPage >= cursor.Pages.Count;
            cursor.Expires = clock.GetUtcNow() + cursor.TimeToLive;
            if (isLast && !cursor.AllowsRetry)
                Remove(number);
            return cursor.First with
            {
                ResultJson = page,
                CursorId = isLast ? null : id,
                NextBatchId = cursor.AllowsRetry && !isLast ? BatchId(cursor.NextPage) : null,
            };
        }
        finally
        {
            Monitor.Exit(cursor);
        }
    }

    public void Delete(string id, string owner)
    {
        var number = long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : -1;
        Find(number, owner);
        Remove(number);
    }

    /// <summary>Drops the cursors nobody has asked for in time.</summary>
    public void RemoveExpired()
    {
        var now = clock.GetUtcNow();
        foreach (var (id, cursor) in _cursors)
        {
            if (cursor.Expires < now)
                Remove(id);
        }
    }

    /// <summary>The id of the page at an index; the first page, which comes with the cursor, has the number 1.</summary>
    public static string BatchId(int pageIndex) => (pageIndex + 1).ToString(CultureInfo.InvariantCulture);

    private static int PageIndex(Cursor cursor, string batch) =>
        batch == BatchId(cursor.NextPage) ? cursor.NextPage
        : cursor.AllowsRetry && cursor.NextPage > 1 && batch == BatchId(cursor.NextPage - 1) ? cursor.NextPage - 1
        : throw ErrorCodes.CursorNotFound.With($"batch '{batch}' cannot be fetched now; the next one is '{BatchId(cursor.NextPage)}'");

    private static long Parse(string id) => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw ErrorCodes.BadRequest.With($"'{id}' is no cursor id; ids are numbers");

    private Cursor Find(long id, string owner) =>
        _cursors.TryGetValue(id, out var cursor) && cursor.Owner == owner && cursor.Expires >= clock.GetUtcNow()
            ? cursor
            : throw ErrorCodes.CursorNotFound.Create();

    private void Remove(long id)
    {
        if (_cursors.TryRemove(id, out var cursor))
            Interlocked.Add(ref _bytes, -cursor.Bytes);
    }

    private sealed class Cursor(string owner, QueryPage first, IReadOnlyList<ReadOnlyMemory<byte>> pages, TimeSpan timeToLive, long bytes, bool allowsRetry)
    {
        public string Owner => owner;

        public QueryPage First => first;

        public IReadOnlyList<ReadOnlyMemory<byte>> Pages => pages;

        public TimeSpan TimeToLive => timeToLive;

        public long Bytes => bytes;

        public bool AllowsRetry => allowsRetry;

        public int NextPage { get; set; } = 1;

        public DateTimeOffset Expires { get; set; }
    }
}
