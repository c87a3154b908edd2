using System.Collections.Concurrent;
using System.Globalization;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Query.Execution;

/// <summary>Cursors: queries whose pages have not all been fetched.</summary>
/// <remarks>Thread-safe. A cursor belongs to whoever ran the query; to others it does not exist.</remarks>
/// <param name="streamsMax">Cursors whose query still runs, at one time.</param>
public sealed class CursorStore(TimeProvider clock, long bytesMax = 1L << 30, int streamsMax = 64)
{
    private static readonly TimeSpan s_sweepInterval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<long, Cursor> _cursors = new();
    private readonly Lock _streamGate = new();
    private ITimer? _sweeper;
    private int _streams;
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
        var stored = new StoredPages(first, pages);
        if (Interlocked.Add(ref _bytes, stored.Bytes) > bytesMax)
        {
            Interlocked.Add(ref _bytes, -stored.Bytes);
            throw ErrorCodes.ResourceLimit.With($"waiting cursors would hold more than {bytesMax} bytes; fetch or delete them, or ask for fewer rows");
        }
        return Add(owner, stored, timeToLive, allowsRetry, isStream: false);
    }

    /// <summary>Keeps a query that goes on with each page. The caller has entered it by <see cref="EnterStream"/>.</summary>
    internal string Add(string owner, StreamedQuery stream, TimeSpan timeToLive, bool allowsRetry) => Add(owner, stream, timeToLive, allowsRetry, isStream: true);

    /// <summary>Counts a query that is going to be streamed; every one must leave again, or become a cursor.</summary>
    /// <exception cref="GeoFabricException">32 when there are too many.</exception>
    internal void EnterStream()
    {
        RemoveExpired();
        lock (_streamGate)
        {
            if (_streams >= streamsMax)
                throw ErrorCodes.ResourceLimit.With($"{streamsMax} streamed queries are open; fetch all of their pages or delete their cursors, or ask without 'stream'");
            _streams++;
            // Their snapshots must end in time, also when nobody comes any more.
            _sweeper ??= clock.CreateTimer(_ => RemoveExpired(), null, s_sweepInterval, s_sweepInterval);
        }
    }

    internal void LeaveStream()
    {
        lock (_streamGate)
        {
            if (--_streams > 0)
                return;
            _sweeper?.Dispose();
            _sweeper = null;
        }
    }

    /// <summary>Fetches the next page; the last one ends the cursor.</summary>
    /// <exception cref="GeoFabricException">400 for an id that is no number, 1600 for an unknown or expired one, 1601 while another fetch is under way.</exception>
    public QueryPage Next(string id, string owner, CancellationToken cancellationToken = default) => Fetch(id, owner, batch: null, cancellationToken);

    /// <summary>Fetches a page by its number: the next one, or the last one again when the cursor allows that.</summary>
    /// <param name="batch">The <c>nextBatchId</c> of the page before; null for whatever is next.</param>
    /// <exception cref="GeoFabricException">
    /// As <see cref="Next"/>; 1600 also for a page that cannot be fetched now; of a streamed query whatever the query fails with, which ends the cursor.
    /// </exception>
    public QueryPage Fetch(string id, string owner, string? batch, CancellationToken cancellationToken = default)
    {
        var number = Parse(id);
        var cursor = Find(number, owner);
        if (!Monitor.TryEnter(cursor))
            throw ErrorCodes.CursorBusy.With(id);
        try
        {
            var index = batch is null ? cursor.NextPage : PageIndex(cursor, batch);
            if (index == cursor.NextPage)
                Advance(number, cursor, cancellationToken);
            cursor.Expires = clock.GetUtcNow() + cursor.TimeToLive;
            if (cursor.IsAtEnd && !cursor.AllowsRetry)
                Remove(number);
            return cursor.Last! with
            {
                CursorId = cursor.IsAtEnd ? null : id,
                NextBatchId = cursor.AllowsRetry && !cursor.IsAtEnd ? BatchId(cursor.NextPage) : null,
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

    /// <summary>Drops the cursors nobody has asked for in time, and the snapshots of queries that have been stopped.</summary>
    public void RemoveExpired()
    {
        var now = clock.GetUtcNow();
        foreach (var (id, cursor) in _cursors)
        {
            if (cursor.Expires < now)
            {
                Remove(id);
            }
            else if (cursor.Pages.IsOver && Monitor.TryEnter(cursor))
            {
                // The cursor stays to say why.
                try
                {
                    Release(cursor);
                }
                finally
                {
                    Monitor.Exit(cursor);
                }
            }
        }
    }

    /// <summary>Drops all cursors: the server stops.</summary>
    public void Clear()
    {
        foreach (var id in _cursors.Keys)
            Remove(id);
    }

    /// <summary>The id of the page at an index; the first page, which comes with the cursor, has the number 1.</summary>
    public static string BatchId(int pageIndex) => (pageIndex + 1).ToString(CultureInfo.InvariantCulture);

    private string Add(string owner, IPageSource pages, TimeSpan timeToLive, bool allowsRetry, bool isStream)
    {
        var id = Interlocked.Increment(ref _lastId);
        _cursors[id] = new Cursor(owner, pages, timeToLive, allowsRetry, isStream) { Expires = clock.GetUtcNow() + timeToLive };
        return id.ToString(CultureInfo.InvariantCulture);
    }

    private void Advance(long number, Cursor cursor, CancellationToken cancellationToken)
    {
        if (cursor.IsAtEnd)
            throw ErrorCodes.CursorNotFound.Create();
        try
        {
            // However long the page takes, it is being asked for.
            cursor.Expires = DateTimeOffset.MaxValue;
            (cursor.Last, var hasMore) = cursor.Pages.Next(cancellationToken);
            cursor.IsAtEnd = !hasMore;
            cursor.NextPage++;
        }
        catch
        {
            Remove(number);
            throw;
        }
        if (cursor.IsAtEnd)
            Release(cursor);
    }

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
        if (!_cursors.TryRemove(id, out var cursor))
            return;
        Interlocked.Add(ref _bytes, -cursor.Pages.Bytes);
        cursor.Pages.Kill();
        lock (cursor)
            Release(cursor);
    }

    /// <summary>Ends a query that goes on behind a cursor; finished pages stay. Under the cursor's lock.</summary>
    private void Release(Cursor cursor)
    {
        cursor.Pages.Dispose();
        if (!cursor.IsStream)
            return;
        cursor.IsStream = false;
        LeaveStream();
    }

    private sealed class Cursor(string owner, IPageSource pages, TimeSpan timeToLive, bool allowsRetry, bool isStream)
    {
        public string Owner => owner;

        public IPageSource Pages => pages;

        public TimeSpan TimeToLive => timeToLive;

        public bool AllowsRetry => allowsRetry;

        /// <summary>Whether it counts as a query that goes on.</summary>
        public bool IsStream { get; set; } = isStream;

        public int NextPage { get; set; } = 1;

        /// <summary>The page that was fetched last.</summary>
        public QueryPage? Last { get; set; }

        public bool IsAtEnd { get; set; }

        public DateTimeOffset Expires { get; set; }
    }
}
